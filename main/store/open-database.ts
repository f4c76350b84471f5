import { chmodSync, existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { migrate } from './migrate.ts'
import { StoreError } from './store-error.ts'

export type Db = Database.Database

export interface DatabaseOptions {
  /** In order; the place in the list is the version. */
  readonly migrations: readonly string[]
  /** A reader neither creates nor migrates. */
  readonly readonly?: boolean
}

/**
 * Opens one SQLite file (0600, write-ahead log) at the newest version. Throws `StoreError`: `newer` when a later Sallyport wrote it,
 * `damaged` when it is not a database, `missing` for a reader of nothing.
 */
export function openDatabase(path: string, options: DatabaseOptions): Db {
  const reader = options.readonly === true
  if (reader && !existsSync(path)) throw new StoreError('missing', `There is no ${path}: is this the data directory of a host?`)
  let db: Db | undefined
  try {
    const fresh = !existsSync(path)
    db = new Database(path, { readonly: reader, timeout: 5000 })
    if (!reader) {
      chmodSync(path, 0o600)
      // Only before the first table: what is removed later can so be given back in small steps.
      if (fresh) db.pragma('auto_vacuum = INCREMENTAL')
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = NORMAL')
      // What is removed is overwritten: retention promises that it is gone.
      db.pragma('secure_delete = ON')
    }
    db.pragma('foreign_keys = ON')
    db.pragma('temp_store = MEMORY')
    migrate(db, path, options.migrations, reader)
    return db
  } catch (cause) {
    db?.close()
    if (cause instanceof StoreError) throw cause
    const code = cause instanceof Database.SqliteError ? cause.code : ''
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
      throw new StoreError(
        'damaged',
        `${path} is damaged and cannot be read (${code}). If it is the search database, the host makes it anew from the journal when it starts; any other, restore from a copy.`,
        {
          cause,
        },
      )
    }
    throw cause
  }
}
