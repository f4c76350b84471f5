/**
 * Where a text's plain constants stand, found by a scanner that reads what it lifts as PostgreSQL's lexer does (src/backend/parser/scan.l
 * with `standard_conforming_strings` on) and gives up on what it does not: escape, bit, national and Unicode strings, and dollar quotes.
 */
export interface LiftedText {
  /** The text as latin1 with each constant replaced by a NUL and its kind: two texts with the same shape differ in constants only. */
  readonly shape: string
  /** First byte of each constant, and the first byte behind it. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** More constants than these are not lifted: a long list of values is read as it is. */
export const MAX_CONSTANTS = 256

/**
 * Lifts whole numbers, decimal numbers and plain strings out of a text; undefined where it cannot be sure of every byte, or where there is
 * too much. `text` holds no NUL. The kinds are the grammar's: a whole number of up to nine digits is an `integer` to PostgreSQL, one of
 * eleven to eighteen a `bigint`; one of ten may be either and stays in the shape.
 */
export function liftConstants(text: Buffer): LiftedText | undefined {
  const starts: number[] = []
  const ends: number[] = []
  let shape = ''
  let copied = 0
  let at = 0
  // Nothing but space and comments since: a string right behind would be part of it.
  let behindString = false
  const length = text.length
  while (at < length) {
    const byte = text[at] as number
    const kind = CLASS[byte]
    if (kind === SPACE) {
      at++
      continue
    }
    if (kind === PLAIN) {
      behindString = false
      at++
      continue
    }
    if (kind === WORD) {
      behindString = false
      at = endOfWord(text, at + 1)
      if (opensOddString(text, at)) return undefined
      continue
    }
    let lifted = ''
    const start = at
    switch (kind) {
      case QUOTE:
        if (behindString) return undefined
        at = endOfQuoted(text, at + 1, APOSTROPHE)
        lifted = STRING
        break
      case NAME:
        at = endOfQuoted(text, at + 1, DOUBLE)
        break
      case DIGIT:
        at = endOfNumber(text, at + 1)
        if (opensOddString(text, at)) return undefined
        lifted = kindOfNumber(text, start, at)
        break
      case DOT:
        // `.5`, `t.5`, `..`: not lifted.
        at = endOfNumber(text, at + 1)
        if (opensOddString(text, at)) return undefined
        break
      case DASH:
        at = text[at + 1] === byte ? endOfLine(text, at + 2) : at + 1
        break
      case SLASH:
        at = text[at + 1] === STAR ? endOfComment(text, at + 2) : at + 1
        break
      default:
        // DOLLAR: a parameter's number, or a quote of its own making.
        at = endOfWord(text, at + 1)
        if (CLASS[text[start + 1] ?? 0] !== DIGIT || opensOddString(text, at) || !isDigits(text, start + 1, at)) return undefined
    }
    if (at < 0) return undefined
    if (!isComment(kind, at - start)) behindString = lifted === STRING
    if (lifted === '') continue
    if (starts.length === MAX_CONSTANTS) return undefined
    starts.push(start)
    ends.push(at)
    shape += text.toString('latin1', copied, start) + lifted
    copied = at
  }
  return { shape: copied === 0 ? text.toString('latin1') : shape + text.toString('latin1', copied), starts, ends }
}

const STRING = '\0s'
const INTEGER = '\0i'
const BIGINT = '\0l'
const DECIMAL = '\0d'

const SPACE = 9
const PLAIN = 0
const WORD = 1
const DIGIT = 2
const QUOTE = 3
const NAME = 4
const DOLLAR = 5
const DASH = 6
const SLASH = 7
const DOT = 8

const APOSTROPHE = 0x27
const DOUBLE = 0x22
const STAR = 0x2a
const AMPERSAND = 0x26

const CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte)
  if (byte >= 0x80 || /[A-Za-z_]/.test(char)) return WORD
  if (/[0-9]/.test(char)) return DIGIT
  if (/\s/.test(char)) return SPACE
  return { "'": QUOTE, '"': NAME, $: DOLLAR, '-': DASH, '/': SLASH, '.': DOT }[char] ?? PLAIN
})

/** A dash or a slash by itself is an operator. */
const isComment = (kind: number | undefined, length: number): boolean => (kind === DASH || kind === SLASH) && length > 1

function endOfWord(text: Buffer, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const kind = CLASS[text[at] as number]
    if (kind !== WORD && kind !== DIGIT && kind !== DOLLAR) break
  }
  return at
}

/** Digits with all that could belong to them: `1.5`, `1e5`, `0x1F`, `1_000`, and rubbish. */
function endOfNumber(text: Buffer, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const kind = CLASS[text[at] as number]
    if (kind !== DIGIT && kind !== WORD && kind !== DOT && kind !== DOLLAR) break
  }
  return at
}

/** `E'…'`, `B'…'`, `X'…'`, `N'…'`, `U&'…'`, `U&"…"`: a letter right before the quote makes it another kind of string. */
function opensOddString(text: Buffer, at: number): boolean {
  const next = text[at]
  if (next === APOSTROPHE) return true
  if (next !== AMPERSAND || ((text[at - 1] as number) | 0x20) !== 0x75) return false
  return text[at + 1] === APOSTROPHE || text[at + 1] === DOUBLE
}

/** Behind the closing quote; a doubled one stands for itself. -1: it does not end. */
function endOfQuoted(text: Buffer, from: number, quote: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] !== quote) continue
    if (text[at + 1] !== quote) return at + 1
    at++
  }
  return -1
}

function endOfLine(text: Buffer, from: number): number {
  let at = from
  while (at < text.length && text[at] !== 0x0a && text[at] !== 0x0d) at++
  return at
}

/** Comments nest. -1: it does not end. */
function endOfComment(text: Buffer, from: number): number {
  let depth = 1
  for (let at = from; at + 1 < text.length; at++) {
    const pair = ((text[at] as number) << 8) | (text[at + 1] as number)
    if (pair === 0x2f2a) depth++
    else if (pair === 0x2a2f) depth--
    else continue
    at++
    if (depth === 0) return at + 1
  }
  return -1
}

function isDigits(text: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (CLASS[text[at] as number] !== DIGIT) return false
  return to > from
}

function kindOfNumber(text: Buffer, from: number, to: number): string {
  let point = -1
  for (let at = from; at < to; at++) {
    const kind = CLASS[text[at] as number]
    if (kind === DIGIT) continue
    if (kind !== DOT || point !== -1) return ''
    point = at
  }
  if (point !== -1) return point < to - 1 ? DECIMAL : ''
  const digits = to - from
  if (digits <= 9) return INTEGER
  return digits >= 11 && digits <= 18 && text[from] !== 0x30 ? BIGINT : ''
}
