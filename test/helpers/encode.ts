/**
 * Frontend messages of protocol 3.0 and 3.2, written from the manual (section 55.7), independent of `proxy/`, so that a mistake
 * there is not repeated here. Lengths can be forged.
 */
export type Text = string | Buffer

const int16 = (n: number): Buffer => {
  const out = Buffer.alloc(2)
  out.writeUInt16BE(n & 0xffff)
  return out
}
export const int32 = (n: number): Buffer => {
  const out = Buffer.alloc(4)
  out.writeInt32BE(n | 0)
  return out
}
const cstring = (text: Text): Buffer => Buffer.concat([Buffer.from(text as string), Buffer.from([0])])
const list = (items: readonly Buffer[]): Buffer => Buffer.concat([int16(items.length), ...items])

/** Any tagged message. `length` forges the length field. */
export function message(tag: string, body: Buffer = Buffer.alloc(0), length = body.length + 4): Buffer {
  return Buffer.concat([Buffer.from(tag, 'latin1'), int32(length), body])
}

/** Any message without a tag, as before the login. */
export function untagged(body: Buffer, length = body.length + 4): Buffer {
  return Buffer.concat([int32(length), body])
}

export const PROTOCOL_3_0 = 0x0003_0000
export const PROTOCOL_3_2 = 0x0003_0002

export function startup(parameters: Readonly<Record<string, string>>, version = PROTOCOL_3_0): Buffer {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => [cstring(name), cstring(value)])
  return untagged(Buffer.concat([int32(version), ...pairs, Buffer.from([0])]))
}
export const sslRequest = (): Buffer => untagged(int32(80877103))
export const gssRequest = (): Buffer => untagged(int32(80877104))
export const cancelRequest = (pid: number, secret: Buffer): Buffer => untagged(Buffer.concat([int32(80877102), int32(pid), secret]))

export const password = (text: Text): Buffer => message('p', cstring(text))
export const saslInitial = (mechanism: string, data: Buffer): Buffer =>
  message('p', Buffer.concat([cstring(mechanism), int32(data.length), data]))
export const saslResponse = (data: Buffer): Buffer => message('p', data)

export const query = (sql: Text): Buffer => message('Q', cstring(sql))
export const parse = (sql: Text, name: Text = '', types: readonly number[] = []): Buffer =>
  message('P', Buffer.concat([cstring(name), cstring(sql), list(types.map(int32))]))

export type Value = string | Buffer | null
export interface BindOptions {
  readonly portal?: Text
  readonly statement?: Text
  readonly parameterFormats?: readonly number[]
  readonly resultFormats?: readonly number[]
}
export function bind(values: readonly Value[] = [], options: BindOptions = {}): Buffer {
  const parameters = values.map((value) => {
    if (value === null) return int32(-1)
    const bytes = Buffer.from(value as string)
    return Buffer.concat([int32(bytes.length), bytes])
  })
  return message(
    'B',
    Buffer.concat([
      cstring(options.portal ?? ''),
      cstring(options.statement ?? ''),
      list((options.parameterFormats ?? []).map(int16)),
      list(parameters),
      list((options.resultFormats ?? []).map(int16)),
    ]),
  )
}
export const describeStatement = (name: Text = ''): Buffer => message('D', Buffer.concat([Buffer.from('S'), cstring(name)]))
export const describePortal = (name: Text = ''): Buffer => message('D', Buffer.concat([Buffer.from('P'), cstring(name)]))
export const closeStatement = (name: Text = ''): Buffer => message('C', Buffer.concat([Buffer.from('S'), cstring(name)]))
export const closePortal = (name: Text = ''): Buffer => message('C', Buffer.concat([Buffer.from('P'), cstring(name)]))
export const execute = (portal: Text = '', rows = 0): Buffer => message('E', Buffer.concat([cstring(portal), int32(rows)]))
export const sync = (): Buffer => message('S')
export const flush = (): Buffer => message('H')
export const terminate = (): Buffer => message('X')
export const copyData = (data: Text): Buffer => message('d', Buffer.from(data as string))
export const copyDone = (): Buffer => message('c')
export const copyFail = (why: Text): Buffer => message('f', cstring(why))
export function functionCall(oid: number, values: readonly Buffer[]): Buffer {
  const parameters = values.map((bytes) => Buffer.concat([int32(bytes.length), bytes]))
  return message('F', Buffer.concat([int32(oid), list([int16(1)]), list(parameters), int16(1)]))
}
