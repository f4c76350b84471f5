import { journalDirectory, recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { openDatabase } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { verifyJournal } from './verify-journal.ts'
import { verifySession } from './verify-session.ts'

/** Something that does not fit. `session` and `seq` name the first event concerned, where it can be told. */
export interface RecordingFault {
  readonly where: 'journal' | 'session'
  readonly session: string | undefined
  readonly seq: number | undefined
  /** For people: what does not fit, and where. */
  readonly text: string
}

export interface Verification {
  /** Empty: all that is kept is as it was written, as far as chains without a signature can prove. */
  readonly faults: readonly RecordingFault[]
  readonly sessions: number
  readonly events: number
  /** Bytes of the journal that the database has not taken in yet; of a running host a little, of a stopped one none. */
  readonly behindBytes: number
}

/**
 * Proves a data directory: each session's chain in the database, the journal's chain, and that both tell the same. Reads only; a host may be
 * running. Throws `StoreError` when there is nothing to read.
 */
export function verifyRecordings(dataDir: string, session?: string): Verification {
  const db = openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
  try {
    // One snapshot for all reads: a running host goes on writing meanwhile.
    return db.transaction(() => {
      const rows = db
        .prepare<[string | null, string | null], SessionRow>('SELECT * FROM sessions WHERE (? IS NULL OR id = ?) ORDER BY number')
        .all(session ?? null, session ?? null)
      const faults: RecordingFault[] = []
      if (session !== undefined && rows.length === 0) {
        faults.push({ where: 'session', session, seq: undefined, text: `There is no session ${session} in this data directory.` })
      }
      let events = 0
      for (const row of rows) {
        const fault = verifySession(db, row)
        events += row.events
        if (fault !== undefined) faults.push(fault)
      }
      const journal = verifyJournal(db, journalDirectory(dataDir), session)
      for (const fault of journal.faults) {
        if (!faults.some((known) => known.session !== undefined && known.session === fault.session)) faults.push(fault)
      }
      return { faults, sessions: rows.length, events, behindBytes: journal.behindBytes }
    })()
  } finally {
    db.close()
  }
}
