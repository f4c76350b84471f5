import type { Clock, Log } from '../../proxy/ports.ts'
import type { RecordingsSync } from '../config/types.ts'
import { damageOf } from '../store/database-damage.ts'
import { prepareEvidence } from '../store/evidence-table.ts'
import { journalDirectory, recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'
import { readPosition } from '../store/position-table.ts'
import { preparePrivateDirectory } from '../store/prepare-directory.ts'
import { prepareSessions, type SessionRow } from '../store/sessions-table.ts'
import { describeRetentionOf, type RetentionDescription } from './describe-retention.ts'
import { RecordingsFiller } from './fill-recordings.ts'
import { createIncidents, type Incidents } from './incidents.ts'
import { nodeJournalFiles } from './journal-files.ts'
import { openRecordingsDatabase } from './open-recordings-database.ts'
import type { RetentionRules } from './plan-retention.ts'
import { describeRebuild, rebuildRecordings } from './rebuild-recordings.ts'
import { createRecorder, type JournalRecorder } from './recorder.ts'
import { recoverJournal } from './recover-journal.ts'
import { sealSession } from './seal-recordings.ts'
import type { Signed, SigningKey } from './signing-key.ts'
import { type Filler, startFiller } from './start-filler.ts'

export interface Recordings {
  readonly recorder: JournalRecorder
  /** For reading only. Another one after it was made anew: ask for it each time. */
  readonly db: Db
  /** Told of an error from reading: true when it says that the database is damaged, which is then made anew from the journal. */
  noticeDamage(cause: unknown): boolean
  state(): RecordingsState
  readonly signingKey: Pick<SigningKey, 'id' | 'publicKey' | 'sealed'>
  /** What retention would remove now. */
  describeRetention(): RetentionDescription
  /** Removes it, soon. */
  retain(): void
  /** Signs a session's chain as it stands. */
  sign(row: SessionRow): Signed
  onChange(listener: (sessions: readonly string[]) => void): void
  /** The database is another one. */
  onReplaced(listener: () => void): void
  close(): Promise<void>
}

export interface RecordingsState {
  readonly writing: boolean
  /** Sentences for people. */
  readonly trouble: readonly string[]
  /** Those among them that say what happened to the record itself, and was got over. */
  readonly incidents: readonly string[]
  readonly journalBytes: number
  readonly behindBytes: number
  readonly slowestWriteMs: number
}

export interface RecordingsOptions {
  readonly dataDir: string
  readonly resultBytesPerStatement: number
  readonly sync: RecordingsSync
  readonly signingKey: SigningKey
  readonly retention: RetentionRules
  /** The canonical content of a policy's version, as far as it is known. */
  readonly policyText: (version: string) => string | undefined
  readonly clock: Clock
  readonly log: Log
}

const FLUSH_MS = 50
const CHECK_MS = 1000
const CATCH_UP_BYTES = 8 * 1024 * 1024
const CLOSE_MS = 5000

/**
 * Opens the record: finds the journal's end, takes what a crash left behind into the database, closes the sessions that were running
 * then, and begins a new segment. Throws `StoreError` when the record cannot be trusted or read.
 */
export function openRecordings(options: RecordingsOptions): Recordings {
  const { dataDir, clock, log } = options
  const journal = journalDirectory(dataDir)
  preparePrivateDirectory(journal)
  const incidents = createIncidents(clock, log)
  const abandoned = catchUp(options, journal, incidents)
  const openReader = (): Db => openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
  let db = openReader()
  const recorder = createRecorder({
    directory: journal,
    files: nodeJournalFiles,
    firstSegment: abandoned.nextSegment,
    head: abandoned.head,
    resultBytesPerStatement: options.resultBytesPerStatement,
    forceEachCommit: options.sync === 'commit',
    policyText: options.policyText,
    clock,
    onIncident: incidents.add,
  })
  for (const row of abandoned.sessions) recorder.closeAbandoned(openingOf(row), 'the host stopped without closing this session')
  recorder.commit()
  const listeners: ((sessions: readonly string[]) => void)[] = []
  const signingKey = options.signingKey.privateKey.export({ format: 'der', type: 'pkcs8' })
  const replacedListeners: (() => void)[] = []
  const filler = startFiller({ dataDir, journal, signingKey, retention: options.retention }, log, {
    changed: (sessions) => {
      for (const listener of listeners) listener(sessions)
    },
    incident: incidents.add,
    replaced: () => {
      const before = db
      db = openReader()
      closeWhenFree(before)
      for (const listener of replacedListeners) listener()
    },
  })
  const timers = [setInterval(() => recorder.flush(), FLUSH_MS), setInterval(() => recorder.checkFile(), CHECK_MS)]
  for (const timer of timers) timer.unref()
  return {
    recorder,
    get db() {
      return db
    },
    noticeDamage: (cause) => {
      const damage = damageOf(cause)
      if (damage !== undefined) filler.rebuild(damage)
      return damage !== undefined
    },
    state: () => describe(recorder, filler, incidents),
    signingKey: options.signingKey,
    describeRetention: () => describeRetentionOf(db, journal, options.retention, clock.now()),
    retain: () => filler.retain(),
    sign: (row) => sealSession(options.signingKey, row, Math.round(clock.now())),
    onChange: (listener) => {
      listeners.push(listener)
    },
    onReplaced: (listener) => {
      replacedListeners.push(listener)
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      try {
        recorder.close()
      } catch (cause) {
        log.error('record-not-closed', { reason: cause instanceof Error ? cause.message : String(cause) })
      }
      await filler.stop(CLOSE_MS)
      db.close()
    },
  }
}

interface CaughtUp {
  readonly nextSegment: number
  readonly head: string
  /** Still open in the record. */
  readonly sessions: readonly SessionRow[]
}

/** Before anything listens, so it may take its time here; after a clean stop there is nothing to do. A damaged database is made anew. */
function catchUp(options: RecordingsOptions, journal: string, incidents: Incidents): CaughtUp {
  const { dataDir, clock, signingKey } = options
  try {
    return takeIn(openRecordingsDatabase(recordingsFile(dataDir)), options, journal, incidents)
  } catch (cause) {
    const damage = damageOf(cause)
    if (damage === undefined) throw cause
    const { db, kept, documents } = rebuildRecordings(dataDir, signingKey, clock.now())
    incidents.add(describeRebuild(damage, kept, documents))
    return takeIn(db, options, journal, incidents)
  }
}

function takeIn(db: Db, { log, clock, signingKey }: RecordingsOptions, journal: string, incidents: Incidents): CaughtUp {
  try {
    // Known from the first moment: what is exported before the first head is signed with it too.
    prepareEvidence(db).key({ id: signingKey.id, public_key: signingKey.publicKey, since: Math.round(clock.now()) })
    const position = readPosition(db)
    const recovered = recoverJournal(journal, position ?? { segment: 0, offset: 0 })
    if (recovered.missing !== undefined) incidents.add(recovered.missing)
    if (recovered.cutBytes > 0) log.warn('journal-tail-cut', { bytes: recovered.cutBytes })
    const filler = new RecordingsFiller(db, journal, signingKey, () => clock.now(), true)
    for (let bytes = 1; bytes > 0; ) {
      const pass = filler.pass(CATCH_UP_BYTES)
      bytes = pass.bytes
      for (const gap of pass.gaps) incidents.add(gap)
    }
    filler.seal()
    filler.close()
    return { nextSegment: recovered.nextSegment, head: recovered.head, sessions: prepareSessions(db).open() }
  } finally {
    db.close()
  }
}

/** An export may still be reading from it. */
function closeWhenFree(db: Db): void {
  try {
    db.close()
  } catch {
    // It is busy: SQLite refuses to close under a reader.
    setTimeout(() => closeWhenFree(db), 1000).unref()
  }
}

function describe(recorder: JournalRecorder, filler: Filler, incidents: Incidents): RecordingsState {
  const journal = recorder.state()
  const { behind, failure, retentionFailure } = filler.state()
  const recent = incidents.recent()
  const trouble = [
    ...(journal.failure === undefined ? [] : [`No statement passes: the record cannot be written. ${journal.failure}`]),
    ...(failure === undefined ? [] : [`Search and replay do not advance; the record itself does. ${failure}`]),
    ...recent,
    ...(retentionFailure === undefined ? [] : [`Old recordings could not be removed. ${retentionFailure}`]),
  ]
  return {
    writing: journal.failure === undefined,
    trouble,
    incidents: recent,
    journalBytes: journal.totalBytes,
    behindBytes: behind,
    slowestWriteMs: journal.slowestWriteMs,
  }
}

function openingOf(row: SessionRow) {
  return {
    id: row.id,
    connection: row.connection,
    who: { name: row.name, issuer: row.issuer, subject: row.subject, kind: row.kind },
    groups: JSON.parse(row.groups),
    client: row.client,
    clientAddress: row.client_address,
    application: row.application,
    tls: row.tls === 1,
    at: row.started_at,
  }
}
