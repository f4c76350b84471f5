import { readBinary } from './binary-values.ts'
import { nameOfType } from './type-names.ts'

export interface RowShape {
  readonly columns: readonly { readonly name: string; readonly oid: number; readonly format: number }[]
}

export interface DecodedRows {
  readonly columns: { name: string; type: string }[]
  readonly rows: (string | null)[][]
  /** What the rows were described as: later frames of the same statement come without. */
  readonly shape: RowShape | undefined
}

/** Frames as the client got them (RowDescription, DataRow, CopyOutResponse, CopyData; protocol section 55.7), or what it sent after CopyInResponse, as a table of texts. */
export function decodeRows(frames: Buffer, before: RowShape | undefined): DecodedRows {
  let shape = before
  const rows: (string | null)[][] = []
  let at = 0
  while (at + 5 <= frames.length) {
    const end = at + 1 + frames.readUInt32BE(at + 1)
    if (end > frames.length || end < at + 5) break
    const body = frames.subarray(at + 5, end)
    switch (String.fromCharCode(frames[at] ?? 0)) {
      case 'T':
        shape = readShape(body)
        break
      case 'D':
        rows.push(readRow(body, shape))
        break
      case 'G':
      case 'H':
        shape = { columns: [{ name: frames[at] === 0x47 ? 'copied in' : 'copy', oid: 25, format: body[0] ?? 0 }] }
        break
      case 'd':
        rows.push([body[body.length - 1] === 0x0a ? readable(body.subarray(0, -1)) : readable(body)])
        break
      default:
        break
    }
    at = end
  }
  const width = Math.max(shape?.columns.length ?? 0, rows[0]?.length ?? 0)
  const columns = Array.from({ length: width }, (_, i) => {
    const column = shape?.columns[i]
    return { name: column?.name ?? `column ${i + 1}`, type: column === undefined ? '' : nameOfType(column.oid) }
  })
  return { columns, rows, shape }
}

function readShape(body: Buffer): RowShape {
  const count = body.readUInt16BE(0)
  let at = 2
  const columns = Array.from({ length: count }, () => {
    const nameEnd = body.indexOf(0, at)
    const name = body.toString('utf8', at, nameEnd)
    const oid = body.readUInt32BE(nameEnd + 7)
    const format = body.readUInt16BE(nameEnd + 17)
    at = nameEnd + 19
    return { name, oid, format }
  })
  return { columns }
}

function readRow(body: Buffer, shape: RowShape | undefined): (string | null)[] {
  const count = body.readUInt16BE(0)
  let at = 2
  return Array.from({ length: count }, (_, i) => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    const value = body.subarray(at, at + length)
    at += length
    const column = shape?.columns[i]
    if (column === undefined) return readable(value)
    return column.format === 1 ? readBinary(column.oid, value) : value.toString('utf8')
  })
}

/** Text if it can be read as such, else bytes. */
function readable(value: Buffer): string {
  const text = value.toString('utf8')
  const odd = text.includes('\ufffd') || value.some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20))
  return odd ? `\\x${value.toString('hex')}` : text
}
