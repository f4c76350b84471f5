import { isCardNumber } from './card.ts'
import { mayBeEscaped } from './number-prefilter.ts'
import { type Hit, NONE, ONE, type OnlyHit, type PatternSet } from './pattern-set.ts'

/** Where the names of patterns that hit are put: what the recorder is told of a statement. A `Set<string>` will do. */
export interface MaskHits {
  add(pattern: string): unknown
}

/** Looks at one value. A buffer replaces it, null makes it NULL, undefined leaves it as it is. */
export type Scan = (src: Buffer, start: number, end: number, hits: MaskHits) => Buffer | null | undefined

/** Any text: what a pattern finds is replaced in place, the rest stays. Hex dumps of bytes (`\x3931…`) are read as bytes. */
export function scanText(set: PatternSet): Scan {
  return (src, start, end, hits) => {
    const count = set.findOnly(src, start, end)
    if (count === NONE) return undefined
    if (count === ONE) return replaceOnly(src, start, end, set.only, hits)
    return replaceHits(src, start, end, withHexDumps(set, src, start, end), hits, (hit) => hit.replacement!)
  }
}

function replaceOnly(src: Buffer, start: number, end: number, only: OnlyHit, hits: MaskHits): Buffer | null {
  const { replacement } = only
  hits.add(only.pattern)
  if (replacement === undefined) return null
  if (only.start === start && only.end === end) return replacement
  const before = only.start - start
  const masked = Buffer.allocUnsafe(before + replacement.length + end - only.end)
  src.copy(masked, 0, start, only.start)
  replacement.copy(masked, before)
  src.copy(masked, before + replacement.length, only.end, end)
  return masked
}

/** JSON as text: a hit that is no part of a string (a bare number) becomes a string, so that the document stays one. */
export function scanJson(set: PatternSet): Scan {
  return (src, start, end, hits) => {
    const found = withHexDumps(set, src, start, end)
    if (found.length === 0) return undefined
    const spans = found.map((hit) => (insideString(src, start, hit.start) ? hit : wholeNumber(src, start, end, hit)))
    return replaceHits(src, start, end, dropNested(spans), hits, (hit) => hit.replacement!)
  }
}

/** A row as text. A field (or element) that is nothing but digits may be a number, so it becomes 0, which any type with digits can be. */
export function scanCompositeText(set: PatternSet): Scan {
  return (src, start, end, hits) =>
    replaceHits(src, start, end, withHexDumps(set, src, start, end), hits, (hit) =>
      isBareNumber(src, start, end, hit) ? '0' : hit.replacement!,
    )
}

/** Text that must stay one number: it becomes 0 if it is a card. */
export function scanNumberText(set: PatternSet, zero: Buffer): Scan {
  return (src, start, end, hits) => {
    if (set.cards === undefined || end - start < 15 || !isCardNumber(Math.abs(integerPart(src.toString('latin1', start, end)))))
      return undefined
    hits.add('credit_card')
    return set.cards === 'null' ? null : zero
  }
}

function integerPart(text: string): number {
  return Number(text.replace(/[^0-9.eE+-]/g, '').replace(/\.[0-9]*$/, ''))
}

/** bytea as text: `\x` and hexadecimal, or the old escape format, which is nearly text. */
export function scanByteaText(set: PatternSet): Scan {
  const plain = scanText(set)
  return (src, start, end, hits) => {
    if (src[start] !== 0x5c || src[start + 1] !== 0x78) return plain(src, start, end, hits)
    const bytes = Buffer.from(src.toString('latin1', start + 2, end), 'hex')
    const masked = replaceHits(bytes, 0, bytes.length, set.find(bytes, 0, bytes.length), hits, (hit) => hit.replacement!)
    return masked && Buffer.from(`\\x${masked.toString('hex')}`)
  }
}

