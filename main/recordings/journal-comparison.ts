import { readChunks } from '../store/chunks-table.ts'
import { readPolicy } from '../store/evidence-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { firstHash, readHashes } from './canonical.ts'
import type { DerivedEvent, DeriveSink, SessionChain } from './derive-events.ts'
import type { Removal, Starts } from './evidence-documents.ts'
import { toHex } from './hash.ts'
import { policyVersion } from './policy-version.ts'
import type { Opening } from './stored-event.ts'
import type { RecordingFault } from './verify-recordings.ts'

interface Compared {
  readonly chain: SessionChain
  /** Hashes of the database's events that are still to come; undefined when there is nothing to compare with, or no more need to. */
  stored: Iterator<string> | undefined
  events: number
}

/** Holds events made from the journal against those of the database, and of removed sessions against their signed stubs. */
export class JournalComparison implements DeriveSink {
  readonly faults: RecordingFault[] = []
  /** The database has taken in the batch at hand, so its events have to be there. */
  taken = false
  readonly #db: Db
  readonly #only: string | undefined
  readonly #chains = new Map<string, Compared>()
  readonly #starts: ReadonlyMap<string, Starts[number]>
  readonly #stubs: ReadonlyMap<string, Removal['sessions'][number]>
  readonly #policies = new Set<string>()

  constructor(db: Db, only: string | undefined, removals: readonly Removal[], starts: Starts) {
    this.#db = db
    this.#only = only
    this.#starts = new Map(starts.map((start) => [start.id, start]))
    this.#stubs = new Map(removals.flatMap((removal) => removal.sessions.map((stub) => [stub.id, stub])))
  }

  resume(opening: Opening): SessionChain {
    return this.#of(opening).chain
  }

  object(): void {
    // Bodies are proved by their names: `ChainVerifier` reads them.
  }

  policy(body: Buffer): void {
    const version = policyVersion(body)
    if (this.#policies.has(version) || !this.taken) return
    this.#policies.add(version)
    if (readPolicy(this.#db, version)?.equals(body) === true) return
    this.faults.push({
      where: 'journal',
      session: undefined,
      seq: undefined,
      text: `Policy version ${version}: the database does not hold it as the journal does.`,
    })
  }

  event(chain: SessionChain, event: DerivedEvent): void {
    const kept = this.#of(chain.opening)
    kept.chain.seq = event.seq
    kept.chain.head = event.hash
    if (kept.stored === undefined || !this.taken) return
    kept.events += 1
    const next = kept.stored.next()
    if (next.done === true) this.#fault(chain.opening.id, event.seq, 'the journal has it, the database does not')
    else if (next.value !== event.hash) this.#fault(chain.opening.id, event.seq, 'the database tells another than the journal')
    else return
    kept.stored = undefined
  }

  /** What the database has and the journal does not, and stubs that do not fit. */
  finish(): void {
    for (const [id, { chain, stored, events }] of this.#chains) {
      if (stored !== undefined && stored.next().done !== true) this.#fault(id, events + 1, 'the database has it, the journal does not')
      const stub = this.#stubs.get(id)
      if (stub !== undefined && (stub.events !== chain.seq || stub.head !== toHex(chain.head))) {
        this.#fault(id, chain.seq, 'the stub of its removal tells another end than the journal')
      }
    }
    const ids = this.#db.prepare<[], { id: string }>('SELECT id FROM sessions').all()
    for (const { id } of ids) {
      if (this.#chains.has(id) || this.#starts.has(id) || (this.#only !== undefined && id !== this.#only)) continue
      this.#fault(id, 1, 'the database has it, the journal does not')
    }
  }

  #of(opening: Opening): Compared {
    const known = this.#chains.get(opening.id)
    if (known !== undefined) return known
    const start = this.#starts.get(opening.id)
    const chain = {
      opening,
      seq: start?.events ?? 0,
      head: start === undefined ? firstHash(opening.id) : Buffer.from(start.head, 'hex').toString('latin1'),
    }
    const made = { chain, stored: this.#read(opening.id, chain.seq), events: chain.seq }
    this.#chains.set(opening.id, made)
    return made
  }

  #read(id: string, after: number): Iterator<string> | undefined {
    if (this.#stubs.has(id) || (this.#only !== undefined && id !== this.#only)) return undefined
    const row = this.#db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE id = ?').get(id)
    return hashesBehind(this.#db, row?.number ?? -1, after)
  }

  #fault(id: string, seq: number, what: string): void {
    this.faults.push({ where: 'session', session: id, seq, text: `Session ${id}, event ${seq}: ${what}.` })
  }
}

function* hashesBehind(db: Db, session: number, after: number): Generator<string> {
  for (const chunk of readChunks(db, session, after)) {
    let seq = chunk.firstSeq
    for (const hash of readHashes(chunk.body)) {
      if (seq > after) yield hash
      seq += 1
    }
  }
}
