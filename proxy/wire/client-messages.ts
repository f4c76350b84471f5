/**
 * What clients send after login (protocol, "Message Formats", F), read in place: each function takes a whole frame `buf[start, end)`
 * and throws `protocol` (08P01, as PostgreSQL words it) when the body does not fit its length.
 */
import { GatewayError } from '../errors.ts'
import { HEADER } from './codes.ts'

/** `[start, end)` of a text inside the frame, without its zero byte. */
export interface TextSpan {
  readonly start: number
  readonly end: number
}

/** Query: the text. Exactly one zero byte, at the end, or the server would read another text than we do. */
export function readQuery(buf: Buffer, start: number, end: number): TextSpan {
  const from = start + HEADER
  if (from >= end || buf[end - 1] !== 0) throw malformed('Query')
  const zero = buf.indexOf(0, from)
  if (zero !== end - 1) throw nulInText()
  return { start: from, end: end - 1 }
}

export interface ParseMessage {
  readonly name: string
  readonly text: TextSpan
  /** Type OIDs that the client fixed; 0 leaves it to the server. */
  readonly types: readonly number[]
}

export function readParse(buf: Buffer, start: number, end: number): ParseMessage {
  const nameEnd = zeroAt(buf, start + HEADER, end, 'Parse')
  const textEnd = zeroAt(buf, nameEnd + 1, end, 'Parse')
  let at = textEnd + 1
  if (at + 2 > end) throw malformed('Parse')
  const count = buf.readUInt16BE(at)
  at += 2
  if (at + count * 4 !== end) throw malformed('Parse')
  const types: number[] = []
  for (let i = 0; i < count; i++, at += 4) types.push(buf.readUInt32BE(at))
  return { name: key(buf, start + HEADER, nameEnd), text: { start: nameEnd + 1, end: textEnd }, types }
}

/** Bind, as far as every Bind is read: the names. */
export interface BindNames {
  readonly portal: string
  readonly statement: string
  /** Where the parameter formats begin. */
  readonly rest: number
}

export function readBindNames(buf: Buffer, start: number, end: number): BindNames {
  const portalEnd = zeroAt(buf, start + HEADER, end, 'Bind')
  const statementEnd = zeroAt(buf, portalEnd + 1, end, 'Bind')
  return { portal: key(buf, start + HEADER, portalEnd), statement: key(buf, portalEnd + 1, statementEnd), rest: statementEnd + 1 }
}

export interface BindBody {
  /** One entry a parameter: its format and bytes, `null` for SQL NULL. */
  readonly parameters: readonly { readonly format: 0 | 1; readonly value: Buffer | null }[]
  /** Result formats as sent: none means all text, one means all of that, else one a column. */
  readonly resultFormats: readonly (0 | 1)[]
}

export function readBindBody(buf: Buffer, rest: number, end: number): BindBody {
  const formats = readFormats(buf, rest, end)
  let at = rest + 2 + formats.length * 2
  if (at + 2 > end) throw malformed('Bind')
  const count = buf.readUInt16BE(at)
  at += 2
  if (formats.length > 1 && formats.length !== count) throw malformed('Bind')
  const parameters: { format: 0 | 1; value: Buffer | null }[] = []
  for (let i = 0; i < count; i++) {
    if (at + 4 > end) throw malformed('Bind')
    const length = buf.readInt32BE(at)
    at += 4
    if (length < -1 || at + Math.max(length, 0) > end) throw malformed('Bind')
    const format = formats.length === 1 ? (formats[0] ?? 0) : (formats[i] ?? 0)
    parameters.push({ format, value: length < 0 ? null : buf.subarray(at, at + length) })
    at += Math.max(length, 0)
  }
  const resultFormats = readFormats(buf, at, end)
  if (at + 2 + resultFormats.length * 2 !== end) throw malformed('Bind')
  return { parameters, resultFormats }
}

