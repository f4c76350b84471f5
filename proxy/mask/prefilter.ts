import { FROM_SERVER } from '../wire/codes.ts'
import type { MaskPlan } from './plan.ts'
import type { MaskHits } from './scan-text.ts'

/** Type byte, length word, column count. */
const ROW_HEAD = 7

const IGNORED: MaskHits = { add: () => undefined }

/**
 * Whether a pattern could be found in what lies in `[start, end)`, for plans of kind `scan`: a row at the front, and after it anything
 * that the server sent, the last frame perhaps cut off. Never false where `rewriteRow` would change one of the whole rows of this plan.
 * Columns are not looked at one by one, except those whose values are no text.
 */
export function mayContain(plan: MaskPlan, src: Buffer, start: number, end: number): boolean {
  return plan.patterns.mayContain(src, start, end) || (plan.hidden.length > 0 && hiddenHit(plan, src, start, end))
}

function hiddenHit(plan: MaskPlan, src: Buffer, start: number, end: number): boolean {
  for (let frame = start; frame + ROW_HEAD <= end; ) {
    const next = frame + 1 + src.readUInt32BE(frame + 1)
    if (next > end) return false
    if (src[frame] === FROM_SERVER.dataRow && rowHit(plan, src, frame, next)) return true
    frame = next
  }
  return false
}

function rowHit(plan: MaskPlan, src: Buffer, start: number, end: number): boolean {
  if (src.readUInt16BE(start + 5) !== plan.columns.length) return true
  const last = plan.hidden.at(-1)!
  let at = start + ROW_HEAD
  for (let i = 0; i <= last; i++) {
    if (at + 4 > end) return true
    const length = src.readInt32BE(at)
    const next = at + 4 + Math.max(length, 0)
    if (next > end) return true
    const column = plan.columns[i]!
    if (length >= 0 && !column.visible && column.scan!(src, at + 4, next, IGNORED) !== undefined) return true
    at = next
  }
  return false
}
