import { prepareActs } from '../store/acts-table.ts'
import { prepareChunks } from '../store/chunks-table.ts'
import { prepareEvidence, readRemovals, readSegmentStarts } from '../store/evidence-table.ts'
import { prepareObjects, prepareReadObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import { type Position, preparePosition, readPosition } from '../store/position-table.ts'
import { prepareSessions } from '../store/sessions-table.ts'
import { prepareUses } from '../store/uses-table.ts'
import { decodeBatch } from './decode-batch.ts'
import { EventDeriver } from './derive-events.ts'
import { type Removal, readDocument, removalSchema, type Starts, startsSchema } from './evidence-documents.ts'
import { FillSink } from './fill-sink.ts'
import { GENESIS, HEADER_BYTES, segmentName } from './journal-format.ts'
import { SegmentReader } from './read-journal.ts'
import { listSegments } from './recover-journal.ts'
import { createSealer, type Sealer } from './seal-recordings.ts'
import { SearchIndex } from './search-index.ts'
import type { SigningKey } from './signing-key.ts'

export interface FillResult {
  /** Bytes of the journal taken in by this pass. */
  readonly bytes: number
  /** Sessions that something was added to. */
  readonly sessions: readonly string[]
  /** Something stands in the journal that does not fit; it may be a write under way, or a change if it stays. */
  readonly stuck: boolean
  /** Files that are missing from the journal, as sentences: filling went on behind them. */
  readonly gaps: readonly string[]
}

/**
 * Fills the search database from the journal, one transaction a pass, and remembers in the same transaction how far it came: after a
 * crash it goes on from there and nothing is missing or double.
 */
export class RecordingsFiller {
  readonly #db: Db
  readonly #directory: string
  readonly #sink: FillSink
  readonly #deriver: EventDeriver
  readonly #savePosition: ReturnType<typeof preparePosition>
  #reader: SegmentReader | undefined
  readonly #evidence: ReturnType<typeof prepareEvidence>
  readonly #sealer: Sealer | undefined
  readonly #now: () => number
  readonly #force: boolean
  #offset = 0
  #hash = GENESIS
  #changed: string[] = []
  /** The segment that was read last; it may be gone. */
  #segment = 0
  readonly #gaps: string[] = []

  /**
   * `key` signs; without one nothing is signed. `force`: the journal is forced to the disk before what was taken from it is committed, so that after a
   * power cut the database never tells more than the journal.
   */
  constructor(db: Db, directory: string, key: SigningKey | undefined, now: () => number = Date.now, force = false) {
    this.#db = db
    this.#force = force
    this.#directory = directory
    this.#evidence = prepareEvidence(db)
    this.#sealer = key === undefined ? undefined : createSealer(db, key)
    this.#now = now
    const find = prepareReadObject(db)
    this.#sink = new FillSink({
      sessions: prepareSessions(db),
      storeObject: prepareObjects(db),
      storeChunk: prepareChunks(db),
      storePolicy: (version, body) => this.#evidence.policy(version, body),
      storeAct: prepareActs(db),
      search: new SearchIndex(prepareUses(db), (sha) => find(Buffer.from(sha, 'hex'))),
    })
    this.#deriver = new EventDeriver(this.#sink)
    this.#savePosition = preparePosition(db)
    this.#restore()
  }

  /** Takes in up to about `maxBytes`. An error leaves the database as it was before the pass; make a new filler after one. */
  pass(maxBytes: number): FillResult {
    let bytes = 0
    let stuck = false
    const run = this.#db.transaction(() => {
      this.#changed = []
      while (bytes < maxBytes) {
        if (this.#reader === undefined && !this.#openNext()) break
        const reader = this.#reader
        if (reader === undefined) break
        const batch = reader.batch(this.#offset, this.#hash)
        if (batch.ok) {
          for (const record of decodeBatch(batch.payload)) this.#deriver.apply(record)
          this.#deriver.endBatch()
          bytes += batch.next - this.#offset
          this.#offset = batch.next
          this.#hash = batch.hash
          continue
        }
        if (reader.place() === 'elsewhere') {
          this.#openAgain(reader)
          continue
        }
        stuck = batch.why !== 'end'
        if (stuck || !this.#openNext()) break
      }
      if (bytes === 0) return []
      this.#flush()
      if (this.#force) this.#reader?.force()
      this.#savePosition(this.#position())
      this.#sealer?.sealEnded(this.#now())
      return [...new Set(this.#changed)]
    })
    const sessions = run.immediate()
    return { sessions, bytes, stuck, gaps: this.#gaps.splice(0) }
  }

  /** What was stored may have been removed since. */
  forgetObjects(): void {
    this.#sink.forgetObjects()
  }

  /** Signs what was taken in so far. */
  seal(): void {
    if (this.#reader === undefined) return
    this.#db.transaction(() => this.#sealer?.seal(this.#position(), this.#now())).immediate()
  }

  /** Bytes of the journal not yet taken in. */
  behind(): number {
    let bytes = this.#reader === undefined ? 0 : this.#reader.size() - this.#offset
    for (const number of listSegments(this.#directory)) {
      if (number <= this.#segment) continue
      const reader = new SegmentReader(this.#directory, number)
      bytes += Math.max(0, reader.size() - HEADER_BYTES)
      reader.close()
    }
    return bytes
  }

  close(): void {
    this.#reader?.close()
    this.#reader = undefined
  }

  #position(): Position {
    return { segment: this.#segment, offset: this.#offset, hash: Buffer.from(this.#hash, 'latin1') }
  }

  #flush(): void {
    this.#changed.push(...this.#sink.flush(this.#segment))
  }

  /** Where the chains of the open sessions stand: once all before it is removed, the segment can only be read on from there. */
  #rememberStarts(number: number): void {
    const starts: Starts = prepareSessions(this.#db)
      .open()
      .map((row) => ({ id: row.id, events: row.events, head: row.head.toString('hex') }))
    this.#evidence.segment({ number, at: Math.round(this.#now()), starts: JSON.stringify(starts) })
  }

  /** The file was removed and put back by the one who writes it: the same bytes, in another file. */
  #openAgain(reader: SegmentReader): void {
    this.#reader = new SegmentReader(this.#directory, reader.number)
    reader.close()
  }

  /** Goes to the following segment: one that continues this chain, or the first one behind files that are missing. */
  #openNext(): boolean {
    const number = listSegments(this.#directory).find((one) => one > this.#segment)
    if (number === undefined) return false
    const next = new SegmentReader(this.#directory, number)
    const header = next.header()
    const follows = header?.previous === this.#hash
    if (header === undefined || !(follows || this.#isGap(number))) {
      next.close()
      return false
    }
    if (!follows) this.#gaps.push(`Before journal file ${segmentName(number)} the record is missing: a file was removed.`)
    this.#flush()
    this.#rememberStarts(number)
    if (this.#force) this.#reader?.force()
    this.#reader?.close()
    this.#reader = next
    this.#segment = number
    this.#offset = HEADER_BYTES
    this.#hash = header.hash
    this.#deriver.beginSegment()
    return true
  }

  /** Whether the segment that does not follow does so because others are gone, and not because it was changed. */
  #isGap(number: number): boolean {
    if (number > this.#segment + 1) return true
    if (this.#segment === 0) return false
    // What is gone is read to its end first: its writer may have gone on in it until now.
    return this.#reader === undefined || (this.#reader.place() === 'gone' && this.#reader.size() === this.#offset)
  }

  /** Goes back to the stored position, reading again what the segment defined before it. */
  #restore(): void {
    const removals = readRemovals(this.#db).flatMap((row) => readDocument(removalSchema, row) ?? [])
    this.#sink.skip(removals.flatMap((removal) => removal.sessions.map((stub) => stub.id)))
    const position = readPosition(this.#db)
    if (position === undefined) {
      this.#beginBehind(removals.findLast((removal) => removal.journal !== null)?.journal ?? undefined)
      return
    }
    this.#segment = position.segment
    this.#offset = position.offset
    this.#hash = position.hash.toString('latin1')
    if (!listSegments(this.#directory).includes(position.segment)) return
    const reader = new SegmentReader(this.#directory, position.segment)
    const header = reader.header()
    if (header === undefined) throw new RangeError(`segment ${position.segment} of the journal has lost its header`)
    this.#deriver.beginSegment()
    let offset = HEADER_BYTES
    let hash = header.hash
    while (offset < position.offset) {
      const batch = reader.batch(offset, hash)
      if (!batch.ok) throw new RangeError(`segment ${position.segment} of the journal does not fit together at byte ${offset}`)
      for (const record of decodeBatch(batch.payload)) this.#deriver.define(record)
      offset = batch.next
      hash = batch.hash
    }
    if (hash !== position.hash.toString('latin1')) throw new RangeError('the journal is another than the one that was taken in')
    this.#reader = reader
  }

  /** A database that is filled anew begins where retention left the journal, with the sessions that were open then. */
  #beginBehind(journal: NonNullable<Removal['journal']> | undefined): void {
    if (journal === undefined) return
    this.#segment = journal.through
    this.#hash = Buffer.from(journal.hash, 'hex').toString('latin1')
    const row = readSegmentStarts(this.#db, journal.through + 1)
    this.#sink.begunBefore(row === undefined ? [] : startsSchema.parse(JSON.parse(row.starts)))
  }
}
