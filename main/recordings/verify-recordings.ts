import type { KeyObject } from 'node:crypto'
import { readKeys } from '../store/evidence-table.ts'
import { journalDirectory, recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { keyRing } from './key-ring.ts'
import { verifyEvidence } from './verify-evidence.ts'
import { verifyJournal } from './verify-journal.ts'
import { SessionVerifier } from './verify-session.ts'

/** Something that does not fit. `session` and `seq` name the first event concerned, where it can be told. */
export interface RecordingFault {
  readonly where: 'journal' | 'session' | 'head'
  readonly session: string | undefined
  readonly seq: number | undefined
  /** For people: what does not fit, and where. */
  readonly text: string
}

export interface Verification {
  /** Empty: all that is kept is as it was written, as far as docs/evidence.md says. */
  readonly faults: readonly RecordingFault[]
  readonly sessions: number
  readonly events: number
  /** Sessions that retention has removed. */
  readonly removed: number
  /** Bytes of the journal that the database has not taken in yet; of a running host a little, of a stopped one none. */
  readonly behindBytes: number
  /** The last signed head, and the keys that were trusted. */
  readonly signed: { readonly number: number; readonly at: number } | undefined
  readonly keys: readonly string[]
}

export interface VerifyOptions {
  /** Only this session; the journal's chain is proved whole all the same. */
  readonly session?: string | undefined
  /** The only key that is trusted. Without it: those that the record itself names. */
  readonly publicKey?: KeyObject | undefined
}

/**
 * Proves a data directory: the signed heads, each session's chain in the database, the journal's chain, and that all tell the same. Reads only; a
 * host may be running. Throws `StoreError` when there is nothing to read.
 */
export function verifyRecordings(dataDir: string, options: VerifyOptions = {}): Verification {
  const db = openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
  try {
    // One snapshot for all reads: a running host goes on writing meanwhile.
    return db.transaction(() => verify(db, dataDir, options))()
  } finally {
    db.close()
  }
}

function verify(db: Db, dataDir: string, { session, publicKey }: VerifyOptions): Verification {
  const ring = keyRing(readKeys(db), publicKey)
  const evidence = verifyEvidence(db, ring)
  const faults: RecordingFault[] = [...evidence.faults]
  const rows = db
    .prepare<[string | null, string | null], SessionRow>('SELECT * FROM sessions WHERE (? IS NULL OR id = ?) ORDER BY number')
    .all(session ?? null, session ?? null)
  if (session !== undefined && rows.length === 0) {
    faults.push({ where: 'session', session, seq: undefined, text: `There is no session ${session} in this data directory.` })
  }
  const verifier = new SessionVerifier(db, ring)
  let events = 0
  for (const row of rows) {
    const fault = verifier.verify(row)
    events += row.events
    if (fault !== undefined) faults.push(fault)
  }
  const journal = verifyJournal(db, journalDirectory(dataDir), session, evidence)
  for (const fault of journal.faults) {
    if (!faults.some((known) => known.session !== undefined && known.session === fault.session)) faults.push(fault)
  }
  const last = evidence.heads.at(-1)
  return {
    faults,
    sessions: rows.length,
    events,
    removed: evidence.removals.reduce((sum, removal) => sum + removal.sessions.length, 0),
    behindBytes: journal.behindBytes,
    signed: last === undefined ? undefined : { number: last.number, at: last.at },
    keys: ring.ids,
  }
}
