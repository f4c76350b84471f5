import type { Session } from '../contract/sessions.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { toMatchQuery } from './match-query.ts'

export interface SessionFilter {
  readonly q: string | undefined
  readonly connection: string | undefined
  /** Ids of the sessions that run now, when only those (or only others) are asked for. */
  readonly among: { readonly ids: readonly string[]; readonly inside: boolean } | undefined
  readonly who: { readonly issuer: string; readonly subject: string } | undefined
  readonly after: string | undefined
  readonly limit: number
}

interface Found {
  readonly rows: readonly SessionRow[]
  readonly next: string | null
}

/** Sessions, newest first. `next` is where the following page begins. */
export function listSessions(db: Db, filter: SessionFilter): Found {
  const cursor = parseCursor(filter.after)
  const match = filter.q === undefined ? undefined : toMatchQuery(filter.q)
  if (filter.q !== undefined && match === undefined) return { rows: [], next: null }
  const rows = db
    .prepare<unknown[], SessionRow>(
      `SELECT s.* FROM sessions s
       WHERE (s.started_at, s.id) < (@at, @id)
         AND (@connection IS NULL OR s.connection = @connection)
         AND (@issuer IS NULL OR (s.issuer = @issuer AND s.subject = @subject))
         AND (@among IS NULL OR (s.id IN (SELECT value FROM json_each(@among))) = @inside)
         AND (@match IS NULL OR s.number IN (
           SELECT session FROM session_texts WHERE object IN (SELECT rowid FROM texts WHERE texts MATCH @match)))
       ORDER BY s.started_at DESC, s.id DESC LIMIT @limit`,
    )
    .all({
      at: cursor?.at ?? Number.MAX_SAFE_INTEGER,
      id: cursor?.id ?? '',
      connection: filter.connection ?? null,
      issuer: filter.who?.issuer ?? null,
      subject: filter.who?.subject ?? null,
      among: filter.among === undefined ? null : JSON.stringify(filter.among.ids),
      inside: filter.among?.inside === false ? 0 : 1,
      match: match ?? null,
      limit: filter.limit + 1,
    })
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > filter.limit && last !== undefined ? `${last.started_at}.${last.id}` : null }
}

export function findSession(db: Db, id: string): SessionRow | undefined {
  return db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE id = ?').get(id)
}

/** The part of a statement that a search found in this session, with `[` and `]` around the hits. */
export function findExcerpt(db: Db, session: number, q: string): string | null {
  const match = toMatchQuery(q)
  if (match === undefined) return null
  const found = db
    .prepare<[string, number], { excerpt: string }>(
      `SELECT snippet(texts, 0, '[', ']', '…', 16) AS excerpt FROM texts
       WHERE texts MATCH ? AND rowid IN (SELECT object FROM session_texts WHERE session = ?) LIMIT 1`,
    )
    .get(match, session)
  return found?.excerpt ?? null
}

export function presentSession(row: SessionRow, live: boolean, excerpt: string | null): Session {
  return {
    id: row.id,
    connection: row.connection,
    who: { name: row.name, issuer: row.issuer, subject: row.subject, kind: row.kind },
    application: row.application,
    client: row.client,
    clientAddress: row.client_address,
    tls: row.tls === 1,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    live,
    statements: row.statements,
    verdicts: {
      allowed: row.allowed,
      held: live ? Math.max(0, row.held) : 0,
      approved: row.approved,
      denied: row.denied,
      deniedByPerson: row.denied_by_person,
      lapsed: row.lapsed,
    },
    rows: row.rows,
    bytes: row.bytes,
    masked: row.masked,
    excerpt,
  }
}

function parseCursor(text: string | undefined): { at: number; id: string } | undefined {
  const match = text === undefined ? null : /^(\d{1,16})\.([0-9a-f-]{1,64})$/.exec(text)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { at: Number(match[1]), id: match[2] }
}
