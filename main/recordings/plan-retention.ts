/** A session that has ended. */
export interface EndedSession {
  readonly number: number
  readonly endedAt: number
  /** What the database keeps of it alone. */
  readonly bytes: number
  readonly lastSegment: number
}

/** A file of the journal, in order; the last one is being written. */
export interface JournalFile {
  readonly number: number
  readonly bytes: number
  /** When it was begun; 0 when that is not known. */
  readonly begunAt: number
}

export interface RetentionRules {
  readonly maxAgeMs: number
  /** Of database and journal together; undefined: no limit. */
  readonly maxBytes: number | undefined
}

export interface RetentionPlan {
  readonly why: 'age' | 'size' | 'age and size'
  /** Numbers of the sessions that go, oldest first. */
  readonly sessions: readonly number[]
  /** Journal files up to this one go; 0: none. */
  readonly through: number
  /** About what is freed. */
  readonly bytes: number
}

/**
 * Which whole sessions go: those that ended longer ago than the age, and, while all is larger than the size, the ones that ended first. A journal file
 * goes with the last session that ended in it; one that a kept session ended in stays, and with it all that follow: so every kept session has its
 * end in the kept journal, and what is removed can be told from what was taken away. Running sessions never go.
 */
export function planRetention(
  rules: RetentionRules,
  now: number,
  ended: readonly EndedSession[],
  files: readonly JournalFile[],
  databaseBytes: number,
): RetentionPlan | undefined {
  const sorted = [...ended].sort((a, b) => a.endedAt - b.endedAt || a.number - b.number)
  const cutoff = now - rules.maxAgeMs
  const byAge = sorted.filter((session) => session.endedAt < cutoff).length
  const total = databaseBytes + files.reduce((sum, file) => sum + file.bytes, 0)
  let going = byAge
  let plan = describe(sorted, going, files, cutoff)
  while (rules.maxBytes !== undefined && total - plan.bytes > rules.maxBytes && going < sorted.length) {
    // In steps, so that a large record is not planned session by session.
    going = Math.min(sorted.length, going + Math.max(1, Math.floor((sorted.length - going) / 50)))
    plan = describe(sorted, going, files, Math.max(cutoff, sorted[going - 1]?.endedAt ?? 0))
  }
  if (going === 0 && plan.through === 0) return undefined
  return { ...plan, why: going === byAge ? 'age' : byAge === 0 ? 'size' : 'age and size' }
}

function describe(
  sorted: readonly EndedSession[],
  going: number,
  files: readonly JournalFile[],
  cutoff: number,
): Omit<RetentionPlan, 'why'> {
  const gone = sorted.slice(0, going)
  const firstKept = sorted.slice(going).reduce((least, session) => Math.min(least, session.lastSegment), Number.MAX_SAFE_INTEGER)
  const lastGone = gone.reduce((most, session) => Math.max(most, session.lastSegment), 0)
  let through = 0
  let bytes = gone.reduce((sum, session) => sum + session.bytes, 0)
  for (const [place, file] of files.entries()) {
    const next = files[place + 1]
    if (next === undefined || file.number >= firstKept || next.begunAt === 0) break
    // Of sessions that still run, what is not due stays, unless it stands beside what is.
    if (file.number > lastGone && next.begunAt > cutoff) break
    through = file.number
    bytes += file.bytes
  }
  return { sessions: gone.map((session) => session.number), through, bytes }
}
