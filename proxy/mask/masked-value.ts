import type { MaskForm } from '../verdict/policy.ts'
import { NEUTRAL_VALUES } from './neutral-values.ts'
import { lastFour, REDACTED } from './pattern-set.ts'
import { TOKEN_LENGTH, type TokenScope, tokenFor, uuidTokenFor } from './token.ts'
import type { TokenPage } from './token-book.ts'
import type { Shape } from './type-shape.ts'

/** What a column is asked for: the form, and who asks (for tokens). */
export interface MaskRequest {
  readonly form: MaskForm
  readonly shape: Shape
  readonly format: 0 | 1
  readonly typmod: number
  readonly scope: TokenScope
  /** Where tokens may be put back by who is shown them: remembers what each stands for. */
  readonly page?: TokenPage | undefined
}

/** Turns one value into its masked value; the answer is a value without its length word. */
export type Compute = (src: Buffer, start: number, end: number) => Buffer

/**
 * The masked value of a column. `constant`: every value becomes these bytes (null: SQL NULL). `compute`: made from the value, for `token` and `partial`.
 * A form that does not fit the type becomes `redact`; a type without a neutral value becomes NULL.
 */
export function maskedValue(request: MaskRequest): { readonly constant: Buffer | null } | { readonly compute: Compute } {
  const { form, shape, format, typmod } = request
  if (form === 'null') return { constant: null }
  if (form === 'partial' && shape.family === 'text')
    return { compute: (src, start, end) => fitted(lastFour(trimmed(src, start, end)), shape, typmod) }
  if (form === 'token') {
    const compute = tokenOf(request)
    if (compute !== undefined) return { compute }
  }
  return { constant: redactedValue(shape, format, typmod) }
}

/** One value for all, so that neither length nor equality is told; null where the type has none. */
export function redactedValue(shape: Shape, format: 0 | 1, typmod: number): Buffer | null {
  if (shape.family === 'text') return fitted(REDACTED, shape, typmod)
  if (shape.family === 'array') return format === 0 ? Buffer.from('{}') : emptyArray(shape.elementOid)
  if (shape.name === 'bit') return zeroBits(typmod > 0 ? typmod : 1, format)
  const neutral = NEUTRAL_VALUES[shape.name]
  if (neutral === undefined) return null
  return format === 0 ? Buffer.from(neutral[0]) : Buffer.from(neutral[1], 'hex')
}

function tokenOf({ shape, format, typmod, scope, page }: MaskRequest): Compute | undefined {
  switch (shape.family) {
    case 'text':
      // A token cut to fit would collide: where there is no room it is redact.
      return (limitOf(shape, typmod) ?? TOKEN_LENGTH) < TOKEN_LENGTH
        ? undefined
        : (src, start, end) => {
            // Only in `character(n)` are trailing spaces no part of the value.
            const value = shape.name === 'bpchar' ? trimmed(src, start, end) : src.subarray(start, end)
            const token = tokenFor(scope, value)
            page?.learn(token, value.toString('latin1'))
            return fitted(token, shape, typmod)
          }
    case 'json':
      return (src, start, end) => Buffer.from(`"${tokenFor(scope, src.subarray(start, end))}"`)
    case 'jsonb': {
      const version = format === 1 ? '\u0001' : ''
      return (src, start, end) => Buffer.from(`${version}"${tokenFor(scope, src.subarray(start + format, end))}"`)
    }
    case 'uuid':
      return (src, start, end) => {
        const value = format === 1 ? src.subarray(start, end) : Buffer.from(src.toString('latin1', start, end).replaceAll('-', ''), 'hex')
        const token = uuidTokenFor(scope, value)
        page?.learn(uuidText(token), uuidText(value))
        return format === 1 ? token : Buffer.from(uuidText(token))
      }
    default:
      return undefined
  }
}

/** Of 16 bytes, as the server writes it. */
export function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** `character(n)` comes padded: the padding is no part of the value. */
function trimmed(src: Buffer, start: number, end: number): Buffer {
  while (end > start && src[end - 1] === 0x20) end--
  return src.subarray(start, end)
}

/** Cut to `varchar(n)`, padded to `char(n)`. */
function fitted(text: string, shape: Shape, typmod: number): Buffer {
  const limit = limitOf(shape, typmod)
  if (limit === undefined) return Buffer.from(text)
  // A cut `****1234` would show other digits than the last four, so it is all stars then.
  const cut = text.length <= limit ? text : '*'.repeat(limit)
  return Buffer.from(shape.name === 'bpchar' ? cut.padEnd(limit) : cut)
}

/** Characters that the type holds at most; undefined: any number. */
function limitOf(shape: Shape, typmod: number): number | undefined {
  if (shape.name === 'char') return 1
  return (shape.name === 'varchar' || shape.name === 'bpchar') && typmod >= 4 ? typmod - 4 : undefined
}

function emptyArray(elementOid: number): Buffer | null {
  if (elementOid === 0) return null
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(elementOid, 8)
  return bytes
}

function zeroBits(bits: number, format: 0 | 1): Buffer {
  if (format === 0) return Buffer.from('0'.repeat(bits))
  const bytes = Buffer.alloc(4 + Math.ceil(bits / 8))
  bytes.writeInt32BE(bits, 0)
  return bytes
}
