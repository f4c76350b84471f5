import { COMPUTE, CONSTANT, KEEP, type MaskPlan } from './plan.ts'
import type { MaskHits } from './scan-text.ts'

/**
 * One value by itself, for COPY. `start` < 0 is SQL NULL. The answer: a buffer replaces it, null makes it NULL, undefined leaves it.
 */
export function maskValue(
  plan: MaskPlan,
  column: number,
  src: Buffer,
  start: number,
  end: number,
  hits: MaskHits,
): Buffer | null | undefined {
  const planned = plan.columns[column]!
  const isNull = start < 0
  switch (planned.action) {
    case KEEP:
      return undefined
    case CONSTANT:
      if (isNull && planned.keepNull) return undefined
      return planned.constant.readInt32BE(0) < 0 ? null : planned.constant.subarray(4)
    case COMPUTE:
      return isNull ? undefined : planned.compute!(src, start, end)
    default:
      if (isNull || (planned.visible && !plan.patterns.mayContain(src, start, end))) return undefined
      return planned.scan!(src, start, end, hits)
  }
}
