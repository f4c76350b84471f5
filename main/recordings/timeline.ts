import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'

const MAX_WINDOWS = 400

interface Window {
  firstSeq: number
  lastSeq: number
  firstAt: number
  lastAt: number
  statements: number
  held: number
  denied: number
}

/** Where in a session what is, from the chunks' outlines alone: its size does not grow with the session's. */
export function readTimeline(db: Db, session: SessionRow) {
  const chunks = db
    .prepare<[number], Window>(
      `SELECT first_seq AS firstSeq, last_seq AS lastSeq, first_at AS firstAt, last_at AS lastAt, statements, held, denied
       FROM chunks WHERE session = ? ORDER BY first_seq`,
    )
    .all(session.number)
  const perWindow = Math.ceil(session.events / MAX_WINDOWS)
  const windows: Window[] = []
  let lastAt = session.started_at
  for (const chunk of chunks) {
    const open = windows.at(-1)
    lastAt = Math.max(lastAt, chunk.lastAt)
    if (open !== undefined && chunk.lastSeq - open.firstSeq < perWindow) {
      open.lastSeq = chunk.lastSeq
      open.lastAt = chunk.lastAt
      open.statements += chunk.statements
      open.held += chunk.held
      open.denied += chunk.denied
    } else windows.push({ ...chunk })
  }
  return { events: session.events, statements: session.statements, startedAt: session.started_at, lastAt, windows }
}

/** The event behind which the chunk begins that holds the first event at a time or later, or a statement's own. */
export function findChunk(db: Db, session: number, place: { readonly from: number } | { readonly statement: number }): number {
  const [column, value] = 'from' in place ? ['last_at', place.from] : ['last_statement', place.statement]
  const chunk = db
    .prepare<[number, number], { first_seq: number }>(
      `SELECT first_seq FROM chunks WHERE session = ? AND ${column} >= ? ORDER BY first_seq LIMIT 1`,
    )
    .get(session, value)
  return chunk === undefined ? Number.MAX_SAFE_INTEGER : chunk.first_seq - 1
}
