import { GatewayError } from '../errors.ts'
import { FROM_SERVER, HEADER } from './codes.ts'
import { ByteSink } from './sink.ts'

/** One field of a RowDescription (protocol, "RowDescription (B)"). */
export interface RowField {
  readonly name: string
  /** 0 when the column is not simply a table's column. */
  readonly tableOid: number
  /** `pg_attribute.attnum`, 0 with `tableOid` 0. */
  readonly attnum: number
  readonly typeOid: number
  /** Negative: variable. */
  readonly typeSize: number
  readonly typmod: number
  readonly format: 0 | 1
}

/** Reads one whole RowDescription frame at `[start, end)`. Throws `protocol` when it does not fit its own length. */
export function parseRowDescription(frame: Buffer, start: number, end: number): RowField[] {
  let at = start + HEADER
  const fields: RowField[] = []
  if (at + 2 > end) throw malformed()
  const count = frame.readUInt16BE(at)
  at += 2
  for (let i = 0; i < count; i++) {
    const zero = frame.indexOf(0, at)
    if (zero < 0 || zero + 19 > end) throw malformed()
    const name = frame.toString('utf8', at, zero)
    at = zero + 1
    fields.push({
      name,
      tableOid: frame.readUInt32BE(at),
      attnum: frame.readInt16BE(at + 4),
      typeOid: frame.readUInt32BE(at + 6),
      typeSize: frame.readInt16BE(at + 10),
      typmod: frame.readInt32BE(at + 12),
      format: frame.readInt16BE(at + 16) === 0 ? 0 : 1,
    })
    at += 18
  }
  if (at !== end) throw malformed()
  return fields
}

function malformed(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: 'malformed RowDescription from the server', severity: 'FATAL' })
}

/** The frame for these fields: what the server would have said with the formats that Bind asked for. */
export function rowDescriptionFrame(fields: readonly RowField[]): Buffer {
  const sink = new ByteSink(256)
  const at = sink.beginFrame(FROM_SERVER.rowDescription)
  sink.int16(fields.length)
  for (const field of fields) {
    sink.cstring(field.name)
    sink.int32(field.tableOid | 0)
    sink.int16(field.attnum)
    sink.int32(field.typeOid | 0)
    sink.int16(field.typeSize)
    sink.int32(field.typmod)
    sink.int16(field.format)
  }
  sink.endFrame(at)
  return sink.take()
}
