import { BYTE_CLASS, DIGIT } from './byte-class.ts'

/**
 * United States Social Security numbers and ITINs in their separated form, ddd-dd-dddd or ddd dd dddd. Nine bare digits count only
 * behind a word that says so: otherwise nearly every nine-digit identifier would be one.
 * Sources: SSA, "Social Security Number Randomization" (no area 000 or 666, no group 00, no serial 0000); IRS, ITINs begin with 9.
 */
export function findSsns(src: Uint8Array, start: number, end: number, found: (start: number, end: number) => void): void {
  // Stands on the first separator: three digits must precede it.
  for (let at = start + 3; at + 7 < end; at++) {
    const separator = src[at]!
    if (separator !== 0x2d && separator !== 0x20) continue
    const first = at - 3
    if (src[at + 3] !== separator || !digits(src, first, 3) || !digits(src, at + 1, 2) || !digits(src, at + 4, 4)) continue
    if (first > start && isDigit(src[first - 1]!)) continue
    if (at + 8 < end && isDigit(src[at + 8]!)) continue
    if (!isIssued(src, first, at + 1, at + 4)) continue
    found(first, at + 8)
    at += 8
  }
  for (let at = bareSsn(src, start, end, start); at >= 0; at = bareSsn(src, start, end, at + BARE)) {
    if (isIssued(src, at, at + 3, at + 5)) found(at, at + BARE)
  }
}

/** Digits of a number without separators. */
export const BARE = 9
/** So far in front of the number the word may begin, in bytes. */
const CONTEXT = 40

/** Where the next nine bare digits behind a word stand, from `from` on; -1: nowhere. Looks at every ninth byte. */
function bareSsn(src: Uint8Array, start: number, end: number, from: number): number {
  for (let i = from + BARE - 1; i < end; i += BARE) {
    if ((BYTE_CLASS[src[i]!]! & DIGIT) === 0) continue
    let left = i
    while (left > start && (BYTE_CLASS[src[left - 1]!]! & DIGIT) !== 0) left--
    let right = i + 1
    while (right < end && (BYTE_CLASS[src[right]!]! & DIGIT) !== 0) right++
    if (right - left === BARE && left >= from && isNamedSsn(src, start, left)) return left
    if (right > i + BARE) i += Math.floor((right - i - 1) / BARE) * BARE
  }
  return -1
}

/** `ssn`, `itin`, `social security`, `soc. sec.`, in any case; letters may not touch the short ones in front. */
const WORD = /(?:^|[^a-z])(?:ssn|itin|soc(?:ial|\.)?[ _.-]*sec)/i

/** Whether such a word stands before `at`, not before `start`. */
export function isNamedSsn(src: Uint8Array, start: number, at: number): boolean {
  const from = Math.max(start, at - CONTEXT)
  return WORD.test(Buffer.from(src.buffer, src.byteOffset + from, at - from).toString('latin1'))
}

/** No area 000 or 666, no group 00, no serial 0000. */
function isIssued(src: Uint8Array, area: number, group: number, serial: number): boolean {
  const number = (src[area]! - 0x30) * 100 + (src[area + 1]! - 0x30) * 10 + src[area + 2]! - 0x30
  const noGroup = src[group] === 0x30 && src[group + 1] === 0x30
  const noSerial = src[serial] === 0x30 && src[serial + 1] === 0x30 && src[serial + 2] === 0x30 && src[serial + 3] === 0x30
  return number !== 0 && number !== 666 && !noGroup && !noSerial
}

function digits(src: Uint8Array, at: number, count: number): boolean {
  for (let i = at; i < at + count; i++) if (!isDigit(src[i]!)) return false
  return true
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
