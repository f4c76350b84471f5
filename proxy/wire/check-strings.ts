import { GatewayError } from '../errors.ts'
import { HEADER } from './codes.ts'

/**
 * Throws unless an ErrorResponse or NoticeResponse `[from, to)` is what the protocol says: fields of one byte and a string that ends in
 * zero, then a zero (section 55.8). A client that trusts its server may never come back from one that is not.
 */
export function checkReport(buf: Buffer, from: number, to: number): void {
  let at = from + HEADER
  while (at < to && buf[at] !== 0) at = afterString(buf, at + 1, to)
  if (at !== to - 1) throw misshapen(buf[from] ?? 0)
}

/** Throws unless a NotificationResponse or ParameterStatus `[from, to)` is `head` bytes and two strings. `head` counts from the message's type. */
export function checkTwoStrings(buf: Buffer, from: number, to: number, head: number): void {
  const at = afterString(buf, from + head, to)
  if (at > to || afterString(buf, at, to) !== to) throw misshapen(buf[from] ?? 0)
}

/** Beyond `to` where the string does not end. */
function afterString(buf: Buffer, at: number, to: number): number {
  const zero = at < to ? buf.indexOf(0, at) : -1
  return zero < 0 || zero >= to ? to + 1 : zero + 1
}

function misshapen(type: number): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `the database server sent a message of type ${String.fromCharCode(type)} that is not shaped as the protocol says`,
    severity: 'FATAL',
  })
}
