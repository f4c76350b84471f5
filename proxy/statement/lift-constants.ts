/**
 * Where a text's plain constants stand, found by a scanner that reads what it lifts as PostgreSQL's lexer does (src/backend/parser/scan.l
 * with `standard_conforming_strings` on) and gives up on what it does not: escape, bit, national and Unicode strings, and dollar quotes.
 * It holds until the next text is lifted: nothing is made anew, since every statement passes here.
 */
export interface LiftedText {
  /** The text with each constant replaced by a NUL and its kind: two texts with the same shape differ in constants only. */
  readonly shape: Buffer
  readonly length: number
  /** First byte of each constant, and the first byte behind it. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly count: number
}

/** More constants, or a longer text, are not lifted: a long list of values is read as it is. */
const MAX_CONSTANTS = 256
const MAX_BYTES = 65_536

const starts = new Int32Array(MAX_CONSTANTS)
const ends = new Int32Array(MAX_CONSTANTS)
const shape = Buffer.allocUnsafeSlow(MAX_BYTES + MAX_CONSTANTS)
const lifted = { shape, length: 0, starts, ends, count: 0 }

/**
 * Lifts whole numbers, decimal numbers and plain strings out of a text; undefined where it cannot be sure of every byte, or where there is
 * too much. `text` holds no NUL. The kinds are the grammar's: a whole number of up to nine digits is an `integer` to PostgreSQL, one of
 * eleven to eighteen a `bigint`; one of ten may be either and stays in the shape.
 */
export function liftConstants(text: Buffer): LiftedText | undefined {
  const { length } = text
  if (length > MAX_BYTES) return undefined
  let count = 0
  // By how much the shape is behind the text.
  let behind = 0
  // Nothing but space and comments since a string: another right behind would be part of it.
  let afterString = false
  let at = 0
  while (at < length) {
    const byte = text[at] as number
    const kind = CLASS[byte] as number
    if (kind <= PLAIN) {
      shape[at - behind] = byte
      if (kind === PLAIN) afterString = false
      at++
      continue
    }
    if (kind === WORD) {
      afterString = false
      at = copyWord(text, at, length, behind)
      if (opensOddString(text, at)) return undefined
      continue
    }
    const start = at
    let constant = 0
    let comment = false
    switch (kind) {
      case QUOTE:
        if (afterString) return undefined
        at = endOfQuoted(text, at + 1, APOSTROPHE)
        constant = STRING
        break
      case DIGIT:
        at = endOfNumber(text, at, length)
        constant = kindOfNumber(text, start, at)
        break
      case DOT:
        // `.5`, `t.5`, `..` stay as they are.
        at = endOfNumber(text, at, length)
        break
      case NAME:
        at = endOfQuoted(text, at + 1, DOUBLE)
        break
      case DOLLAR:
        // A parameter's number, or a quote of its own making.
        at = endOfDigits(text, at + 1, length)
        if (at === start + 1 || (CLASS[text[at] ?? 0] as number) >= WORD) return undefined
        break
      case DASH:
        comment = text[at + 1] === byte
        at = comment ? endOfLine(text, at, length) : at + 1
        break
      default:
        comment = text[at + 1] === STAR
        at = comment ? endOfComment(text, at + 2) : at + 1
    }
    if (at < 0 || (kind >= WORD && opensOddString(text, at))) return undefined
    if (constant === 0) {
      for (let i = start; i < at; i++) shape[i - behind] = text[i] as number
      if (!comment) afterString = false
      continue
    }
    if (count === MAX_CONSTANTS) return undefined
    starts[count] = start
    ends[count] = at
    count++
    shape[start - behind] = 0
    shape[start - behind + 1] = constant
    behind += at - start - 2
    afterString = constant === STRING
  }
  lifted.length = length - behind
  lifted.count = count
  return lifted
}

/** Kinds, as they stand behind the NUL in a shape. */
const STRING = 0x73
const INTEGER = 0x69
const BIGINT = 0x6c
const DECIMAL = 0x64

// In this order: what stands for itself, what begins something, and from WORD on what can be part of a word or a number.
const SPACE = 0
const PLAIN = 1
const QUOTE = 2
const NAME = 3
const DASH = 4
const SLASH = 5
const WORD = 6
const DIGIT = 7
const DOLLAR = 8
const DOT = 9

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

/** Most of a text is words: they are copied as they are read. */
function copyWord(text: Buffer, from: number, length: number, behind: number): number {
  let at = from
  for (; at < length; at++) {
    const byte = text[at] as number
    const kind = CLASS[byte] as number
    if (kind < WORD || kind === DOT) break
    shape[at - behind] = byte
  }
  return at
}

/** Digits with all that could belong to them: `1.5`, `1e5`, `0x1F`, `1_000`, and rubbish. */
function endOfNumber(text: Buffer, from: number, length: number): number {
  let at = from + 1
  while (at < length && (CLASS[text[at] as number] as number) >= WORD) at++
  return at
}

function endOfDigits(text: Buffer, from: number, length: number): number {
  let at = from
  while (at < length && CLASS[text[at] as number] === DIGIT) at++
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

function endOfLine(text: Buffer, from: number, length: number): number {
  let at = from
  while (at < length && text[at] !== 0x0a && text[at] !== 0x0d) at++
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

/** 0: it stays in the shape. */
function kindOfNumber(text: Buffer, from: number, to: number): number {
  let point = -1
  for (let at = from; at < to; at++) {
    const kind = CLASS[text[at] as number]
    if (kind === DIGIT) continue
    if (kind !== DOT || point !== -1) return 0
    point = at
  }
  if (point !== -1) return point < to - 1 ? DECIMAL : 0
  const digits = to - from
  if (digits <= 9) return INTEGER
  return digits >= 11 && digits <= 18 && text[from] !== 0x30 ? BIGINT : 0
}
