import type { Db } from './open-database.ts'

/** A label where the configuration does not name it. */
export interface FollowedLabelRow {
  readonly id: number
  readonly connection: string
  readonly label: string
  /** 0: the values there are computed from what had the label. */
  readonly plain: number
  /** `pg_class.oid`; 0: known by its name alone. */
  readonly oid: number
  readonly attnum: number
  readonly schema: string | null
  readonly name: string
  readonly column_name: string
  readonly why: 'copied' | 'renamed'
  /** What it was copied from, or what it was called: `public.customers.ssn`. */
  readonly source: string
  readonly session: string | null
  /** Milliseconds since the epoch. */
  readonly at: number
}

export type NewFollowedLabel = Omit<FollowedLabelRow, 'id'>

export interface FollowedLabelsTable {
  all(): readonly FollowedLabelRow[]
  /** All of it or nothing. Gives the new ids in order. */
  insert(rows: readonly NewFollowedLabel[]): readonly number[]
  /** What a table is called now, and who it is. */
  place(row: Pick<FollowedLabelRow, 'id' | 'oid' | 'attnum' | 'schema' | 'name' | 'column_name'>): void
  remove(id: number): void
}

export function prepareFollowedLabels(db: Db): FollowedLabelsTable {
  const all = db.prepare<[], FollowedLabelRow>('SELECT * FROM followed_labels ORDER BY id')
  const insert = db.prepare(
    `INSERT INTO followed_labels (connection, label, plain, oid, attnum, schema, name, column_name, why, source, session, at)
     VALUES (@connection, @label, @plain, @oid, @attnum, @schema, @name, @column_name, @why, @source, @session, @at)`,
  )
  const place = db.prepare(
    'UPDATE followed_labels SET oid = @oid, attnum = @attnum, schema = @schema, name = @name, column_name = @column_name WHERE id = @id',
  )
  const remove = db.prepare('DELETE FROM followed_labels WHERE id = ?')
  return {
    all: () => all.all(),
    insert: db.transaction((rows: readonly NewFollowedLabel[]) => rows.map((row) => Number(insert.run(row).lastInsertRowid))),
    place: ({ id, oid, attnum, schema, name, column_name }) => {
      place.run({ id, oid, attnum, schema, name, column_name })
    },
    remove: (id) => {
      remove.run(id)
    },
  }
}
