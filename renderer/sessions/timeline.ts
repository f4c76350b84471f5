import type { StatementRecord } from './assemble.ts'

/** Milliseconds of silence that fold to a gap. */
export const IDLE_MS = 30_000
/** Share of the width that a folded gap takes. */
const GAP_SHARE = 0.025

export type Piece =
  /** `held`: 0 to 1, the part of the bar that was waiting for a person. */
  | { readonly kind: 'bar'; readonly statement: StatementRecord; readonly left: number; readonly width: number; readonly held: number }
  | { readonly kind: 'gap'; readonly ms: number; readonly left: number; readonly width: number }

/** Statements as bars along 0 to 1, idle times over 30 s folded. `now` ends what still runs. Milliseconds since the epoch. */
export function layTimeline(statements: readonly StatementRecord[], now: number): Piece[] {
  const spans = statements.map((statement) => spanOf(statement, now))
  const gaps: { readonly from: number; readonly to: number }[] = []
  let reached = spans[0]?.start ?? 0
  for (const span of spans) {
    if (span.start - reached > IDLE_MS) gaps.push({ from: reached, to: span.start })
    reached = Math.max(reached, span.end)
  }
  const start = spans[0]?.start ?? 0
  const idle = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0)
  const busy = Math.max(1, reached - start - idle)
  const gapShare = Math.min(GAP_SHARE, 0.5 / Math.max(1, gaps.length))
  const scale = (1 - gapShare * gaps.length) / busy
  /** Where a moment stands, 0 to 1. */
  const at = (time: number) => {
    let place = (time - start) * scale
    for (const gap of gaps) if (gap.to <= time) place += gapShare - (gap.to - gap.from) * scale
    return place
  }
  return [
    ...gaps.map((gap): Piece => ({ kind: 'gap', ms: gap.to - gap.from, left: at(gap.from), width: gapShare })),
    ...spans.map(
      (span): Piece => ({
        kind: 'bar',
        statement: span.statement,
        left: at(span.start),
        width: Math.max(0, at(span.end) - at(span.start)),
        held: span.end > span.start ? (span.released - span.start) / (span.end - span.start) : 0,
      }),
    ),
  ]
}

function spanOf(statement: StatementRecord, now: number) {
  const start = statement.statement.at
  const held = statement.asked !== undefined || statement.outcome === 'held'
  const released = held ? (statement.answered?.at ?? (statement.outcome === 'held' ? now : start)) : start
  const end =
    statement.finished?.at ??
    statement.answered?.at ??
    (statement.outcome === 'held' || (statement.sent && !statement.finished) ? now : start)
  return { statement, start, end: Math.max(start, end), released: Math.max(start, released) }
}
