import type { Activity } from '../contract/replay.ts'
import type { Db } from '../store/open-database.ts'

const MAX_BUCKETS = 200

/**
 * Statements by how they were judged, in stretches of `step` milliseconds from `from` to `to`, told by the outlines of the chunks alone:
 * what a chunk holds counts for the time of its last event. `who`: only the sessions of this one.
 */
export function readActivity(
  db: Db,
  { from, step, to, who }: { from: number; step: number; to: number; who: { issuer: string; subject: string } | undefined },
): Activity {
  const count = Math.max(1, Math.min(MAX_BUCKETS, Math.ceil((to - from) / step)))
  const buckets = Array.from({ length: count }, () => ({ statements: 0, held: 0, denied: 0 }))
  const within = `FROM sessions s %s WHERE (s.ended_at IS NULL OR s.ended_at >= @from)
      AND (@issuer IS NULL OR (s.issuer = @issuer AND s.subject = @subject))`
  const asked = { from, step, issuer: who?.issuer ?? null, subject: who?.subject ?? null }
  const rows = db
    .prepare<unknown[], { bucket: number; statements: number; held: number; denied: number }>(
      `SELECT CAST((c.last_at - @from) / @step AS INTEGER) AS bucket, sum(c.statements) AS statements, sum(c.held) AS held, sum(c.denied) AS denied
       ${within.replace('%s', 'JOIN chunks c ON c.session = s.number')} AND c.last_at >= @from GROUP BY 1`,
    )
    .all(asked)
  for (const { bucket, ...counts } of rows) if (buckets[bucket] !== undefined) buckets[bucket] = counts
  const { step: _, ...people } = asked
  const masked = db.prepare<unknown[], { masked: number | null }>(`SELECT sum(s.masked) AS masked ${within.replace('%s', '')}`).get(people)
  return { from, step, buckets, masked: masked?.masked ?? 0 }
}
