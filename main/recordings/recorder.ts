import { randomUUID } from 'node:crypto'
import type { Clock, Recorder } from '../../proxy/ports.ts'
import { type ConnectionCounts, noCounts } from './connection-counts.ts'
import type { JournalFiles } from './journal-files.ts'
import { JournalSession } from './journal-session.ts'
import { type JournalState, JournalWriter } from './journal-writer.ts'
import { ReferenceBook } from './reference-book.ts'
import type { Opening } from './stored-event.ts'

export interface JournalRecorderOptions {
  readonly directory: string
  readonly files: JournalFiles
  readonly firstSegment: number
  readonly head: string
  readonly segmentBytes?: number
  /** `recordings.resultBytesPerStatement`. */
  readonly resultBytesPerStatement: number
  /** As `JournalOptions.forceEachCommit`. */
  readonly forceEachCommit?: boolean
  readonly clock: Clock
  /** The canonical content of a policy's version, as far as it is known: it goes into the record with the first verdict that names it. */
  readonly policyText: (version: string) => string | undefined
  /** A file of the journal was removed under us, and what became of it, as a sentence. */
  readonly onIncident: (sentence: string) => void
}

export interface JournalRecorder extends Recorder {
  state(): JournalState
  /** By connection, since the start. */
  counts(): ReadonlyMap<string, Readonly<ConnectionCounts>>
  /** For a timer of some 50 ms: answers that nobody committed reach the disk, and a failure is tried again. */
  flush(): void
  checkFile(): void
  /** Begins a record of the host's own, for administrative acts. */
  openedByHost(): HostRecord
  /** Ends the record of a session that an earlier process left open. */
  closeAbandoned(opening: Opening, reason: string): void
  /** Throws `GatewayError` (`recorder`) if the last of it could not be written. */
  close(): void
}

/** A chain of administrative acts. */
export type HostRecord = Pick<JournalSession, 'id' | 'act' | 'closed'>

/** Segments of this size: small enough to read again in a fifth of a second after a crash. */
const SEGMENT_BYTES = 32 * 1024 * 1024

/** The `Recorder` of proxy/ports.ts over the journal. Throws what the file system says if the first segment cannot be made. */
export function createRecorder(options: JournalRecorderOptions): JournalRecorder {
  const { clock, resultBytesPerStatement } = options
  const journal = new JournalWriter({
    directory: options.directory,
    files: options.files,
    firstSegment: options.firstSegment,
    head: options.head,
    segmentBytes: options.segmentBytes ?? SEGMENT_BYTES,
    forceEachCommit: options.forceEachCommit ?? false,
    now: () => clock.now(),
    onIncident: options.onIncident,
  })
  const book = new ReferenceBook(journal, options.policyText)
  let sessions = 0
  const counts = new Map<string, ConnectionCounts>()
  return {
    opened: ({ who, connection, clientAddress, applicationName, tls, at }) => {
      sessions += 1
      const opening: Opening = {
        id: randomUUID(),
        connection,
        who: { name: who.name, issuer: who.issuer, subject: who.subject, kind: who.kind },
        groups: [...who.groups],
        client: who.client ?? null,
        clientAddress,
        application: applicationName,
        tls,
        at,
      }
      const count = counts.get(connection) ?? noCounts()
      counts.set(connection, count)
      count.sessions += 1
      return new JournalSession(journal, book, clock, resultBytesPerStatement, sessions, opening, false, count)
    },
    counts: () => counts,
    openedByHost: () => {
      sessions += 1
      const opening: Opening = {
        id: randomUUID(),
        connection: '',
        who: { name: 'Sallyport', issuer: '', subject: '', kind: 'host' },
        groups: [],
        client: null,
        clientAddress: '',
        application: '',
        tls: false,
        at: clock.now(),
      }
      return new JournalSession(journal, book, clock, resultBytesPerStatement, sessions, opening, false)
    },
    closeAbandoned: (opening, reason) => {
      sessions += 1
      new JournalSession(journal, book, clock, resultBytesPerStatement, sessions, opening, true).closed(reason)
    },
    commit: () => journal.commit(),
    state: () => journal.state(),
    flush: () => journal.flush(),
    checkFile: () => journal.checkFile(),
    close: () => journal.close(),
  }
}
