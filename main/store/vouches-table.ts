import type { Db } from './open-database.ts'

/** An admin's word on one function: this very source, on this connection. */
export interface VouchRow {
  readonly id: number
  readonly connection: string
  /** `public.touch_customer(integer)`. */
  readonly function: string
  /** SHA-256 (hex) of its definition. */
  readonly source: string
  readonly reason: string
  /** Milliseconds since the epoch. */
  readonly vouched_at: number
  /** A person as JSON. */
  readonly vouched_by: string
}

export interface VouchesTable {
  /** Takes the place of one that stands for the same function. */
  insert(vouch: { connection: string; function: string; source: string; reason: string; at: number; by: string }): void
  /** False: none stands. */
  withdraw(connection: string, signature: string, at: number, by: string): boolean
  standing(connection: string): readonly VouchRow[]
}

export function prepareVouches(db: Db): VouchesTable {
  const insert = db.prepare(
    `INSERT INTO vouches (connection, function, source, reason, vouched_at, vouched_by)
     VALUES (@connection, @function, @source, @reason, @at, @by)`,
  )
  const withdraw = db.prepare(
    `UPDATE vouches SET withdrawn_at = @at, withdrawn_by = @by
     WHERE connection = @connection AND function = @function AND withdrawn_at IS NULL`,
  )
  const standing = db.prepare<[string], VouchRow>(
    `SELECT id, connection, function, source, reason, vouched_at, vouched_by FROM vouches
     WHERE connection = ? AND withdrawn_at IS NULL ORDER BY function`,
  )
  return {
    insert: db.transaction((vouch: Parameters<VouchesTable['insert']>[0]) => {
      const { connection, at, by } = vouch
      withdraw.run({ connection, function: vouch.function, at, by })
      insert.run(vouch)
    }),
    withdraw: (connection, signature, at, by) => withdraw.run({ connection, function: signature, at, by }).changes > 0,
    standing: (connection) => standing.all(connection),
  }
}