/** Bind's result formats alone, passing over the parameters without reading them. The same two arrays come back for the usual cases. */
export function readResultFormats(buf: Buffer, rest: number, end: number): readonly (0 | 1)[] {
  if (rest + 2 > end) throw malformed('Bind')
  let at = rest + 2 + buf.readUInt16BE(rest) * 2
  if (at + 2 > end) throw malformed('Bind')
  const count = buf.readUInt16BE(at)
  at += 2
  for (let i = 0; i < count; i++) {
    if (at + 4 > end) throw malformed('Bind')
    const length = buf.readInt32BE(at)
    if (length < -1 || at + 4 + Math.max(length, 0) > end) throw malformed('Bind')
    at += 4 + Math.max(length, 0)
  }
  if (at + 2 > end) throw malformed('Bind')
  const formats = buf.readUInt16BE(at)
  if (at + 2 + formats * 2 !== end) throw malformed('Bind')
  if (formats === 0) return ALL_TEXT
  return formats === 1 && buf.readInt16BE(at + 2) === 1 ? ALL_BINARY : readFormats(buf, at, end)
}

const ALL_TEXT: readonly (0 | 1)[] = []
const ALL_BINARY: readonly (0 | 1)[] = [1]

function readFormats(buf: Buffer, at: number, end: number): (0 | 1)[] {
  if (at + 2 > end) throw malformed('Bind')
  const count = buf.readUInt16BE(at)
  if (at + 2 + count * 2 > end) throw malformed('Bind')
  const formats: (0 | 1)[] = []
  for (let i = 0; i < count; i++) {
    const format = buf.readInt16BE(at + 2 + i * 2)
    if (format !== 0 && format !== 1) {
      throw new GatewayError({ code: 'unsupported', sqlstate: '22023', message: `unsupported format code: ${format}` })
    }
    formats.push(format)
  }
  return formats
}

/** Describe and Close name a statement (`S`) or a portal (`P`). */
export interface NamedTarget {
  readonly kind: 'statement' | 'portal'
  readonly name: string
}

export function readTarget(buf: Buffer, start: number, end: number, message: 'Describe' | 'Close'): NamedTarget {
  const kind = buf[start + HEADER]
  const nameEnd = zeroAt(buf, start + HEADER + 1, end, message)
  if (nameEnd + 1 !== end) throw malformed(message)
  const name = key(buf, start + HEADER + 1, nameEnd)
  if (kind === 0x53) return { kind: 'statement', name }
  if (kind === 0x50) return { kind: 'portal', name }
  throw new GatewayError({ code: 'protocol', sqlstate: '08P01', message: `invalid ${message.toUpperCase()} message subtype ${kind}` })
}

export interface ExecuteMessage {
  readonly portal: string
  /** 0: no limit. */
  readonly maxRows: number
}

export function readExecute(buf: Buffer, start: number, end: number): ExecuteMessage {
  const nameEnd = zeroAt(buf, start + HEADER, end, 'Execute')
  if (nameEnd + 5 !== end) throw malformed('Execute')
  return { portal: key(buf, start + HEADER, nameEnd), maxRows: buf.readInt32BE(nameEnd + 1) }
}

/** Names are kept as latin1 of their bytes: injective, where UTF-8 decoding would map different invalid bytes to one string. */
function key(buf: Buffer, from: number, to: number): string {
  return from === to ? '' : buf.toString('latin1', from, to)
}

function zeroAt(buf: Buffer, from: number, end: number, message: string): number {
  const zero = buf.indexOf(0, from)
  if (zero < 0 || zero >= end) throw malformed(message)
  return zero
}

function malformed(message: string): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: `invalid message format: ${message}`, severity: 'FATAL' })
}

function nulInText(): GatewayError {
  return new GatewayError({
    code: 'syntax',
    sqlstate: '42601',
    message: 'the statement holds a NUL byte',
    hint: 'Remove the zero byte: PostgreSQL would read the text only up to it.',
  })
}
