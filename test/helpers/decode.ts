/** Backend messages of protocol 3.0 and 3.2 (section 55.7), read independently of `proxy/`. */

/** One message as it came. */
export interface Message {
  readonly tag: string
  readonly body: Buffer
}

/** Splits a stream into messages; keeps what is not whole yet. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0)

  read(chunk: Buffer): Message[] {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const found: Message[] = []
    while (bytes.length >= 5) {
      const length = bytes.readInt32BE(1)
      if (length < 4) throw new Error(`the server sent a message '${String.fromCharCode(bytes[0] ?? 0)}' of length ${length}`)
      if (bytes.length < length + 1) break
      found.push({ tag: String.fromCharCode(bytes[0] ?? 0), body: Buffer.from(bytes.subarray(5, length + 1)) })
      bytes = bytes.subarray(length + 1)
    }
    this.#rest = bytes
    return found
  }

  /** Bytes of a message that has not come whole. */
  get pending(): number {
    return this.#rest.length
  }
}

export interface Column {
  readonly name: string
  readonly table: number
  readonly attnum: number
  readonly type: number
  readonly size: number
  readonly modifier: number
  readonly format: number
}

/** The fields of an ErrorResponse or NoticeResponse by their letter: `C` SQLSTATE, `M` message, `D` detail, `H` hint, `P` position. */
export type Fields = Readonly<Record<string, string>>

export function decodeFields(body: Buffer): Fields {
  const fields: Record<string, string> = {}
  let at = 0
  while (at < body.length && body[at] !== 0) {
    const end = body.indexOf(0, at + 1)
    if (end < 0) throw new Error('an error or a notice whose last field does not end')
    fields[String.fromCharCode(body[at] ?? 0)] = body.toString('utf8', at + 1, end)
    at = end + 1
  }
  return fields
}

export function decodeColumns(body: Buffer): Column[] {
  const columns: Column[] = []
  let at = 2
  for (let i = body.readUInt16BE(0); i > 0; i--) {
    const end = body.indexOf(0, at)
    const name = body.toString('utf8', at, end)
    at = end + 1
    columns.push({
      name,
      table: body.readUInt32BE(at),
      attnum: body.readInt16BE(at + 4),
      type: body.readUInt32BE(at + 6),
      size: body.readInt16BE(at + 10),
      modifier: body.readInt32BE(at + 12),
      format: body.readInt16BE(at + 16),
    })
    at += 18
  }
  if (at !== body.length) throw new Error(`RowDescription has ${body.length - at} bytes too many`)
  return columns
}

export function decodeRow(body: Buffer): (Buffer | null)[] {
  const values: (Buffer | null)[] = []
  let at = 2
  for (let i = body.readUInt16BE(0); i > 0; i--) {
    const length = body.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : body.subarray(at, at + length))
    if (length > 0) at += length
  }
  if (at !== body.length) throw new Error(`DataRow has ${body.length - at} bytes too many`)
  return values
}

/** A message in a form that two sessions can be compared by. */
export function describeMessage({ tag, body }: Message): string {
  switch (tag) {
    case 'T':
      return `RowDescription ${decodeColumns(body)
        .map((c) => `${c.name}:${c.table}.${c.attnum}:${c.type}:${c.size}:${c.modifier}:${c.format}`)
        .join(' ')}`
    case 'D':
      return `DataRow ${decodeRow(body)
        .map((v) => (v === null ? 'NULL' : JSON.stringify(v.toString('latin1'))))
        .join(' ')}`
    case 'E':
    case 'N': {
      // File, line and routine say where in the server's source: ours have none.
      const { F: _file, L: _line, R: _routine, ...rest } = decodeFields(body)
      return `${tag === 'E' ? 'ErrorResponse' : 'NoticeResponse'} ${JSON.stringify(rest)}`
    }
    case 'K':
      return 'BackendKeyData'
    default:
      return `${NAMES[tag] ?? `'${tag}'`} ${JSON.stringify(body.toString('latin1'))}`
  }
}

const NAMES: Readonly<Record<string, string>> = {
  R: 'Authentication',
  S: 'ParameterStatus',
  Z: 'ReadyForQuery',
  C: 'CommandComplete',
  I: 'EmptyQueryResponse',
  '1': 'ParseComplete',
  '2': 'BindComplete',
  '3': 'CloseComplete',
  n: 'NoData',
  s: 'PortalSuspended',
  t: 'ParameterDescription',
  A: 'NotificationResponse',
  G: 'CopyInResponse',
  H: 'CopyOutResponse',
  d: 'CopyData',
  c: 'CopyDone',
  v: 'NegotiateProtocolVersion',
  V: 'FunctionCallResponse',
}
