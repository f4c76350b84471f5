import { GatewayError } from '../errors.ts'
import { isCardNumber } from './card.ts'
import type { PatternSet } from './pattern-set.ts'
import type { MaskHits, Scan } from './scan-text.ts'
import type { Shape } from './type-shape.ts'

/** jsonb in binary: a version byte, then JSON text. */
export function scanJsonbBinary(json: Scan): Scan {
  return (src, start, end, hits) => {
    const masked = json(src, start + 1, end, hits)
    return masked && Buffer.concat([src.subarray(start, start + 1), masked])
  }
}

/** int8, float8 or numeric in binary: zero if it is a card. */
export function scanNumberBinary(set: PatternSet, name: string): Scan | undefined {
  const read = name === 'int8' || name === 'xid8' ? readInt8 : name === 'float8' ? readFloat8 : name === 'numeric' ? readNumeric : undefined
  if (read === undefined || set.cards === undefined) return undefined
  const zero = Buffer.alloc(8)
  return (src, start, end, hits) => {
    if (!isCardNumber(Math.abs(read(src, start, end)))) return undefined
    hits.add('credit_card')
    return set.cards === 'null' ? null : zero
  }
}

function readInt8(src: Buffer, start: number, end: number): number {
  return end - start === 8 ? src.readInt32BE(start) * 4_294_967_296 + src.readUInt32BE(start + 4) : 0
}

function readFloat8(src: Buffer, start: number, end: number): number {
  return end - start === 8 ? src.readDoubleBE(start) : 0
}

/** The whole part of a numeric (`numeric_send`: digits of base 10,000, weight of the first). */
function readNumeric(src: Buffer, start: number, end: number): number {
  if (end - start < 8) return 0
  const count = src.readUInt16BE(start)
  const weight = src.readInt16BE(start + 2)
  if (weight !== 3 || (src.readUInt16BE(start + 4) & 0xbfff) !== 0) return 0
  let value = 0
  for (let i = 0; i <= weight; i++) {
    const at = start + 8 + i * 2
    value = value * 10_000 + (i < count && at + 2 <= end ? src.readUInt16BE(at) : 0)
  }
  return value
}

/** A range in binary (`range_send`: flags, then each bound with its length) or a multirange: 'empty' if a bound is a card. */
export function scanRangeBinary(set: PatternSet, multiple: boolean, empty: Buffer | null): Scan | undefined {
  if (set.cards === undefined) return undefined
  return (src, start, end, hits) => {
    if (!(multiple ? anyRange(src, start, end) : anyBound(src, start, end))) return undefined
    hits.add('credit_card')
    return set.cards === 'null' ? null : empty
  }
}

function anyRange(src: Buffer, start: number, end: number): boolean {
  for (let at = start + 4; at + 4 <= end; ) {
    const next = at + 4 + src.readInt32BE(at)
    if (next < at + 4 || next > end) throw malformed('multirange')
    if (anyBound(src, at + 4, next)) return true
    at = next
  }
  return false
}

function anyBound(src: Buffer, start: number, end: number): boolean {
  for (let at = start + 1; at + 4 <= end; ) {
    const next = at + 4 + src.readInt32BE(at)
    if (next < at + 4 || next > end) throw malformed('range')
    if ([readInt8, readNumeric].some((read) => isCardNumber(Math.abs(read(src, at + 4, next))))) return true
    at = next
  }
  return false
}

/**
 * An array in binary (`array_send`): dimensions, flags, element type, then (lower bound and size are left alone) each element with its
 * length. Elements are searched with `element`; arrays of small integers are also read as one number, digit by digit.
 */
export function scanArrayBinary(set: PatternSet, shape: Shape, element: Scan | undefined): Scan {
  return (src, start, end, hits) => {
    const dimensions = src.readInt32BE(start)
    const body = start + 12 + dimensions * 8
    if (dimensions < 0 || dimensions > 6 || body > end) throw malformed('array')
    if (spellsCard(set, shape, src, body, end)) {
      hits.add('credit_card')
      if (set.cards === 'null') return null
      const empty = Buffer.alloc(12)
      src.copy(empty, 8, start + 8, start + 12)
      return empty
    }
    return element && rewriteItems(src, start, body, end, false, () => element, hits)
  }
}

/** A row in binary (`record_send`): number of fields, then each field's type, length and bytes. */
export function scanCompositeBinary(scanFor: (typeOid: number) => Scan | undefined): Scan {
  return (src, start, end, hits) => {
    if (end - start < 4) throw malformed('composite')
    return rewriteItems(src, start, start + 4, end, true, scanFor, hits)
  }
}

/** Copies the head, then each item with what its scan makes of it. Undefined when nothing changed. */
function rewriteItems(
  src: Buffer,
  start: number,
  body: number,
  end: number,
  typed: boolean,
  scanFor: (typeOid: number) => Scan | undefined,
  hits: MaskHits,
): Buffer | undefined {
  let parts: Buffer[] | undefined
  let copied = start
  for (let at = body; at < end; ) {
    const lengthAt = typed ? at + 4 : at
    if (lengthAt + 4 > end) throw malformed('value')
    const length = src.readInt32BE(lengthAt)
    const value = lengthAt + 4
    const next = value + Math.max(length, 0)
    if (next > end) throw malformed('value')
    const masked = length < 0 ? undefined : scanFor(typed ? src.readUInt32BE(at) : 0)?.(src, value, next, hits)
    if (masked !== undefined) {
      parts ??= []
      const word = Buffer.alloc(4)
      word.writeInt32BE(masked === null ? -1 : masked.length)
      parts.push(src.subarray(copied, lengthAt), word)
      if (masked !== null) parts.push(masked)
      copied = next
    }
    at = next
  }
  if (parts === undefined) return undefined
  parts.push(src.subarray(copied, end))
  const bytes = Buffer.concat(parts)
  // The array's "has NULLs" flag: a form of `null` may have made some.
  if (!typed && bytes.readInt32BE(4) === 0 && parts.some((part) => part.length === 4 && part.readInt32BE(0) === -1))
    bytes.writeInt32BE(1, 4)
  return bytes
}

const INTEGER_WIDTH: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 }

function spellsCard(set: PatternSet, shape: Shape, src: Buffer, body: number, end: number): boolean {
  const width = INTEGER_WIDTH[shape.element?.name ?? '']
  if (width === undefined || set.cards === undefined || end - body < 13 * (4 + width)) return false
  const digits: number[] = []
  for (let at = body; at + 4 + width <= end; at += 4 + width) {
    if (src.readInt32BE(at) !== width) return false
    const value = src.readIntBE(at + 4 + Math.max(0, width - 6), Math.min(width, 6))
    if (value < 0 || value > 9) return false
    digits.push(value)
  }
  const text = Buffer.from(digits.join(' '))
  return set.find(text, 0, text.length).length > 0
}

function malformed(what: string): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: `malformed binary ${what} from the server`, severity: 'FATAL' })
}
