import { GatewayError } from '../errors.ts'
import type { ByteSink } from '../wire/sink.ts'
import { COMPUTE, CONSTANT, KEEP, type MaskPlan } from './plan.ts'
import { RowSearch } from './row-search.ts'
import type { MaskHits } from './scan-text.ts'

/** Type byte, length word, column count. */
const ROW_HEAD = 7

/** Below this many bytes a loop beats a call out of JavaScript. */
const SHORT = 48

/**
 * Writes one whole DataRow frame `[start, end)` to `sink`, masked by `plan`. Columns are walked once, up to the last that needs anything;
 * what lies between is copied in runs. Patterns that hit are added to `hits`. `clean`: `mayContain` has said no of a window that holds this row.
 * `search`: has begun with the bytes from here on.
 * Throws `GatewayError` (`protocol`) if the row does not fit its own lengths or has another number of columns than the plan.
 */
export function rewriteRow(
  plan: MaskPlan,
  src: Buffer,
  start: number,
  end: number,
  sink: ByteSink,
  hits: MaskHits,
  clean = false,
  search = searchFor(plan, end),
): void {
  const { actions, columns, upTo } = plan
  // Most rows of a window with a hit have none of their own.
  if (plan.kind === 'scan' && plan.hidden.length === 0 && !search.mayHold(src, start, end)) {
    sink.copy(src, start, end)
    return
  }
  if (end - start < ROW_HEAD || ((src[start + 5]! << 8) | src[start + 6]!) !== columns.length) throw malformed()
  sink.reserve(end - start + plan.growth)
  let dst = sink.buf
  const frameAt = sink.length
  let to = frameAt
  let copied = start
  let at = start + ROW_HEAD
  for (let i = 0; i < upTo; i++) {
    const value = at + 4
    if (value > end) throw malformed()
    const length = (src[at]! << 24) | (src[at + 1]! << 16) | (src[at + 2]! << 8) | src[at + 3]!
    const next = length < 0 ? value : value + length
    if (next > end || length < -1) throw malformed()
    const action = actions[i]!
    if (action === CONSTANT) {
      const column = columns[i]!
      if (length >= 0 || !column.keepNull) {
        to = copyRun(src, copied, at, dst, to)
        to = copyRun(column.constant, 0, column.constant.length, dst, to)
        copied = next
      }
    } else if (action !== KEEP && length >= 0) {
      const column = columns[i]!
      let masked: Buffer | null | undefined
      if (action === COMPUTE) masked = column.compute!(src, value, next)
      else if (!clean && (!column.visible || search.mayHold(src, value, next))) masked = column.scan!(src, value, next, hits)
      if (masked !== undefined) {
        to = copyRun(src, copied, at, dst, to)
        sink.length = to
        sink.reserve(4 + (masked === null ? 0 : masked.length) + end - next + plan.growth)
        sink.int32(masked === null ? -1 : masked.length)
        dst = sink.buf
        to = masked === null ? sink.length : copyRun(masked, 0, masked.length, dst, sink.length)
        copied = next
      }
    }
    at = next
  }
  sink.length = copyRun(src, copied, end, dst, to)
  sink.buf.writeInt32BE(sink.length - frameAt - 1, frameAt + 1)
}

const oneRow = new RowSearch()

function searchFor(plan: MaskPlan, end: number): RowSearch {
  oneRow.begin(plan.patterns, end)
  return oneRow
}

/** Copies; the answer is where the copy ends. Room was reserved. */
function copyRun(src: Buffer, start: number, end: number, dst: Buffer, to: number): number {
  if (end - start > SHORT) {
    src.copy(dst, to, start, end)
    return to + end - start
  }
  while (start < end) dst[to++] = src[start++]!
  return to
}

function malformed(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: 'malformed DataRow from the server', severity: 'FATAL' })
}
