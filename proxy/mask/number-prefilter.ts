import { BYTE_CLASS, DIGIT, HIGH, SEPARATOR } from './byte-class.ts'
import { BARE, isNamedSsn } from './ssn.ts'

/** The shortest thing that `findSsns` or `findCards` can find. */
const SHORTEST = BARE
const DIGITISH = DIGIT | SEPARATOR | HIGH
const BACKSLASH = 0x5c
const AMPERSAND = 0x26

/**
 * Where the first run begins that may hold a card or an SSN; `end` where there is none. Looks at every ninth byte and walks only runs of digits and
 * separators. A run never needs to be looked at across columns: lengths between columns only make runs longer, never shorter.
 */
export function firstNumbers(src: Uint8Array, start: number, end: number): number {
  for (let i = start + SHORTEST - 1; i < end; i += SHORTEST) {
    if ((BYTE_CLASS[src[i]!]! & DIGITISH) === 0) continue
    let left = i
    while (left > start && (BYTE_CLASS[src[left - 1]!]! & DIGITISH) !== 0) left--
    let right = i + 1
    while (right < end && (BYTE_CLASS[src[right]!]! & DIGITISH) !== 0) right++
    if (right - left >= SHORTEST && runMayHold(src, left, right, start)) return left
    if (right > i + SHORTEST) i += Math.floor((right - i - 1) / SHORTEST) * SHORTEST
  }
  return end
}

/** Wide digits and odd spaces take several bytes, so a run with any of them counts roughly, and on the side of yes. */
function runMayHold(src: Uint8Array, start: number, end: number, first: number): boolean {
  let digits = 0
  let streak = 0
  let high = false
  for (let i = start; i < end; i++) {
    const byte = src[i]!
    if ((BYTE_CLASS[byte]! & DIGIT) !== 0) {
      digits++
      streak++
      continue
    }
    if (streak === BARE && isNamedSsn(src, first, i - BARE)) return true
    streak = 0
    if (byte >= 0x80) {
      high = true
      // Lead bytes of full-width, Arabic-Indic and extended Arabic-Indic digits.
      if (byte === 0xef || byte === 0xd9 || byte === 0xdb) digits++
    } else if (digits >= 3 && digits < 13 && !high && ssnShape(src, i, start, end)) return true
  }
  return digits >= (high ? 9 : 13) || (streak === BARE && isNamedSsn(src, first, end - BARE))
}

function ssnShape(src: Uint8Array, at: number, start: number, end: number): boolean {
  if (at - 3 < start || at + 8 > end || src[at + 3] !== src[at]) return false
  for (let i = at - 3; i < at + 8; i++) if (i !== at && i !== at + 3 && (BYTE_CLASS[src[i]!]! & DIGIT) === 0) return false
  return true
}

/** Whether a JSON `\u0039`, a `\x` of bytea or an XML `&#57;` may hide something: such text is decoded before it is searched. */
export function mayBeEscaped(src: Buffer, start: number, end: number): boolean {
  return firstEscape(src, start, end) < end
}

/** Where the first of these is; `end` where there is none. */
export function firstEscape(src: Buffer, start: number, end: number): number {
  // A native search pays only over some length, and has no end of its own but the buffer's.
  if (end - start < 256) {
    for (let i = start; i + 1 < end; i++) {
      const byte = src[i]!
      if ((byte === BACKSLASH || byte === AMPERSAND) && isEscape(byte, src[i + 1]!)) return i
    }
    return end
  }
  const view = src.subarray(start, end)
  return Math.min(firstOf(BACKSLASH, view), firstOf(AMPERSAND, view)) + start
}

function firstOf(byte: number, view: Buffer): number {
  for (let i = view.indexOf(byte); i >= 0 && i + 1 < view.length; i = view.indexOf(byte, i + 1)) if (isEscape(byte, view[i + 1]!)) return i
  return view.length
}

function isEscape(byte: number, next: number): boolean {
  return byte === BACKSLASH ? next === 0x75 || next === 0x78 : byte === AMPERSAND && next === 0x23
}
