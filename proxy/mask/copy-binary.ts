import { GatewayError } from '../errors.ts'
import type { ByteSink } from '../wire/sink.ts'
import { type CopyRows, unsupported, wrongColumns } from './copy-rows.ts'
import { maskValue } from './mask-value.ts'
import type { MaskPlan } from './plan.ts'
import type { MaskHits } from './scan-text.ts'

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Signature, flags, length of the header's extension. */
const HEAD = SIGNATURE.length + 8

/** Binary format (documentation, "COPY", Binary Format): a header, tuples, and -1 as trailer. */
export function binaryRows(plan: MaskPlan): CopyRows {
  let started = false

  function headEnd(src: Buffer, start: number, end: number): number {
    if (end - start < HEAD) return -1
    if (src.compare(SIGNATURE, 0, SIGNATURE.length, start, start + SIGNATURE.length) !== 0) throw malformed()
    // Bit 16: OIDs come as a column of their own, which no server since version 12 sends.
    if (src.readUInt32BE(start + SIGNATURE.length) !== 0) throw unsupported('binary COPY with flags cannot be masked')
    const stop = start + HEAD + src.readUInt32BE(start + HEAD - 4)
    return stop > end ? -1 : stop
  }

  function endOf(src: Buffer, start: number, end: number): number {
    if (!started) return headEnd(src, start, end)
    if (end - start < 2) return -1
    const count = src.readInt16BE(start)
    if (count < -1) throw malformed()
    let at = start + 2
    for (let i = 0; i < count; i++) {
      if (at + 4 > end) return -1
      at += 4 + Math.max(src.readInt32BE(at), 0)
    }
    return at > end ? -1 : at
  }

  function rewrite(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void {
    const count = started ? src.readInt16BE(start) : -1
    started = true
    if (count < 0) {
      sink.copy(src, start, end)
      return
    }
    if (count !== plan.columns.length) throw wrongColumns(count, plan)
    let copied = start
    let at = start + 2
    for (let i = 0; i < plan.upTo; i++) {
      const length = src.readInt32BE(at)
      const next = at + 4 + Math.max(length, 0)
      const masked = length < 0 ? maskValue(plan, i, src, -1, -1, hits) : maskValue(plan, i, src, at + 4, next, hits)
      if (masked !== undefined) {
        sink.copy(src, copied, at)
        sink.int32(masked === null ? -1 : masked.length)
        if (masked !== null) sink.copy(masked, 0, masked.length)
        copied = next
      }
      at = next
    }
    sink.copy(src, copied, end)
  }

  return {
    endOf,
    rewrite,
    finish() {
      throw malformed()
    },
  }
}

function malformed(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: 'malformed binary COPY data from the server', severity: 'FATAL' })
}
