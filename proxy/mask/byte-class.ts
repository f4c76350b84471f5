/** What a byte can be a part of, as bits: one table look-up a byte. */
export const DIGIT = 1
/** Space and dash: what stands between digits. */
export const SEPARATOR = 2
/** Not ASCII: it may be a wide digit, a non-breaking space, an en dash. */
export const HIGH = 4
/** What keys, tokens and base64 are made of. */
export const TOKEN = 8
export const LOWER_HEX = 16
export const ALNUM = 32
/** base64url without padding, and `_`. */
export const URL64 = 64
/** base64 with padding. */
export const BASE64 = 128

export const BYTE_CLASS = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  const char = String.fromCharCode(byte)
  let bits = 0
  if (/[0-9]/.test(char)) bits |= DIGIT
  if (/[ -]/.test(char)) bits |= SEPARATOR
  if (byte >= 0x80) bits |= HIGH
  if (/[A-Za-z0-9_\-.+/=~$]/.test(char)) bits |= TOKEN
  if (/[0-9a-f]/.test(char)) bits |= LOWER_HEX
  if (/[A-Za-z0-9]/.test(char)) bits |= ALNUM
  if (/[A-Za-z0-9_-]/.test(char)) bits |= URL64
  if (/[A-Za-z0-9+/=]/.test(char)) bits |= BASE64
  BYTE_CLASS[byte] = bits
}
