/** Values that are no secrets and look like some, made at random and the same for the same seed. */
import { random } from './random.ts'

export function harmlessValues(seed: number): Readonly<Record<string, () => string>> {
  const next = random(seed)
  const digits = (n: number) => Array.from({ length: n }, (_, i) => (i === 0 ? 1 + next(9) : next(10))).join('')
  const two = (n: number) => String(1 + next(n)).padStart(2, '0')
  const bytes = (n: number) => Buffer.from(Array.from({ length: n }, () => next(256)))
  const hex = (n: number) => bytes(n).toString('hex')
  return {
    '9-digit ids': () => digits(9),
    '10-digit ids': () => digits(10),
    '12-digit ids': () => digits(12),
    '16-digit ids': () => digits(16),
    '19-digit ids': () => digits(19),
    'milliseconds since 1970': () => String(1_600_000_000_000 + next(200_000_000) * 1000),
    timestamps: () => `20${two(29)}-${two(12)}-${two(28)} ${two(23)}:${two(59)}:${two(59)}.${digits(6)}+00`,
    'phone numbers': () => `${digits(3)}-${digits(3)}-${digits(4)}`,
    'amounts with many decimals': () => `${digits(3)}.${digits(16)}`,
    uuids: () => hex(16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    'SHA-256 in hexadecimal': () => hex(32),
    'random base64': () => bytes(30).toString('base64'),
    'part numbers': () => `${digits(4)}-${digits(3)}-${digits(2)}`,
  }
}
