import type { MaskPlan } from '../../proxy/mask/plan.ts'
import { rewriteRow } from '../../proxy/mask/row.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { type Cell, dataRow, readRow } from './build.ts'

/** Runs one row through a plan; the row stands in the middle of other bytes, as it does in a socket's buffer. */
export function rewriteCells(plan: MaskPlan, values: readonly Cell[], hits = new Set<string>()): (Buffer | null)[] {
  const row = dataRow(values)
  const src = Buffer.concat([Buffer.from('xxxxx'), row, Buffer.from('4111111111111111')])
  const sink = new ByteSink(8)
  sink.text('before')
  rewriteRow(plan, src, 5, 5 + row.length, sink, hits)
  return readRow(Buffer.from(sink.buf.subarray(6, sink.length)))
}

export function rewriteTexts(plan: MaskPlan, values: readonly Cell[], hits = new Set<string>()): (string | null)[] {
  return rewriteCells(plan, values, hits).map((value) => (value === null ? null : value.toString('utf8')))
}
