import { placeAt } from './place-at.ts'

/** A JSON Schema, as far as it is looked at. */
export type Schema = Readonly<Record<string, unknown>>

export interface Suggestion {
  readonly label: string
  readonly apply: string
  readonly detail: string
}

/** What may stand at this place by the host's schema, and from where the typed word is replaced. Empty where the schema says nothing. */
export function suggest(
  schema: Schema,
  text: string,
  position: number,
): { readonly from: number; readonly options: readonly Suggestion[] } {
  const { path, key, typed } = placeAt(text, position)
  const from = position - typed.length
  const here = follow(schema, schema, path)
  if (key === undefined) {
    const options = here.flatMap((each) =>
      Object.entries(recordOf(each['properties'])).map(([name, value]) => ({
        label: name,
        apply: `${name}: `,
        detail: describe(alternatives(schema, recordOf(value))),
      })),
    )
    return { from, options }
  }
  const values = key === '[]' ? follow(schema, schema, [...path, '[]']) : follow(schema, schema, [...path, key])
  return { from, options: values.flatMap(choices) }
}

function choices(schema: Schema): Suggestion[] {
  const all: readonly unknown[] = Array.isArray(schema['enum']) ? schema['enum'] : schema['type'] === 'boolean' ? [true, false] : []
  const constant = 'const' in schema ? [schema['const']] : []
  return [...all, ...constant].map((value) => ({ label: String(value), apply: String(value), detail: '' }))
}

function describe(schemas: readonly Schema[]): string {
  const [said] = schemas.flatMap(({ description }) => (typeof description === 'string' ? [description] : []))
  if (said !== undefined) return said.length > 60 ? `${said.slice(0, 58)}…` : said
  const [choice] = schemas.flatMap((each) => (choices(each).length > 0 ? [choices(each)] : []))
  return choice ? choice.map(({ label }) => label).join(', ') : ''
}

/** The schemas that hold at a path. */
function follow(root: Schema, schema: Schema, path: readonly string[]): Schema[] {
  let here = alternatives(root, schema)
  for (const step of path) {
    here = here.flatMap((each) => {
      const next = step === '[]' ? each['items'] : recordOf(each['properties'])[step]
      return next === undefined ? [] : alternatives(root, recordOf(next))
    })
  }
  return here
}

/** A schema and whatever else it may be. */
function alternatives(root: Schema, schema: Schema): Schema[] {
  const more = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (Array.isArray(schema[word]) ? (schema[word] as unknown[]) : []))
  const reference = schema['$ref']
  const named = typeof reference === 'string' && reference.startsWith('#/') ? reference.slice(2).split('/') : undefined
  const referred = named?.reduce<unknown>((at, step) => recordOf(at)[step], root)
  return [schema, ...[...more, ...(referred === undefined ? [] : [referred])].flatMap((each) => alternatives(root, recordOf(each)))]
}

const recordOf = (value: unknown): Schema => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Schema) : {})