/** Arrays of numbers as text: a card among the elements, or one written as an array of its digits. */
export function scanNumberArrayText(set: PatternSet): Scan {
  return (src, start, end, hits) => {
    if (set.cards === undefined) return undefined
    const text = src.toString('latin1', start, end)
    const numbers = text.match(/[0-9][0-9.]*/g) ?? []
    const digits = numbers.length >= 13 && numbers.every((number) => number.length === 1) ? Buffer.from(numbers.join(' ')) : undefined
    const spelled = digits !== undefined && set.find(digits, 0, digits.length).length > 0
    if (!spelled && !numbers.some((number) => isCardNumber(integerPart(number)))) return undefined
    hits.add('credit_card')
    return set.cards === 'null' ? null : Buffer.from('{}')
  }
}

/** Anything whose inside is not known: it is replaced whole, by `instead`, if there is something in it. */
export function scanWhole(set: PatternSet, instead: Buffer | null): Scan {
  return (src, start, end, hits) => {
    const found = withHexDumps(set, src, start, end)
    for (const hit of found) hits.add(hit.pattern)
    return found.length === 0 ? undefined : found.some((hit) => hit.replacement === undefined) ? null : instead
  }
}

/** Bytes with the hits replaced; undefined when there were none, null when one of them asks for NULL. */
export function replaceHits(
  src: Buffer,
  start: number,
  end: number,
  found: readonly Hit[],
  hits: MaskHits,
  text: (hit: Hit) => string,
): Buffer | null | undefined {
  if (found.length === 0) return undefined
  for (const hit of found) hits.add(hit.pattern)
  if (found.some((hit) => hit.replacement === undefined)) return null
  const texts = found.map(text)
  const size = found.reduce((sum, hit, i) => sum + texts[i]!.length - (hit.end - hit.start), end - start)
  const masked = Buffer.allocUnsafe(size)
  let to = 0
  let at = start
  for (const [i, hit] of found.entries()) {
    to += src.copy(masked, to, at, hit.start)
    to += masked.write(texts[i]!, to, 'latin1')
    at = hit.end
  }
  src.copy(masked, to, at, end)
  return masked
}

/** What the patterns find in the text, and in the bytes that it spells in hexadecimal after `\x`. */
function withHexDumps(set: PatternSet, src: Buffer, start: number, end: number): Hit[] {
  const found = set.find(src, start, end)
  if (!mayBeEscaped(src, start, end)) return found
  const view = src.subarray(start, end)
  for (let at = view.indexOf('\\x'); at >= 0; at = view.indexOf('\\x', at + 2)) {
    let stop = at + 2
    while (stop < view.length && isHex(view[stop]!)) stop++
    if (stop - at < 24) continue
    const bytes = Buffer.from(view.toString('latin1', at + 2, stop), 'hex')
    const inside = set.find(bytes, 0, bytes.length)[0]
    if (inside !== undefined) found.push({ ...inside, start: start + at, end: start + stop, replacement: inside.replacement && '\\x' })
  }
  return dropNested(found)
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66)
}

function dropNested(found: Hit[]): Hit[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  let end = -1
  return found.filter((hit) => {
    if (hit.start < end) return false
    end = hit.end
    return true
  })
}

function insideString(src: Buffer, start: number, at: number): boolean {
  let inside = false
  for (let i = start; i < at; i++) {
    if (src[i] === 0x5c) i++
    else if (src[i] === 0x22) inside = !inside
  }
  return inside
}

/** A bare number in JSON: the whole token, and quotes around what takes its place. */
function wholeNumber(src: Buffer, start: number, end: number, hit: Hit): Hit {
  let from = hit.start
  let to = hit.end
  while (from > start && isNumberByte(src[from - 1]!)) from--
  while (to < end && isNumberByte(src[to]!)) to++
  return { ...hit, start: from, end: to, replacement: hit.replacement && `"${hit.replacement}"` }
}

const FIELD_ENDS = '(){},"\\'

function isBareNumber(src: Buffer, start: number, end: number, hit: Hit): boolean {
  const { start: from, end: to } = wholeNumber(src, start, end, hit)
  const bounded = (at: number) => at < start || at >= end || FIELD_ENDS.includes(String.fromCharCode(src[at]!))
  return from === hit.start && to === hit.end && bounded(from - 1) && bounded(to) && /^[0-9]+$/.test(src.toString('latin1', from, to))
}

function isNumberByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e || byte === 0x45 || byte === 0x65
}
