import type { Db } from './open-database.ts'

/** One version of the configuration, as it is kept. The newest is the one in force. */
export interface ConfigurationRow {
  /** From 1, without gaps. */
  readonly version: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly source: 'file' | 'api' | 'restore'
  /** A person as JSON; null: the file. */
  readonly author: string | null
  readonly comment: string
  /** YAML, every credential in it a reference. */
  readonly text: string
  /** Keyed hash of the file as it was, with `file`. */
  readonly file_hash: string | null
  /** With `restore`: which version. */
  readonly restored: number | null
}

export interface ConfigurationTable {
  newest(): ConfigurationRow | undefined
  newestOfFile(): ConfigurationRow | undefined
  read(version: number): ConfigurationRow | undefined
  /** Newest first, those before a version. */
  list(before: number, limit: number): ConfigurationRow[]
  /** The next version, durable when it returns. False: another one came first. */
  insert(row: ConfigurationRow): boolean
}

const COLUMNS = 'version, at, source, author, comment, text, file_hash, restored'

export function prepareConfiguration(db: Db): ConfigurationTable {
  const newest = db.prepare<[], ConfigurationRow>(`SELECT ${COLUMNS} FROM configuration_versions ORDER BY version DESC LIMIT 1`)
  const newestOfFile = db.prepare<[], ConfigurationRow>(
    `SELECT ${COLUMNS} FROM configuration_versions WHERE file_hash IS NOT NULL ORDER BY version DESC LIMIT 1`,
  )
  const read = db.prepare<[number], ConfigurationRow>(`SELECT ${COLUMNS} FROM configuration_versions WHERE version = ?`)
  const list = db.prepare<[number, number], ConfigurationRow>(
    `SELECT ${COLUMNS} FROM configuration_versions WHERE version < ? ORDER BY version DESC LIMIT ?`,
  )
  const insert = db.prepare(
    `INSERT INTO configuration_versions (${COLUMNS})
     SELECT @version, @at, @source, @author, @comment, @text, @file_hash, @restored
     WHERE @version = (SELECT coalesce(max(version), 0) + 1 FROM configuration_versions)`,
  )
  return {
    newest: () => newest.get(),
    newestOfFile: () => newestOfFile.get(),
    read: (version) => read.get(version),
    list: (before, limit) => list.all(before, limit),
    insert: (row) => insert.run(row).changes === 1,
  }
}
