/** What is written where a token stands: the token's own form, and the value's in its place. */

const TOKEN = /^tok_[a-z2-7]{20}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The token as a book has it; undefined for what cannot be one. `character(n)` comes padded. */
export function asToken(text: string): string | undefined {
  if (UUID.test(text)) return text.toLowerCase()
  const plain = text.trimEnd()
  return TOKEN.test(plain) ? plain : undefined
}

/** Beyond doubt a token: a uuid can be one too, and mostly is none. */
export function looksLikeToken(text: string): boolean {
  return text.startsWith('tok_') && TOKEN.test(text.trimEnd())
}

/** The elements of an array in its text form, if each is a plain word: tokens and uuids are. Undefined for any other array. */
export function readTextArray(text: string): string[] | undefined {
  const inner = /^\{([^{}\\]*)\}$/.exec(text)?.[1]
  if (inner === undefined || inner === '') return undefined
  const elements = inner.split(',').map((one) => /^\s*(?:"([^"]*)"|([^"\s]+))\s*$/.exec(one))
  return elements.every((one) => one !== null) ? elements.map((one) => one?.[1] ?? one?.[2] ?? '') : undefined
}

/** Documentation, "Array Input and Output Syntax". */
export function writeTextArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`
}

/** `array_recv`: dimensions, flags, element type, length and lower bound, then the elements. Undefined for all but one dimension without NULL. */
export function readBinaryArray(bytes: Buffer): Buffer[] | undefined {
  if (bytes.length < 20 || bytes.readInt32BE(0) !== 1) return undefined
  const count = bytes.readInt32BE(12)
  const elements: Buffer[] = []
  let at = 20
  for (let i = 0; i < count; i++) {
    if (at + 4 > bytes.length) return undefined
    const length = bytes.readInt32BE(at)
    if (length < 0 || at + 4 + length > bytes.length) return undefined
    elements.push(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return at === bytes.length ? elements : undefined
}

/** The same array with other elements. */
export function writeBinaryArray(head: Buffer, values: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [head.subarray(0, 20)]
  for (const value of values) {
    const length = Buffer.alloc(4)
    length.writeInt32BE(value.length)
    parts.push(length, value)
  }
  return Buffer.concat(parts)
}
