import type { Db } from './open-database.ts'

export type ApprovalStateName = 'pending' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'used'

export interface ApprovalRow {
  readonly id: number
  readonly revision: number
  readonly state: ApprovalStateName
  readonly key: string
  readonly issuer: string
  readonly subject: string
  readonly connection: string
  readonly session: string
  readonly statement: number
  /** JSON: see `approvals/approval-detail.ts`. */
  readonly detail: string
  readonly asked_at: number
  readonly wait_until: number
  readonly open_until: number
  readonly max_rows: number | null
  readonly decision: 'approve' | 'deny' | null
  readonly decided_at: number | null
  /** JSON: a person. */
  readonly decided_by: string | null
  readonly reason: string
  readonly reveal: number
  /** JSON: labels. Null: all that the statement touches, where `reveal` is 1. */
  readonly reveal_labels: string | null
  /** How many people have to agree. */
  readonly needed: number
  /** JSON: see `approvals/same-human.ts`. */
  readonly human: string | null
  /** JSON: what the host found out about it; null: it has not tried. */
  readonly preview: string | null
  /** Hash of the rule that asked. */
  readonly rule: string | null
  /** The standing approval that let it pass, or that was given on it; and the number of this use. */
  readonly standing: number | null
  readonly standing_use: number | null
}

export interface NewApproval {
  readonly key: string
  readonly issuer: string
  readonly subject: string
  readonly connection: string
  readonly session: string
  readonly statement: number
  readonly detail: string
  readonly askedAt: number
  readonly waitUntil: number
  readonly openUntil: number
  readonly maxRows: number | null
  readonly needed: number
  readonly human: string | null
  readonly rule: string
}

/** A request that a standing approval lets pass: approved as it is asked. */
export interface PassedApproval {
  readonly id: number
  readonly standing: number
  readonly use: number
  readonly decidedAt: number
  readonly decidedBy: string
  readonly reason: string
  readonly maxRows: number | null
  readonly openUntil: number
}

export interface DecidedApproval {
  readonly id: number
  readonly state: 'approved' | 'denied'
  readonly decision: 'approve' | 'deny'
  readonly decidedAt: number
  readonly decidedBy: string
  readonly reason: string
  readonly reveal: number
  readonly revealLabels: string | null
  readonly maxRows: number | null
  readonly openUntil: number
}

export interface ApprovalFilter {
  readonly state: ApprovalStateName | undefined
  /** Only this person's own requests. */
  readonly requester: { readonly issuer: string; readonly subject: string } | undefined
  /** By id; `oldest` first when undefined. */
  readonly order?: 'oldest' | 'newest' | undefined
  /** Ids that come behind this one in that order; 0 is the beginning. */
  readonly after: number
  readonly limit: number
}

/** By the clock of now it was approved a minute or more in the future: the clock was set back, and nobody can tell how old the approval is. */
const FROM_THE_FUTURE = "(state = 'approved' AND decided_at > @now + 60000)"

export type ApprovalsTable = ReturnType<typeof prepareApprovals>

