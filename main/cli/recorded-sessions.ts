import { recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'

export { csvHead, exportCsv } from '../recordings/export-csv.ts'
export { exportSession } from '../recordings/export-session.ts'
export { findRecord } from '../recordings/read-sessions.ts'

/** A data directory's recordings, for reading; a host may be writing meanwhile. Throws `StoreError` when there are none. */
export function openRecordingsReadOnly(dataDir: string): Db {
  return openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
}

/** Oldest first. */
export function listAllSessions(db: Db): SessionRow[] {
  return db.prepare<[], SessionRow>('SELECT * FROM sessions ORDER BY number').all()
}
