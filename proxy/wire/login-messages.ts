/** What we say to the server before there is a session (protocol, "Message Formats", F). */
import { FROM_CLIENT } from './codes.ts'
import { ByteSink } from './sink.ts'

export const SSL_REQUEST: Buffer = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** StartupMessage of protocol 3.`minor`. Throws for a zero byte in a name or value: the rest would pass as parameters of its own. */
export function startupFrame(minor: number, parameters: ReadonlyMap<string, string>): Buffer {
  const sink = new ByteSink(256)
  sink.int32(0)
  sink.int32((3 << 16) | minor)
  for (const [name, value] of parameters) {
    if (name.includes('\0') || value.includes('\0')) throw new Error(`the start-up parameter ${JSON.stringify(name)} has a zero byte`)
    sink.cstring(name)
    sink.cstring(value)
  }
  sink.byte(0)
  sink.endFrame(0)
  return sink.take()
}

export function passwordFrame(password: string): Buffer {
  return answerFrame(Buffer.from(`${password}\0`))
}

export function saslInitialFrame(mechanism: string, response: Buffer): Buffer {
  const head = Buffer.alloc(mechanism.length + 5)
  head.write(mechanism, 'latin1')
  head.writeInt32BE(response.length, mechanism.length + 1)
  return answerFrame(Buffer.concat([head, response]))
}

/** PasswordMessage or SASLResponse. */
export function answerFrame(body: Buffer): Buffer {
  const sink = new ByteSink(body.length + 5)
  const at = sink.beginFrame(FROM_CLIENT.password)
  sink.copy(body, 0, body.length)
  sink.endFrame(at)
  return sink.take()
}

export function queryFrame(sql: string): Buffer {
  const sink = new ByteSink(sql.length + 16)
  const at = sink.beginFrame(FROM_CLIENT.query)
  sink.cstring(sql)
  sink.endFrame(at)
  return sink.take()
}
