import type { Db } from '../store/open-database.ts'
import type { UseRow } from '../store/uses-table.ts'
import { facets } from './facets.ts'
import { toMatchQuery } from './match-query.ts'

/** All that is given has to hold. */
export interface StatementFilter {
  readonly q?: string | undefined
  readonly connection?: string | undefined
  readonly who?: { readonly issuer: string; readonly subject: string } | undefined
  /** A subject, or a part of a name. */
  readonly person?: string | undefined
  readonly verdict?: 'allow' | 'ask' | 'deny' | undefined
  /** `public.customers`, or `customers`. */
  readonly table?: string | undefined
  readonly label?: string | undefined
  /** Milliseconds since the epoch, both included. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** A session's number. */
  readonly session?: number | undefined
}

/** Clocks may step back a little; row numbers do not. */
const CLOCK_SLACK_MS = 60_000
const MAX_PEOPLE = 50

/** Whether the filter asks for anything that only statements have. */
export function asksForStatements({ q, verdict, table, label }: StatementFilter): boolean {
  return [q, verdict, table, label].some((one) => one !== undefined)
}

/** Statements, newest first, each text with each verdict once in a session. `before`: row numbers below this one. */
export function* searchStatements(db: Db, filter: StatementFilter, before: number | undefined): Generator<UseRow> {
  const match = matchOf(db, filter)
  if (match === 'nothing') return
  const bounds = {
    low: filter.from === undefined ? 0 : firstAt(db, filter.from - CLOCK_SLACK_MS),
    high: Math.min(
      before ?? Number.MAX_SAFE_INTEGER,
      filter.to === undefined ? Number.MAX_SAFE_INTEGER : firstAt(db, filter.to + CLOCK_SLACK_MS),
    ),
    from: filter.from ?? 0,
    to: filter.to ?? Number.MAX_SAFE_INTEGER,
  }
  if (match === undefined) {
    yield* db
      .prepare<unknown[], UseRow>('SELECT * FROM uses WHERE id >= @low AND id < @high AND at BETWEEN @from AND @to ORDER BY id DESC')
      .iterate(bounds)
    return
  }
  yield* db
    .prepare<unknown[], UseRow>(
      `SELECT u.* FROM found f CROSS JOIN uses u ON u.id = f.rowid
       WHERE found MATCH @match AND f.rowid >= @low AND f.rowid < @high AND u.at BETWEEN @from AND @to ORDER BY f.rowid DESC`,
    )
    .iterate({ ...bounds, match })
}

/** The filter as one FTS5 query. Undefined: everything. */
function matchOf(db: Db, filter: StatementFilter): string | 'nothing' | undefined {
  const typed = filter.q === undefined ? undefined : toMatchQuery(filter.q, (match) => occurs(db, match))
  if (filter.q !== undefined && typed === undefined) return 'nothing'
  const people = filter.person === undefined ? undefined : findPeople(db, filter.person)
  if (people?.length === 0) return 'nothing'
  const words = [
    filter.connection === undefined ? undefined : facets.connection(filter.connection),
    filter.who === undefined ? undefined : facets.person(filter.who.issuer, filter.who.subject),
    filter.verdict === undefined ? undefined : facets.verdict(filter.verdict),
    filter.table === undefined ? undefined : facets.table(filter.table),
    filter.label === undefined ? undefined : facets.label(filter.label),
    filter.session === undefined ? undefined : facets.session(filter.session),
    people === undefined ? undefined : people.map(({ issuer, subject }) => facets.person(issuer, subject)).join(' OR '),
  ].filter((word) => word !== undefined)
  const parts = [...(typed === undefined ? [] : [typed]), ...words.map((word) => `facets : (${word})`)]
  return parts.length === 0 ? undefined : parts.map((part) => `(${part})`).join(' AND ')
}

function occurs(db: Db, match: string): boolean {
  return db.prepare<[string], { rowid: number }>('SELECT rowid FROM found WHERE found MATCH ? LIMIT 1').get(match) !== undefined
}

export function findPeople(db: Db, person: string): { issuer: string; subject: string; name: string }[] {
  return db
    .prepare<unknown[], { issuer: string; subject: string; name: string }>(
      `SELECT issuer, subject, name FROM people WHERE subject = @person OR instr(lower(name), lower(@person)) > 0 ORDER BY name LIMIT ${MAX_PEOPLE}`,
    )
    .all({ person })
}

/** The number of the first row at this time or later. */
function firstAt(db: Db, at: number): number {
  const row = db.prepare<[number], { id: number }>('SELECT id FROM uses WHERE at >= ? ORDER BY at, id LIMIT 1').get(at)
  return row?.id ?? Number.MAX_SAFE_INTEGER
}
