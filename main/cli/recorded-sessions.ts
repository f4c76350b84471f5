import { recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'

export { exportSession } from '../recordings/export-session.ts'
export { findSession } from '../recordings/read-sessions.ts'

/** A data directory's recordings, for reading; a host may be writing meanwhile. Throws `StoreError` when there are none. */
export function openRecordingsReadOnly(dataDir: string): Db {
  return openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
}
