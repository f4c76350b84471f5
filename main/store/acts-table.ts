import type { Db } from './open-database.ts'

/** An administrative act as it is found again; the chain has it too. */
export interface ActRow {
  readonly id: number
  /** The number of the host's own record. */
  readonly session: number
  readonly seq: number
  readonly at: number
  readonly act: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly name: string | null
  readonly issuer: string | null
  readonly subject: string | null
  readonly kind: 'person' | 'agent' | null
  readonly address: string
  /** JSON. */
  readonly details: string
}

export interface ActFilter {
  readonly act?: string | undefined
  readonly outcome?: string | undefined
  /** A subject, or a part of a name. */
  readonly person?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
  /** Only older ones than this id. */
  readonly before?: number | undefined
  readonly limit: number
}

export function prepareActs(db: Db): (act: Omit<ActRow, 'id'>) => void {
  const insert = db.prepare(
    `INSERT INTO acts (session, seq, at, act, outcome, name, issuer, subject, kind, address, details)
     VALUES (@session, @seq, @at, @act, @outcome, @name, @issuer, @subject, @kind, @address, @details)`,
  )
  return (act) => {
    insert.run(act)
  }
}

/** Newest first. `record` is the id of the host's own record. */
export function listActs(db: Db, filter: ActFilter): (ActRow & { readonly record: string })[] {
  const like = filter.person === undefined ? null : `%${filter.person.replaceAll(/[\\%_]/g, '\\$&')}%`
  return db
    .prepare<unknown[], ActRow & { record: string }>(
      `SELECT a.*, s.id AS record FROM acts a JOIN sessions s ON s.number = a.session
       WHERE a.id < @before AND a.at >= @from AND a.at <= @to
         AND (@act IS NULL OR a.act = @act) AND (@outcome IS NULL OR a.outcome = @outcome)
         AND (@person IS NULL OR a.subject = @person OR a.name LIKE @like ESCAPE '\\')
       ORDER BY a.id DESC LIMIT @limit`,
    )
    .all({
      before: filter.before ?? Number.MAX_SAFE_INTEGER,
      from: filter.from ?? 0,
      to: filter.to ?? Number.MAX_SAFE_INTEGER,
      act: filter.act ?? null,
      outcome: filter.outcome ?? null,
      person: filter.person ?? null,
      like,
      limit: filter.limit,
    })
}
