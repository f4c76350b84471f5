/**
 * United States Social Security numbers and ITINs in their separated form, ddd-dd-dddd or ddd dd dddd. Nine bare digits are not
 * looked for: nearly every nine-digit identifier would be one.
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
    const area = (src[first]! - 0x30) * 100 + (src[first + 1]! - 0x30) * 10 + src[first + 2]! - 0x30
    const noGroup = src[at + 1] === 0x30 && src[at + 2] === 0x30
    const noSerial = src[at + 4] === 0x30 && src[at + 5] === 0x30 && src[at + 6] === 0x30 && src[at + 7] === 0x30
    if (area === 0 || area === 666 || noGroup || noSerial) continue
    found(first, at + 8)
    at += 8
  }
}

function digits(src: Uint8Array, at: number, count: number): boolean {
  for (let i = at; i < at + count; i++) if (!isDigit(src[i]!)) return false
  return true
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
