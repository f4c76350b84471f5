import type { Db } from './open-database.ts'

export interface SessionRow {
  readonly number: number
  readonly id: string
  readonly connection: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  /** `host`: the host's own record of administrative acts. */
  readonly kind: 'person' | 'agent' | 'host'
  readonly client: string | null
  /** JSON list. */
  readonly groups: string
  readonly client_address: string
  readonly application: string
  readonly tls: number
  readonly started_at: number
  readonly ended_at: number | null
  readonly end_reason: string | null
  readonly statements: number
  readonly allowed: number
  readonly held: number
  readonly approved: number
  readonly denied: number
  readonly denied_by_person: number
  readonly lapsed: number
  readonly rows: number
  readonly bytes: number
  readonly masked: number
  readonly events: number
  readonly head: Buffer
  /** The last journal segment that something of it was taken from; 0: before this was kept. */
  readonly last_segment: number
  /** Events that `seal` covers. */
  readonly sealed_events: number
  /** JSON: the chain's head as it was last signed. */
  readonly seal: string | null
  /** JSON list: tables with outsiders' text that it has read, by which statement and when first. */
  readonly untrusted: string
}

/** A session of a person or an agent. */
export type SomeonesRow = SessionRow & { readonly kind: 'person' | 'agent' }

/** What counts up as events come in. */
export interface SessionCounts {
  statements: number
  allowed: number
  held: number
  approved: number
  denied: number
  deniedByPerson: number
  lapsed: number
  rows: number
  bytes: number
  masked: number
}

export interface NewSession {
  readonly id: string
  readonly connection: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly kind: string
  readonly client: string | null
  readonly groups: string
  readonly clientAddress: string
  readonly application: string
  readonly tls: number
  readonly startedAt: number
  readonly head: Buffer
}

export interface SessionProgress extends SessionCounts {
  readonly number: number
  readonly events: number
  readonly head: Buffer
  readonly endedAt: number | null
  readonly endReason: string | null
  readonly segment: number
}

export function prepareSessions(db: Db) {
  const insert = db.prepare(
    `INSERT INTO sessions (id, connection, issuer, subject, name, kind, client, groups, client_address, application, tls, started_at, head)
     VALUES (@id, @connection, @issuer, @subject, @name, @kind, @client, @groups, @clientAddress, @application, @tls, @startedAt, @head)`,
  )
  const update = db.prepare(
    `UPDATE sessions SET statements = statements + @statements, allowed = allowed + @allowed, held = held + @held,
       approved = approved + @approved, denied = denied + @denied, denied_by_person = denied_by_person + @deniedByPerson,
       lapsed = lapsed + @lapsed, rows = rows + @rows, bytes = bytes + @bytes, masked = masked + @masked,
       events = @events, head = @head, last_segment = @segment, ended_at = coalesce(@endedAt, ended_at), end_reason = coalesce(@endReason, end_reason)
     WHERE number = @number`,
  )
  const untrusted = db.prepare<[string, number]>(
    'UPDATE sessions SET untrusted = (SELECT json_group_array(json(value)) FROM (SELECT value FROM json_each(untrusted) UNION ALL SELECT value FROM json_each(?))) WHERE number = ?',
  )
  const find = db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE id = ?')
  const open = db.prepare<[], SessionRow>('SELECT * FROM sessions WHERE ended_at IS NULL ORDER BY number')
  return {
    /** Returns the session's number. */
    begin: (session: NewSession): number => Number(insert.run(session).lastInsertRowid),
    advance: (progress: SessionProgress): void => {
      update.run(progress)
    },
    /** `reads`: JSON list, added to those that are there. */
    readUntrusted: (number: number, reads: string): void => {
      untrusted.run(reads, number)
    },
    find: (id: string): SessionRow | undefined => find.get(id),
    open: (): SessionRow[] => open.all(),
  }
}
