import { ANY_SPELLING, DASHLESS, ENCODED, RECASED, REGROUPED, REVERSED, SENT, SPLIT, SPREAD, TREE } from '../statement/respelled.ts'
import type { Hit, PatternSet } from './pattern-set.ts'
import type { Scan } from './scan-text.ts'

/** Longest value that is read in other spellings, in bytes: a longer one that could hold something is masked without a look. */
const LONGEST = 8_388_608
/** Longest run of digits in which a card is looked for at every place. */
const LONGEST_RUN = 256
const CARD_DIGITS = 16
/** Groups of up to five digits: the digits of a fraction are more. */
const BETWEEN_GROUPS = /(?<=(?<!\d)\d{1,5})[^A-Za-z0-9\s]{1,2}(?=\d{1,5}(?!\d))/g
const CHARACTERS_A_SEPARATOR = 7

/**
 * Values of a column that was made by `reverse`, `encode`, `replace` and their like: searched as they are, and as what they stand for. A find
 * in the latter replaces the whole value by `instead`, since where it lies in the value cannot be told. `bits`: see `statement/respelled.ts`.
 */
export function scanRespelled(set: PatternSet, bits: number, instead: Buffer | null, base: Scan | undefined): Scan {
  return (src, start, end, hits) => {
    if (end - start > LONGEST) return instead
    const masked = base?.(src, start, end, hits)
    if (masked === null) return null
    const hit = masked === undefined ? findRespelled(set, bits, src, start, end) : findRespelled(set, bits, masked, 0, masked.length)
    if (hit === undefined) return masked
    hits.add(hit.pattern)
    return hit.form === 'null' ? null : instead
  }
}

/** The first thing found in what the text stands for. */
export function findRespelled(set: PatternSet, bits: number, src: Buffer, start: number, end: number): Hit | undefined {
  const forms: string[] = [src.toString('latin1', start, end)]
  const also = (bit: number, read: (text: string) => readonly string[]): void => {
    if ((bits & bit) !== 0) for (const text of [...forms]) forms.push(...read(text))
  }
  also(TREE, constants)
  also(SENT, numbers)
  // Either may have been done first.
  also(REVERSED, reversed)
  also(ENCODED, decoded)
  also(SPREAD, joined)
  also(SPLIT, spaced)
  if ((bits & (ENCODED | SPREAD)) !== 0) also(REVERSED, reversed)
  also(RECASED, (text) => [text.toLowerCase()])
  also(REGROUPED, regrouped)
  also(DASHLESS, bareNine)
  for (const text of forms.slice(1)) {
    const bytes = Buffer.from(text, 'latin1')
    const [hit] = set.find(bytes, 0, bytes.length)
    if (hit !== undefined) return hit
  }
  return undefined
}

/** What an error or a notice may quote: every spelling that cannot be mistaken. */
export const findQuoted = (set: PatternSet, text: Buffer): Hit | undefined =>
  findRespelled(set, ANY_SPELLING & ~SPREAD, text, 0, text.length)

function reversed(text: string): string[] {
  return [Buffer.from(text, 'latin1').reverse().toString('latin1')]
}

/** Hexadecimal and base64, wherever the reading begins. Line breaks are no part of either, nor is their escape in JSON. */
function decoded(text: string): string[] {
  const out: string[] = []
  const packed = text.replace(/\s|\\n/g, '')
  for (const [run] of packed.matchAll(/[0-9A-Fa-f]{18,}/g)) {
    out.push(Buffer.from(run, 'hex').toString('latin1'), Buffer.from(run.slice(1), 'hex').toString('latin1'))
  }
  for (const [run] of packed.matchAll(/[A-Za-z0-9+/_-]{12,}/g)) {
    for (let skip = 0; skip < 4; skip++) out.push(Buffer.from(run.slice(skip), 'base64').toString('latin1'))
  }
  return out
}

/** `[ 57 51 57 45 … ]`: bytes of a constant in a stored tree, signed. */
function constants(text: string): string[] {
  return [...text.matchAll(/\[((?: -?\d{1,3})+) \]/g)].map(([, list]) =>
    Buffer.from((list ?? '').trim().split(' ').map(Number)).toString('latin1'),
  )
}

/** `int8send`, `float8send`, `numeric_send`: eight bytes, or groups of four digits; as they are, or in hexadecimal. */
function numbers(text: string): string[] {
  const bytes = Buffer.from(text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text, 'latin1'))
  if (bytes.length < 8) return []
  const groups = Array.from({ length: Math.max(0, (bytes.length - 8) >> 1) }, (_, i) =>
    String(bytes.readUInt16BE(8 + i * 2)).padStart(4, '0'),
  )
  return bytes.length === 8
    ? [String(bytes.readBigInt64BE()), String(bytes.readDoubleBE())]
    : [groups.slice(0, 4).join('').replace(/^0+/, '')]
}

/** `{5,5,3}`, `["a", "b"]`, `a b c`: where most elements are one character, the text that they spell. */
function joined(text: string): string[] {
  if (!isMostlySeparators(text)) return []
  const elements = Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s,;|{}[\]"]+)/g), ([, quoted, bare]) => quoted ?? bare ?? '')
  const spelled = elements.join('')
  return elements.length >= 9 && spelled.length <= elements.length * 1.3 ? [spelled] : []
}

/** `"a", ` takes five characters for one. Asked first, since most values are long JSON documents. */
function isMostlySeparators(text: string): boolean {
  let left = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x2c || code === 0x20 || code === 0x7c || code === 0x3b || code === 0x0a) left -= CHARACTERS_A_SEPARATOR
  }
  return left <= CHARACTERS_A_SEPARATOR
}

/** `{5432,2152,0481,"1377,"}`, `{918,72,7225}`: what a text was before it was split at its spaces or its dashes. */
function spaced(text: string): string[] {
  return [' ', '-'].map((between) => text.replace(/[\s,;|{}[\]"]+/g, between))
}

/** Digits with dashes, and with nothing, between them instead of what stands there; and each card that a longer run could hold. */
function regrouped(text: string): string[] {
  const bare = text.replace(BETWEEN_GROUPS, '')
  const out = [text.replace(BETWEEN_GROUPS, '-'), bare]
  for (const [run] of bare.matchAll(/\d{17,}/g)) {
    for (let at = 0; at + CARD_DIGITS <= Math.min(run.length, LONGEST_RUN); at++) out.push(run.slice(at, at + CARD_DIGITS))
  }
  return out
}

function bareNine(text: string): string[] {
  return [text.replace(/(?<!\d)(\d{3})(\d{2})(\d{4})(?!\d)/g, '$1-$2-$3')]
}
