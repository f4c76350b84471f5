/**
 * Text as a person or a parser would read it: JSON `\u0039` and XML `&#57;` decoded, full-width and Arabic-Indic digits made plain,
 * no-break spaces and the several dashes made one, zero-width characters left out. Each byte remembers which bytes of the source it stands for.
 */
export interface Normalised {
  readonly bytes: Buffer
  /** Source offset where byte `i` begins. */
  readonly from: Uint32Array
  /** Source offset after byte `i`. */
  readonly to: Uint32Array
}

/** Undefined when nothing would change. With `wide` false only escapes are decoded. */
export function normalise(src: Buffer, start: number, end: number, wide: boolean): Normalised | undefined {
  let at = start
  while (at < end && !((wide && src[at]! >= 0xc2) || src[at] === 0x5c || src[at] === 0x26)) at++
  if (at === end) return undefined
  const size = end - start
  const bytes = Buffer.allocUnsafe(size)
  const from = new Uint32Array(size)
  const to = new Uint32Array(size)
  let length = 0
  let changed = false

  for (at = start; at < end; ) {
    const step = decodeAt(src, at, end, wide)
    if (step === undefined) {
      bytes[length] = src[at]!
      from[length] = at
      to[length++] = ++at
      continue
    }
    changed = true
    for (const byte of step.bytes) {
      bytes[length] = byte
      from[length] = at
      to[length++] = at + step.width
    }
    at += step.width
  }
  return changed ? { bytes: bytes.subarray(0, length), from, to } : undefined
}

interface Step {
  readonly bytes: Uint8Array
  readonly width: number
}

function decodeAt(src: Buffer, at: number, end: number, wide: boolean): Step | undefined {
  const byte = src[at]!
  if (wide && byte >= 0xc2) return wideAt(src, at, end)
  if (byte === 0x5c && src[at + 1] === 0x75 && at + 6 <= end) return codePoint(src.toString('latin1', at + 2, at + 6), 16, 6)
  if (byte === 0x26 && src[at + 1] === 0x23) {
    const close = src.subarray(at, Math.min(end, at + 12)).indexOf(0x3b)
    if (close < 3) return undefined
    const hex = src[at + 2] === 0x78 || src[at + 2] === 0x58
    return codePoint(src.toString('latin1', at + (hex ? 3 : 2), at + close), hex ? 16 : 10, close + 1)
  }
  return undefined
}

function codePoint(digits: string, radix: 10 | 16, width: number): Step | undefined {
  if (!(radix === 16 ? /^[0-9a-fA-F]+$/ : /^[0-9]+$/).test(digits)) return undefined
  const code = Number.parseInt(digits, radix)
  if (code > 0x10ffff) return undefined
  return { bytes: plain(code) ?? Buffer.from(String.fromCodePoint(code)), width }
}

function wideAt(src: Buffer, at: number, end: number): Step | undefined {
  const byte = src[at]!
  if (byte < 0xe0) {
    if (at + 2 > end) return undefined
    const bytes = plain(((byte & 0x1f) << 6) | (src[at + 1]! & 0x3f))
    return bytes && { bytes, width: 2 }
  }
  if (byte >= 0xf0 || at + 3 > end) return undefined
  const bytes = plain(((byte & 0x0f) << 12) | ((src[at + 1]! & 0x3f) << 6) | (src[at + 2]! & 0x3f))
  return bytes && { bytes, width: 3 }
}

const SPACE = Buffer.from(' ')
const DASH = Buffer.from('-')
const NOTHING = Buffer.alloc(0)
const DIGITS = Array.from({ length: 10 }, (_, digit) => Buffer.from(String(digit)))

/** What a code point counts as, or undefined when it counts as itself (Unicode: general categories Zs, Pd, Nd, Cf). */
function plain(code: number): Buffer | undefined {
  if (code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f || code === 0x3000) return SPACE
  if ((code >= 0x2010 && code <= 0x2015) || code === 0x2212 || code === 0xfe58 || code === 0xfe63 || code === 0xff0d) return DASH
  if (code === 0xad || (code >= 0x200b && code <= 0x200d) || code === 0x2060 || code === 0xfeff) return NOTHING
  if (code >= 0xff10 && code <= 0xff19) return DIGITS[code - 0xff10]
  if (code >= 0x660 && code <= 0x669) return DIGITS[code - 0x660]
  if (code >= 0x6f0 && code <= 0x6f9) return DIGITS[code - 0x6f0]
  return undefined
}
