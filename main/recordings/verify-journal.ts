import { readChunks } from '../store/chunks-table.ts'
import type { Db } from '../store/open-database.ts'
import { readPosition } from '../store/position-table.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { type EncodedEvent, firstHash, readEvents } from './canonical.ts'
import { decodeBatch } from './decode-batch.ts'
import { type DerivedEvent, EventDeriver, type SessionChain } from './derive-events.ts'
import { GENESIS, HEADER_BYTES, segmentName } from './journal-format.ts'
import { SegmentReader } from './read-journal.ts'
import { listSegments } from './recover-journal.ts'
import type { Opening } from './stored-event.ts'
import type { RecordingFault } from './verify-recordings.ts'

interface JournalVerification {
  readonly faults: readonly RecordingFault[]
  readonly behindBytes: number
}

/**
 * Proves the journal's chain, makes every session's events from it again, and holds each against the one that the database has. `session`
 * limits the comparison to one, not the chain.
 */
export function verifyJournal(db: Db, directory: string, session: string | undefined): JournalVerification {
  const position = readPosition(db)
  const comparison = new Comparison(db, session)
  const deriver = new EventDeriver(comparison)
  const faults: RecordingFault[] = []
  const segments = listSegments(directory)
  let head = GENESIS
  let behindBytes = 0
  for (const [place, number] of segments.entries()) {
    const reader = new SegmentReader(directory, number)
    try {
      const header = reader.header()
      if (header === undefined)
        return { faults: [...faults, broken(number, 0, 'its header was changed'), ...comparison.faults], behindBytes }
      if (header.previous !== head || header.number !== number) {
        return {
          faults: [
            ...faults,
            broken(number, 0, 'it does not follow what stands before it: a file was removed or put in'),
            ...comparison.faults,
          ],
          behindBytes,
        }
      }
      head = header.hash
      let offset = HEADER_BYTES
      deriver.beginSegment()
      for (;;) {
        const batch = reader.batch(offset, head)
        if (!batch.ok) {
          const last = place === segments.length - 1
          if (batch.why === 'end' || (last && batch.why === 'short')) break
          return { faults: [...faults, broken(number, offset, 'what stands there was changed'), ...comparison.faults], behindBytes }
        }
        comparison.taken =
          position !== undefined && (number < position.segment || (number === position.segment && offset < position.offset))
        if (!comparison.taken) behindBytes += batch.next - offset
        for (const record of decodeBatch(batch.payload)) deriver.apply(record)
        deriver.endBatch()
        offset = batch.next
        head = batch.hash
      }
    } catch (cause) {
      faults.push(broken(number, 0, cause instanceof Error ? cause.message : String(cause)))
      return { faults: [...faults, ...comparison.faults], behindBytes }
    } finally {
      reader.close()
    }
  }
  comparison.finish()
  return { faults: [...faults, ...comparison.faults], behindBytes }
}

function broken(segment: number, offset: number, what: string): RecordingFault {
  return { where: 'journal', session: undefined, seq: undefined, text: `Journal ${segmentName(segment)}, byte ${offset}: ${what}.` }
}

/** Holds events made from the journal against those of the database. */
class Comparison {
  readonly faults: RecordingFault[] = []
  /** The database has taken in the batch at hand, so its events have to be there. */
  taken = false
  readonly #db: Db
  readonly #only: string | undefined
  readonly #chains = new Map<string, { chain: SessionChain; stored: Iterator<EncodedEvent> | undefined; events: number }>()

  constructor(db: Db, only: string | undefined) {
    this.#db = db
    this.#only = only
  }

  resume(opening: Opening): SessionChain {
    return this.#of(opening).chain
  }

  object(): void {
    // Bodies are proved by their names: `verifySession` reads them.
  }

  event(chain: SessionChain, event: DerivedEvent): void {
    const kept = this.#of(chain.opening)
    kept.chain.seq = event.seq
    kept.chain.head = event.hash
    if (kept.stored === undefined || !this.taken) return
    kept.events += 1
    const next = kept.stored.next()
    if (next.done === true) this.#fault(chain, event.seq, 'the journal has it, the database does not')
    else if (next.value.hash !== event.hash) this.#fault(chain, event.seq, 'the database tells another than the journal')
    else return
    kept.stored = undefined
  }

  /** What the database has and the journal does not. */
  finish(): void {
    for (const { chain, stored, events } of this.#chains.values()) {
      if (stored !== undefined && stored.next().done !== true) this.#fault(chain, events + 1, 'the database has it, the journal does not')
    }
    const ids = this.#db.prepare<[], { id: string }>('SELECT id FROM sessions').all()
    for (const { id } of ids) {
      if (this.#chains.has(id) || (this.#only !== undefined && id !== this.#only)) continue
      this.faults.push({
        where: 'session',
        session: id,
        seq: 1,
        text: `Session ${id}, event 1: the database has it, the journal does not.`,
      })
    }
  }

  #of(opening: Opening) {
    const known = this.#chains.get(opening.id)
    if (known !== undefined) return known
    const made = { chain: { opening, seq: 0, head: firstHash(opening.id) }, stored: this.#read(opening.id), events: 0 }
    this.#chains.set(opening.id, made)
    return made
  }

  #read(id: string): Iterator<EncodedEvent> | undefined {
    if (this.#only !== undefined && id !== this.#only) return undefined
    const row = this.#db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE id = ?').get(id)
    return readAll(this.#db, row?.number ?? -1)
  }

  #fault(chain: SessionChain, seq: number, what: string): void {
    const { id } = chain.opening
    this.faults.push({ where: 'session', session: id, seq, text: `Session ${id}, event ${seq}: ${what}.` })
  }
}

function* readAll(db: Db, session: number): Generator<EncodedEvent> {
  for (const chunk of readChunks(db, session, 0)) yield* readEvents(chunk.body)
}
