import type { Database } from 'better-sqlite3'
import { StoreError } from './store-error.ts'

/** Brings a database to the newest version, each step in its own transaction. Refuses one that is newer than this program. */
export function migrate(db: Database, path: string, migrations: readonly string[], readonly: boolean): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > migrations.length) {
    throw new StoreError(
      'newer',
      `${path} was written by a newer Sallyport (store version ${version}, this one knows ${migrations.length}). Start that version, or use another data directory.`,
    )
  }
  if (readonly && version < migrations.length) {
    throw new StoreError(
      'missing',
      `${path} is of an older store version (${version}). Start the host once, so that it is brought up to date.`,
    )
  }
  for (const [place, sql] of migrations.entries()) {
    if (place < version) continue
    db.transaction(() => {
      db.exec(sql)
      db.pragma(`user_version = ${place + 1}`)
    }).immediate()
  }
}
