import type { Db } from './open-database.ts'

/** One person's agreement to a request. */
export interface VoteRow {
  readonly id: number
  readonly approval: number
  readonly at: number
  /** JSON: a person. */
  readonly person: string
  /** JSON: their groups when they agreed. */
  readonly groups: string
  readonly email: string | null
  readonly reason: string
  readonly reveal: number
  readonly reveal_labels: string | null
  readonly max_rows: number | null
  readonly times: number | null
  readonly minutes: number | null
  /** Set when it stopped counting: its giver has lost what let them give it. */
  readonly void_at: number | null
}

export interface NewVote {
  readonly approval: number
  readonly at: number
  readonly person: string
  readonly groups: string
  readonly email: string | null
  readonly reason: string
  readonly reveal: number
  readonly revealLabels: string | null
  readonly maxRows: number | null
  readonly times: number | null
  readonly minutes: number | null
}

export type VotesTable = ReturnType<typeof prepareVotes>

export function prepareVotes(db: Db) {
  const insert = db.prepare(
    `INSERT INTO approval_votes (approval, at, person, groups, email, reason, reveal, reveal_labels, max_rows, times, minutes)
     VALUES (@approval, @at, @person, @groups, @email, @reason, @reveal, @revealLabels, @maxRows, @times, @minutes)`,
  )
  const of = db.prepare<[number], VoteRow>('SELECT * FROM approval_votes WHERE approval = ? AND void_at IS NULL ORDER BY id')
  const voided = db.prepare<[number, number]>('UPDATE approval_votes SET void_at = ? WHERE id = ?')
  return {
    add: (vote: NewVote): void => {
      insert.run(vote)
    },
    /** Those that count, in the order in which they were given. */
    of: (approval: number): VoteRow[] => of.all(approval),
    void: (id: number, at: number): void => {
      voided.run(at, id)
    },
  }
}
