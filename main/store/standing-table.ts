import type { Db } from './open-database.ts'

export interface StandingRow {
  readonly id: number
  /** The request that it was given on. */
  readonly approval: number
  readonly key: string
  /** Hash of the rule: see `approvals/rule-hash.ts`. */
  readonly rule: string
  readonly issuer: string
  readonly subject: string
  readonly connection: string
  readonly max_rows: number | null
  /** Null: as often as there is time. */
  readonly times: number | null
  readonly used: number
  readonly made_at: number
  readonly until: number
  readonly reason: string
  readonly ended_at: number | null
  readonly ended_why: string | null
  /** JSON: a person; null: the host. */
  readonly ended_by: string | null
}

export interface NewStanding {
  readonly approval: number
  readonly key: string
  readonly rule: string
  readonly issuer: string
  readonly subject: string
  readonly connection: string
  readonly maxRows: number | null
  readonly times: number | null
  readonly madeAt: number
  readonly until: number
  readonly reason: string
}

export interface StandingUse {
  readonly id: number
  readonly standing_use: number
  readonly asked_at: number
}

export type StandingTable = ReturnType<typeof prepareStanding>

export function prepareStanding(db: Db) {
  const insert = db.prepare(
    `INSERT INTO standing_approvals (approval, key, rule, issuer, subject, connection, max_rows, times, used, made_at, until, reason)
     VALUES (@approval, @key, @rule, @issuer, @subject, @connection, @maxRows, @times, 1, @madeAt, @until, @reason)`,
  )
  const read = db.prepare<[number], StandingRow>('SELECT * FROM standing_approvals WHERE id = ?')
  const find = db.prepare<[string], StandingRow>('SELECT * FROM standing_approvals WHERE key = ? AND ended_at IS NULL')
  const open = db.prepare<[], StandingRow>('SELECT * FROM standing_approvals WHERE ended_at IS NULL')
  const use = db.prepare<[number], { used: number }>('UPDATE standing_approvals SET used = used + 1 WHERE id = ? RETURNING used')
  const end = db.prepare(
    'UPDATE standing_approvals SET ended_at = @at, ended_why = @why, ended_by = @by WHERE id = @id AND ended_at IS NULL',
  )
  const list = db.prepare<unknown[], StandingRow>(
    `SELECT * FROM standing_approvals WHERE (@connection IS NULL OR connection = @connection) AND (@ended = 1 OR ended_at IS NULL)
       AND (@after = 0 OR id < @after) ORDER BY id DESC LIMIT @limit`,
  )
  const uses = db.prepare<[number], StandingUse>(
    'SELECT id, standing_use, asked_at FROM approvals WHERE standing = ? ORDER BY id DESC LIMIT 20',
  )
  return {
    insert: (standing: NewStanding): number => Number(insert.run(standing).lastInsertRowid),
    read: (id: number): StandingRow | undefined => read.get(id),
    /** The one that stands for this statement. */
    find: (key: string): StandingRow | undefined => find.get(key),
    /** All that stand. */
    open: (): StandingRow[] => open.all(),
    /** Counts one use more, and gives its number. */
    use: (id: number): number => use.get(id)?.used ?? 0,
    /** False when it had ended before. */
    end: (id: number, at: number, why: string, by: string | null): boolean => end.run({ id, at, why, by }).changes === 1,
    list: (filter: { connection: string | undefined; ended: boolean; after: number; limit: number }): StandingRow[] =>
      list.all({ ...filter, connection: filter.connection ?? null, ended: filter.ended ? 1 : 0 }),
    /** The last uses, newest first: the requests that it let pass. */
    uses: (id: number): StandingUse[] => uses.all(id),
  }
}
