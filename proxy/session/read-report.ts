/** What the server says of itself: ErrorResponse, NoticeResponse, ParameterStatus, ParameterDescription (protocol, "Message Formats"). */
import { GatewayError } from '../errors.ts'
import { HEADER } from '../wire/codes.ts'

/** With either of these another way, the server reads other statements than the grammar does. */
export function checkPinned(buf: Buffer, from: number, to: number): void {
  const [name, value] = buf.toString('utf8', from + HEADER, to - 1).split('\0')
  if ((name !== 'standard_conforming_strings' || value === 'on') && (name !== 'client_encoding' || value === 'UTF8')) return
  throw new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `the server changed ${name} to ${value}: statements could no longer be read safely`,
    severity: 'FATAL',
  })
}

export function readOids(buf: Buffer, from: number, to: number): number[] {
  const oids: number[] = []
  for (let at = from + HEADER + 2; at + 4 <= to; at += 4) oids.push(buf.readUInt32BE(at))
  return oids
}

export function readSqlstate(buf: Buffer, from: number, to: number): string {
  return readField(buf, from, to, 0x43) ?? 'XX000'
}

/** Field `V` of an ErrorResponse is never translated. */
export function isFarewell(buf: Buffer, from: number, to: number): boolean {
  const severity = readField(buf, from, to, 0x56)
  return severity === 'FATAL' || severity === 'PANIC'
}

/** LOG and DEBUG: what the server writes of statements and their parameters, and a plan that ends when its portal does. */
export function isLog(buf: Buffer, from: number, to: number): boolean {
  const severity = readField(buf, from, to, 0x56) ?? ''
  return severity === 'LOG' || severity.startsWith('DEBUG')
}

function readField(buf: Buffer, from: number, to: number, code: number): string | undefined {
  for (let at = from + HEADER; at < to && buf[at] !== 0; ) {
    const zero = buf.indexOf(0, at)
    if (buf[at] === code) return buf.toString('latin1', at + 1, zero)
    at = zero + 1
  }
  return undefined
}
