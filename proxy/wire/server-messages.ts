/** What we say to a client in the server's place (protocol, "Message Formats", B). */
import type { GatewayErrorFields } from '../errors.ts'
import { FROM_SERVER } from './codes.ts'
import { ByteSink } from './sink.ts'

/** ErrorResponse or NoticeResponse, fields as in protocol section "Error and Notice Message Fields". */
export function errorFrame(fields: GatewayErrorFields): Buffer {
  return report(FROM_SERVER.error, fields.severity ?? 'ERROR', fields)
}

export function noticeFrame(message: string, hint?: string): Buffer {
  return report(FROM_SERVER.notice, 'NOTICE', hint === undefined ? { sqlstate: '00000', message } : { sqlstate: '00000', message, hint })
}

function report(type: number, severity: string, fields: Omit<GatewayErrorFields, 'code' | 'severity'>): Buffer {
  const sink = new ByteSink(256)
  const at = sink.beginFrame(type)
  const put = (code: string, value: string | number | undefined) => {
    if (value === undefined) return
    sink.text(code)
    sink.cstring(clean(String(value)))
  }
  put('S', severity)
  put('V', severity)
  put('C', fields.sqlstate)
  put('M', fields.message)
  put('D', fields.detail)
  put('H', fields.hint)
  put('P', fields.position)
  sink.byte(0)
  sink.endFrame(at)
  return sink.take()
}

/** A zero byte would end the field early and let the rest pass as fields of its own. */
function clean(text: string): string {
  return text.replaceAll('\0', '\\0')
}

export function readyFrame(status: number): Buffer {
  return Buffer.from([FROM_SERVER.readyForQuery, 0, 0, 0, 5, status])
}

/** AuthenticationOk is 0, AuthenticationCleartextPassword 3. */
export function authenticationFrame(request: 0 | 3): Buffer {
  return Buffer.from([FROM_SERVER.authentication, 0, 0, 0, 8, 0, 0, 0, request])
}

/** AuthenticationSASL: the mechanisms to choose from. */
export function saslFrame(mechanisms: readonly string[]): Buffer {
  const sink = new ByteSink(64)
  const at = sink.beginFrame(FROM_SERVER.authentication)
  sink.int32(10)
  for (const mechanism of mechanisms) sink.cstring(mechanism)
  sink.byte(0)
  sink.endFrame(at)
  return sink.take()
}

/** AuthenticationSASLContinue: a challenge. */
export function saslContinueFrame(challenge: Buffer): Buffer {
  const sink = new ByteSink(256)
  const at = sink.beginFrame(FROM_SERVER.authentication)
  sink.int32(11)
  sink.copy(challenge, 0, challenge.length)
  sink.endFrame(at)
  return sink.take()
}

export function parameterStatusFrame(name: string, value: string): Buffer {
  const sink = new ByteSink(64)
  const at = sink.beginFrame(FROM_SERVER.parameterStatus)
  sink.cstring(name)
  sink.cstring(value)
  sink.endFrame(at)
  return sink.take()
}

export function backendKeyFrame(processId: number, secret: Buffer): Buffer {
  const sink = new ByteSink(64)
  const at = sink.beginFrame(FROM_SERVER.backendKeyData)
  sink.int32(processId)
  sink.copy(secret, 0, secret.length)
  sink.endFrame(at)
  return sink.take()
}

/** NegotiateProtocolVersion: the newest minor version of protocol 3 that we speak, and the `_pq_.` options we do not know. */
export function negotiateVersionFrame(minor: number, unknown: readonly string[]): Buffer {
  const sink = new ByteSink(64)
  const at = sink.beginFrame(FROM_SERVER.negotiateVersion)
  sink.int32((3 << 16) | minor)
  sink.int32(unknown.length)
  for (const name of unknown) sink.cstring(name)
  sink.endFrame(at)
  return sink.take()
}
