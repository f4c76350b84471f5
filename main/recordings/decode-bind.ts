/**
 * The parameters of a Bind body (protocol section 55.7) as text: null is SQL NULL. Their types are not in it, so a binary one stands as
 * `\x…`. Undefined when it is not a whole Bind body.
 */
export function decodeBind(body: Buffer): (string | null)[] | undefined {
  try {
    let at = body.indexOf(0) + 1
    at = body.indexOf(0, at) + 1
    const formatCount = body.readUInt16BE(at)
    at += 2
    const formats = Array.from({ length: formatCount }, (_, i) => body.readUInt16BE(at + i * 2))
    at += formatCount * 2
    const count = body.readUInt16BE(at)
    at += 2
    const values: (string | null)[] = []
    for (let i = 0; i < count; i++) {
      const length = body.readInt32BE(at)
      at += 4
      if (length === -1) {
        values.push(null)
        continue
      }
      if (length < 0 || at + length > body.length) return undefined
      const format = formatCount === 1 ? formats[0] : formats[i]
      const value = body.subarray(at, at + length)
      values.push(format === 1 ? `\\x${value.toString('hex')}` : value.toString('utf8'))
      at += length
    }
    return values
  } catch (cause) {
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}