export function prepareApprovals(db: Db) {
  const insert = db.prepare(
    `INSERT INTO approvals (state, key, issuer, subject, connection, session, statement, detail, asked_at, wait_until, open_until, max_rows,
       needed, human, rule)
     VALUES ('pending', @key, @issuer, @subject, @connection, @session, @statement, @detail, @askedAt, @waitUntil, @openUntil, @maxRows,
       @needed, @human, @rule)`,
  )
  const read = db.prepare<[number], ApprovalRow>('SELECT * FROM approvals WHERE id = ?')
  const findOpen = db.prepare<[{ key: string; now: number }], ApprovalRow>(
    `SELECT * FROM approvals WHERE key = @key AND state IN ('pending', 'approved') AND open_until > @now AND NOT ${FROM_THE_FUTURE}
     ORDER BY id DESC LIMIT 1`,
  )
  const askAgain = db.prepare(
    'UPDATE approvals SET revision = revision + 1, session = @session, statement = @statement, wait_until = @waitUntil, open_until = max(open_until, @openUntil) WHERE id = @id',
  )
  const decide = db.prepare(
    `UPDATE approvals SET revision = revision + 1, state = @state, decision = @decision, decided_at = @decidedAt, decided_by = @decidedBy,
       reason = @reason, reveal = @reveal, reveal_labels = @revealLabels, max_rows = @maxRows, open_until = @openUntil
     WHERE id = @id AND state = 'pending'`,
  )
  const move = db.prepare<[string, number, string]>('UPDATE approvals SET revision = revision + 1, state = ? WHERE id = ? AND state = ?')
  const use = db.prepare<[{ id: number; now: number }]>(
    `UPDATE approvals SET revision = revision + 1, state = 'used'
     WHERE id = @id AND state = 'approved' AND open_until > @now AND NOT ${FROM_THE_FUTURE}`,
  )
  const expired = db.prepare<[{ now: number }], { id: number }>(
    `UPDATE approvals SET revision = revision + 1, state = 'expired'
     WHERE state IN ('pending', 'approved') AND (open_until <= @now OR ${FROM_THE_FUTURE}) RETURNING id`,
  )
  const touch = db.prepare<[number]>('UPDATE approvals SET revision = revision + 1 WHERE id = ?')
  const putPreview = db.prepare<[string, number]>('UPDATE approvals SET revision = revision + 1, preview = ? WHERE id = ?')
  const pass = db.prepare(
    `UPDATE approvals SET state = 'approved', decision = 'approve', decided_at = @decidedAt, decided_by = @decidedBy, reason = @reason,
       max_rows = @maxRows, open_until = @openUntil, standing = @standing, standing_use = @use WHERE id = @id AND state = 'pending'`,
  )
  const stand = db.prepare<[number, number]>('UPDATE approvals SET standing = ?, standing_use = 1 WHERE id = ?')
  const stop = db.prepare<[number], { id: number }>(
    "UPDATE approvals SET revision = revision + 1, state = 'expired' WHERE standing = ? AND state = 'approved' RETURNING id",
  )
  const nextExpiry = db.prepare<[], { at: number | null }>(
    "SELECT min(open_until) AS at FROM approvals WHERE state IN ('pending', 'approved')",
  )
  const pending = db.prepare<[], { n: number }>("SELECT count(*) AS n FROM approvals WHERE state = 'pending'")
  const matching = `(@state IS NULL OR state = @state) AND (@issuer IS NULL OR (issuer = @issuer AND subject = @subject))`
  const oldest = db.prepare<unknown[], ApprovalRow>(`SELECT * FROM approvals WHERE id > @after AND ${matching} ORDER BY id LIMIT @limit`)
  const newest = db.prepare<unknown[], ApprovalRow>(
    `SELECT * FROM approvals WHERE (@after = 0 OR id < @after) AND ${matching} ORDER BY id DESC LIMIT @limit`,
  )
  return {
    insert: (approval: NewApproval): number => Number(insert.run(approval).lastInsertRowid),
    read: (id: number): ApprovalRow | undefined => read.get(id),
    /** The newest request for the same statement that can still come to something. */
    findOpen: (key: string, now: number): ApprovalRow | undefined => findOpen.get({ key, now }),
    askAgain: (again: { id: number; session: string; statement: number; waitUntil: number; openUntil: number }): void => {
      askAgain.run(again)
    },
    /** False when it was not pending any more. */
    decide: (decided: DecidedApproval): boolean => decide.run(decided).changes === 1,
    withdraw: (id: number): boolean => move.run('withdrawn', id, 'pending').changes === 1,
    /** True exactly once for each approval. */
    use: (id: number, now: number): boolean => use.run({ id, now }).changes === 1,
    /** Expires all whose time is over; returns their ids. */
    expire: (now: number): number[] => expired.all({ now }).map((row) => row.id),
    /** Something about it that is kept elsewhere has changed. */
    touch: (id: number): void => {
      touch.run(id)
    },
    putPreview: (id: number, preview: string): void => {
      putPreview.run(preview, id)
    },
    pass: (passed: PassedApproval): void => {
      pass.run(passed)
    },
    /** A standing approval was given on it. */
    stand: (id: number, standing: number): void => {
      stand.run(standing, id)
    },
    /** The standing approval has ended: what it let pass and has not run yet does not run. Returns their ids. */
    stop: (standing: number): number[] => stop.all(standing).map((row) => row.id),
    nextExpiry: (): number | undefined => nextExpiry.get()?.at ?? undefined,
    countPending: (): number => pending.get()?.n ?? 0,
    list: ({ state, requester, order, after, limit }: ApprovalFilter): ApprovalRow[] =>
      (order === 'newest' ? newest : oldest).all({
        state: state ?? null,
        issuer: requester?.issuer ?? null,
        subject: requester?.subject ?? null,
        after,
        limit,
      }),
    transact: <T>(work: () => T): T => db.transaction(work).immediate(),
  }
}
