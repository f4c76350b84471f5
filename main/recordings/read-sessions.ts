import { z } from 'zod'
import { untrustedReadSchema } from '../contract/card.ts'
import type { Session } from '../contract/sessions.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow, SomeonesRow } from '../store/sessions-table.ts'
import type { UseRow } from '../store/uses-table.ts'
import { excerptOf } from './excerpt.ts'
import { asksForStatements, findPeople, type StatementFilter, searchStatements } from './search-statements.ts'

export interface SessionFilter extends StatementFilter {
  /** Ids of the sessions that run now, when only those (or only others) are asked for. */
  readonly among: { readonly ids: readonly string[]; readonly inside: boolean } | undefined
  readonly after: string | undefined
  readonly limit: number
}

interface Found {
  /** `excerpt`: the newest statement that was found, with `[` and `]` around the hits; null when no statement was searched for. */
  readonly rows: readonly (SomeonesRow & { readonly excerpt: string | null })[]
  readonly next: string | null
}

/** Sessions, newest first; when statements are searched for, those with the newest hit first. `next` is where the following page begins. */
export function listSessions(db: Db, filter: SessionFilter): Found {
  return asksForStatements(filter) ? searchSessions(db, filter) : browseSessions(db, filter)
}

function browseSessions(db: Db, filter: SessionFilter): Found {
  const cursor = parseCursor(filter.after)
  const people =
    filter.person === undefined ? undefined : findPeople(db, filter.person).map(({ issuer, subject }) => `${issuer} ${subject}`)
  const rows = db
    .prepare<unknown[], SomeonesRow>(
      `SELECT s.* FROM sessions s
       WHERE (s.started_at, s.id) < (@at, @id) AND s.kind <> 'host'
         AND s.started_at <= @to AND coalesce(s.ended_at, @now) >= @from
         AND (@connection IS NULL OR s.connection = @connection)
         AND (@issuer IS NULL OR (s.issuer = @issuer AND s.subject = @subject))
         AND (@people IS NULL OR s.issuer || ' ' || s.subject IN (SELECT value FROM json_each(@people)))
         AND (@among IS NULL OR (s.id IN (SELECT value FROM json_each(@among))) = @inside)
       ORDER BY s.started_at DESC, s.id DESC LIMIT @limit`,
    )
    .all({
      at: cursor?.at ?? Number.MAX_SAFE_INTEGER,
      id: cursor?.id ?? '',
      from: filter.from ?? 0,
      to: filter.to ?? Number.MAX_SAFE_INTEGER,
      now: Number.MAX_SAFE_INTEGER,
      connection: filter.connection ?? null,
      issuer: filter.who?.issuer ?? null,
      subject: filter.who?.subject ?? null,
      people: people === undefined ? null : JSON.stringify(people),
      among: filter.among === undefined ? null : JSON.stringify(filter.among.ids),
      inside: filter.among?.inside === false ? 0 : 1,
      limit: filter.limit + 1,
    })
  const page = rows.slice(0, filter.limit)
  const last = page.at(-1)
  return {
    rows: page.map((row) => ({ ...row, excerpt: null })),
    next: rows.length > filter.limit && last !== undefined ? `${last.started_at}.${last.id}` : null,
  }
}

/** Walks over the hits, newest first, until a page of sessions is full. A session that stood on an earlier page is not shown again. */
function searchSessions(db: Db, filter: SessionFilter): Found {
  const before = filter.after !== undefined && /^\d{1,16}$/.test(filter.after) ? Number(filter.after) : undefined
  const read = db.prepare<[number], SomeonesRow>("SELECT * FROM sessions WHERE number = ? AND kind <> 'host'")
  const readText = db.prepare<[number], { body: Buffer }>('SELECT body FROM objects WHERE id = ?')
  const rows: Found['rows'][number][] = []
  const decided = new Set<number>()
  let last: UseRow | undefined
  for (const use of searchStatements(db, filter, before)) {
    if (decided.has(use.session)) {
      last = use
      continue
    }
    if (rows.length === filter.limit) return { rows, next: String(last?.id ?? use.id + 1) }
    last = use
    decided.add(use.session)
    const row = read.get(use.session)
    if (row === undefined || !isAmong(row, filter.among)) continue
    if (before !== undefined && hasHitFrom(db, filter, use.session, before)) continue
    rows.push({ ...row, excerpt: excerptOf(readText.get(use.object)?.body.toString() ?? '', filter.q) })
  }
  return { rows, next: null }
}

function isAmong(row: SessionRow, among: SessionFilter['among']): boolean {
  return among === undefined || among.ids.includes(row.id) === among.inside
}

function hasHitFrom(db: Db, filter: SessionFilter, session: number, from: number): boolean {
  for (const use of searchStatements(db, { ...filter, session }, undefined)) return use.id >= from
  return false
}

/** Somebody's session. */
export function findSession(db: Db, id: string): SomeonesRow | undefined {
  const row = findRecord(db, id)
  return row !== undefined && isSomeones(row) ? row : undefined
}

/** Somebody's session, or the host's own record. */
export function findRecord(db: Db, id: string): SessionRow | undefined {
  return db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE id = ?').get(id)
}

function isSomeones(row: SessionRow): row is SomeonesRow {
  return row.kind !== 'host'
}

const untrustedReads = z.array(untrustedReadSchema)

export function presentSession(row: SomeonesRow, live: boolean, excerpt: string | null): Session {
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
    untrusted: untrustedReads.parse(JSON.parse(row.untrusted)),
    excerpt,
  }
}

function parseCursor(text: string | undefined): { at: number; id: string } | undefined {
  const match = text === undefined ? null : /^(\d{1,16})\.([0-9a-f-]{1,64})$/.exec(text)
  return match?.[1] === undefined || match[2] === undefined ? undefined : { at: Number(match[1]), id: match[2] }
}
