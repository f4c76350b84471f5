import { GatewayError } from '../errors.ts'
import type { ByteSink } from '../wire/sink.ts'
import { COMPUTE, CONSTANT, KEEP, type MaskPlan } from './plan.ts'
import type { MaskHits } from './scan-text.ts'

/** Type byte, length word, column count. */
const ROW_HEAD = 7

/**
 * Writes one whole DataRow frame `[start, end)` to `sink`, masked by `plan`. Columns are walked once, up to the last that needs anything;
 * what lies between is copied in runs. What patterns find is counted in `hits`.
 * Throws `GatewayError` (`protocol`) if the row does not fit its own lengths or has another number of columns than the plan.
 */
export function rewriteRow(plan: MaskPlan, src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void {
  if (end - start < ROW_HEAD || src.readUInt16BE(start + 5) !== plan.columns.length) throw malformed()
  const frameAt = sink.length
  const { actions, columns, upTo } = plan
  let copied = start
  let at = start + ROW_HEAD
  for (let i = 0; i < upTo; i++) {
    if (at + 4 > end) throw malformed()
    const length = (src[at]! << 24) | (src[at + 1]! << 16) | (src[at + 2]! << 8) | src[at + 3]!
    const value = at + 4
    const next = length < 0 ? value : value + length
    if (next > end || length < -1) throw malformed()
    const action = actions[i]
    if (action !== KEEP) {
      const column = columns[i]!
      if (action === CONSTANT) {
        if (length >= 0 || !column.keepNull) {
          sink.copy(src, copied, at)
          sink.copy(column.constant, 0, column.constant.length)
          copied = next
        }
      } else if (length >= 0) {
        const masked = action === COMPUTE ? column.compute!(src, value, next) : scanValue(plan, i, src, value, next, hits)
        if (masked !== undefined) {
          sink.copy(src, copied, at)
          sink.int32(masked === null ? -1 : masked.length)
          if (masked !== null) sink.copy(masked, 0, masked.length)
          copied = next
        }
      }
    }
    at = next
  }
  sink.copy(src, copied, end)
  sink.buf.writeInt32BE(sink.length - frameAt - 1, frameAt + 1)
}

function scanValue(plan: MaskPlan, i: number, src: Buffer, start: number, end: number, hits: MaskHits): Buffer | null | undefined {
  const column = plan.columns[i]!
  if (column.visible && !plan.patterns.mayContain(src, start, end)) return undefined
  return column.scan!(src, start, end, hits)
}

function malformed(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: 'malformed DataRow from the server', severity: 'FATAL' })
}
