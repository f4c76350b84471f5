import { ALNUM, BASE64, BYTE_CLASS, DIGIT } from './byte-class.ts'

type Found = (start: number, end: number) => void

const AT = 0x40
const DOT = 0x2e
const SPACE = 0x20
const DASH = 0x2d

/** Mail addresses: local part of RFC 5322 `dot-atom`, a domain of two labels or more. */
export function findEmails(src: Buffer, start: number, end: number, found: Found): void {
  let free = start
  for (let at = start; at < end; at++) {
    if (src[at] !== AT) continue
    let left = at
    while (left > free && isLocal(src[left - 1]!)) left--
    let right = at + 1
    let dots = 0
    while (right < end && ((BYTE_CLASS[src[right]!]! & ALNUM) !== 0 || src[right] === DASH || src[right] === DOT || src[right]! >= 0x80)) {
      if (src[right] === DOT) dots++
      right++
    }
    while (right > at + 1 && (src[right - 1] === DOT || src[right - 1] === DASH)) {
      if (src[right - 1] === DOT) dots--
      right--
    }
    free = at + 1
    if (left === at || dots < 1) continue
    found(left, right)
    free = right
    at = right - 1
  }
}

function isLocal(byte: number): boolean {
  return (BYTE_CLASS[byte]! & ALNUM) !== 0 || byte >= 0x80 || "._%+-!#$&*/=?^`{|}~'".includes(String.fromCharCode(byte))
}

/** Country codes and whole lengths. Source: SWIFT, IBAN registry. */
export const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HN: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
}

/** IBANs, whole or in groups with single spaces or dashes: length of the country and ISO 7064 mod 97-10. */
export function findIbans(src: Buffer, start: number, end: number, found: Found): void {
  for (let at = start; at + 15 <= end; at++) {
    if ((BYTE_CLASS[src[at + 2]!]! & BYTE_CLASS[src[at + 3]!]! & DIGIT) === 0) continue
    if (at > start && (BYTE_CLASS[src[at - 1]!]! & ALNUM) !== 0) continue
    const length = IBAN_LENGTHS[src.toString('latin1', at, at + 2).toUpperCase()]
    if (length === undefined) continue
    let i = at
    let text = ''
    while (i < end && text.length < length) {
      if ((BYTE_CLASS[src[i]!]! & ALNUM) !== 0) text += String.fromCharCode(src[i]!)
      else if ((src[i] !== SPACE && src[i] !== DASH) || i + 1 >= end || (BYTE_CLASS[src[i + 1]!]! & ALNUM) === 0) break
      i++
    }
    if (text.length !== length || (i < end && (BYTE_CLASS[src[i]!]! & ALNUM) !== 0) || !mod97(text.toUpperCase())) continue
    found(at, i)
    at = i - 1
  }
}

function mod97(iban: string): boolean {
  let rest = 0
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36)
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest === 1
}

const BEGIN = Buffer.from('-----BEGIN')
const PRIVATE_KEY = Buffer.from('PRIVATE KEY')
const END = Buffer.from('-----END')

/** What a text with a private key must contain. */
export const PRIVATE_KEY_MARK = BEGIN

/** PEM and OpenPGP private keys (RFC 7468, RFC 9580 section 6.2): from BEGIN to END, or to the end of the text when it was cut off. */
export function findPrivateKeys(src: Buffer, start: number, end: number, found: Found): void {
  const view = src.subarray(start, end)
  for (let at = view.indexOf(BEGIN); at >= 0; ) {
    const label = view.indexOf(PRIVATE_KEY, at)
    if (label < 0 || label - at > 60) {
      at = view.indexOf(BEGIN, at + BEGIN.length)
      continue
    }
    const close = view.indexOf(END, label)
    let stop = view.length
    if (close >= 0) {
      const tail = view.indexOf('-----', close + END.length)
      stop = tail < 0 ? view.length : tail + 5
    }
    if (hasBody(view, label, stop)) found(start + at, start + stop)
    at = view.indexOf(BEGIN, stop)
  }
}

function hasBody(view: Buffer, start: number, end: number): boolean {
  let run = 0
  for (let i = start; i < end; i++) {
    run = (BYTE_CLASS[view[i]!]! & BASE64) !== 0 ? run + 1 : 0
    if (run >= 16) return true
  }
  return false
}

const INTERNATIONAL = /^\+[1-9][0-9](?:[ .()/-]{0,2}[0-9]){6,13}(?![0-9])/
const NORTH_AMERICAN = /^(?:1[ .-])?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[0-9]{3}[ .-][0-9]{4}(?![0-9A-Za-z])/

/** Longer than any number that these match. */
const PHONE_REACH = 48

/** Phone numbers: international (`+` and 8–15 digits, ITU-T E.164), or North American in groups of 3, 3 and 4. */
export function findPhones(src: Buffer, start: number, end: number, found: Found): void {
  for (let at = start; at < end; at++) {
    const byte = src[at]!
    const digit = (BYTE_CLASS[byte]! & DIGIT) !== 0
    if (byte !== 0x2b && byte !== 0x28 && !digit) continue
    if (!digit || at === start || (BYTE_CLASS[src[at - 1]!]! & ALNUM) === 0) {
      const text = src.toString('latin1', at, Math.min(end, at + PHONE_REACH))
      const match = (byte === 0x2b ? INTERNATIONAL : NORTH_AMERICAN).exec(text)
      if (match !== null) {
        found(at, at + match[0].length)
        at += match[0].length - 1
        continue
      }
    }
    while (at + 1 < end && (BYTE_CLASS[src[at + 1]!]! & DIGIT) !== 0) at++
  }
}

/** Three base64url parts with dots, the first two beginning like a JSON object (RFC 7519). */
export function looksLikeJwt(src: Uint8Array, start: number, end: number): boolean {
  let dots = 0
  let second = 0
  for (let i = start; i < end; i++) {
    if (src[i] !== DOT) continue
    dots++
    if (dots === 1) second = i + 1
  }
  return dots >= 2 && src[second] === 0x65 && src[second + 1] === 0x79
}
