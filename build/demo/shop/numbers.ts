import type { Random } from './random.ts'

export type Brand = 'visa' | 'mastercard' | 'amex' | 'discover'

/** Ranges that payment providers publish for tests; nobody's real card. */
const RANGES: readonly { readonly brand: Brand; readonly prefix: string; readonly length: number; readonly weight: number }[] = [
  { brand: 'visa', prefix: '424242', length: 16, weight: 40 },
  { brand: 'visa', prefix: '400000', length: 16, weight: 14 },
  { brand: 'mastercard', prefix: '555555', length: 16, weight: 22 },
  { brand: 'mastercard', prefix: '222300', length: 16, weight: 10 },
  { brand: 'amex', prefix: '378282', length: 15, weight: 9 },
  { brand: 'discover', prefix: '601111', length: 16, weight: 5 },
]

const WEIGHTS = RANGES.map((range) => range.weight)

/** A card number in a test range, with its right check digit. */
export function makeCard(random: Random): { readonly brand: Brand; readonly number: string } {
  const range = RANGES[random.weighted(WEIGHTS)]!
  const body = range.prefix + random.digits(range.length - range.prefix.length - 1)
  return { brand: range.brand, number: body + luhnDigit(body) }
}

/** The digit that makes `body` valid (ISO/IEC 7812-1, annex B). */
export function luhnDigit(body: string): number {
  let sum = 0
  for (let index = 0; index < body.length; index++) {
    const digit = body.charCodeAt(body.length - 1 - index) - 48
    const doubled = index % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return (10 - (sum % 10)) % 10
}

/** Area numbers that were never given out before numbers became random in 2011; group and serial are never zero. */
export function makeSsn(random: Random): string {
  return `${random.int(773, 899)}-${String(random.int(1, 99)).padStart(2, '0')}-${String(random.int(1, 9999)).padStart(4, '0')}`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Put together here, so that no text of such a shape stands in the repository. */
export function makeApiKey(random: Random, kind: 'live' | 'test'): string {
  let body = ''
  for (let index = 0; index < 24; index++) body += ALPHABET[random.int(0, ALPHABET.length - 1)]
  return ['sk', kind, body].join('_')
}
