/**
 * What a statement can be filtered by, as words of the full text: a letter for the kind and the value's UTF-8 in hexadecimal, so that no value
 * runs into another or means anything to the search. The migration `recordings-003.ts` makes some of them in SQL, in the same way.
 */
export const facets = {
  session: (number: number): string => `s${number}`,
  connection: (name: string): string => `c${hex(name)}`,
  person: (issuer: string, subject: string): string => `p${hex(`${issuer} ${subject}`)}`,
  verdict: (effect: 'allow' | 'ask' | 'deny'): string => `v${hex(effect)}`,
  /** `public.customers`, or `customers` for the one of any schema. */
  table: (name: string): string => `t${hex(name.toLowerCase())}`,
  label: (name: string): string => `l${hex(name)}`,
}

const hex = (text: string): string => Buffer.from(text).toString('hex')
