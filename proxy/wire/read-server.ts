/** The server's messages that we read for ourselves: the login and our own look-ups. Every read is held to the body it was given. */
import { GatewayError } from '../errors.ts'

/** The body of one message, without type and length. */
export interface ServerMessage {
  readonly type: number
  readonly body: Buffer
}

/** Strings that end in zero bytes, up to an empty one or the end of the body. Throws `protocol`. */
export function readStrings(body: Buffer, at: number): string[] {
  const strings: string[] = []
  while (at < body.length && body[at] !== 0) {
    const zero = body.indexOf(0, at)
    if (zero < 0) throw malformed()
    strings.push(body.toString('utf8', at, zero))
    at = zero + 1
  }
  return strings
}

/** Fields of an ErrorResponse by their letter. Throws `protocol`. */
export function readErrorFields(body: Buffer): ReadonlyMap<string, string> {
  return new Map(readStrings(body, 0).map((field) => [field.slice(0, 1), field.slice(1)]))
}

/** ParameterStatus. Throws `protocol`. */
export function readParameterStatus(body: Buffer): readonly [name: string, value: string] {
  const nameEnd = body.indexOf(0)
  const valueEnd = body.indexOf(0, nameEnd + 1)
  if (nameEnd < 0 || valueEnd !== body.length - 1) throw malformed()
  return [body.toString('utf8', 0, nameEnd), body.toString('utf8', nameEnd + 1, valueEnd)]
}

/** DataRow, all values as text. Throws `protocol`. */
export function readTextRow(body: Buffer): (string | null)[] {
  if (body.length < 2) throw malformed()
  const row: (string | null)[] = []
  let at = 2
  for (let i = body.readUInt16BE(0); i > 0; i--) {
    if (at + 4 > body.length) throw malformed()
    const length = body.readInt32BE(at)
    at += 4
    if (length < -1 || at + Math.max(length, 0) > body.length) throw malformed()
    row.push(length < 0 ? null : body.toString('utf8', at, at + length))
    at += Math.max(length, 0)
  }
  if (at !== body.length) throw malformed()
  return row
}

export function readInt32(body: Buffer, at: number): number {
  if (at + 4 > body.length) throw malformed()
  return body.readInt32BE(at)
}

function malformed(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: 'malformed message from the database server', severity: 'FATAL' })
}
