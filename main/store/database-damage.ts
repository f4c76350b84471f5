import Database from 'better-sqlite3'
import { StoreError } from './store-error.ts'

/** What SQLite says when the file is no database any more, or not the one that was opened; undefined when it is anything else. */
export function damageOf(cause: unknown): string | undefined {
  if (cause instanceof StoreError) return cause.code === 'damaged' ? damageOf(cause.cause) : undefined
  if (!(cause instanceof Database.SqliteError)) return undefined
  return cause.code.startsWith('SQLITE_CORRUPT') || cause.code === 'SQLITE_NOTADB' ? `${cause.message} (${cause.code})` : undefined
}
