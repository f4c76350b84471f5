import { readChunks } from '../store/chunks-table.ts'
import { readPolicy } from '../store/evidence-table.ts'
import { prepareReadObject, type StoredObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { readEvents } from './canonical.ts'
import { readDocument, type Seal, sealSchema } from './evidence-documents.ts'
import type { KeyRing } from './key-ring.ts'
import type { StoredEvent } from './stored-event.ts'
import { type ChainFault, ChainVerifier } from './verify-chain.ts'
import type { RecordingFault } from './verify-recordings.ts'

/** Proves sessions of one database: bodies that many of them share are proved once. */
export class SessionVerifier {
  readonly #db: Db
  readonly #ring: KeyRing
  readonly #proved = new Set<string>()
  readonly #readObject: (sha: Buffer) => StoredObject | undefined

  constructor(db: Db, ring: KeyRing) {
    this.#db = db
    this.#ring = ring
    this.#readObject = prepareReadObject(db)
  }

  /** Computes a session's chain again from what is stored. Returns the first thing that does not fit. */
  verify(session: SessionRow): RecordingFault | undefined {
    const walk = this.walk(session, Number.POSITIVE_INFINITY)
    let step = walk.next()
    while (step.done !== true) step = walk.next()
    const fault = step.value
    if (fault === undefined) return undefined
    return { where: 'session', session: session.id, seq: fault.seq, text: `Session ${session.id}, event ${fault.seq}: ${fault.text}` }
  }

  /**
   * The same in steps of one chunk, so that a host can do other things between them; each says how many events have been proved. Events
   * behind `upTo` are left out: a session that runs grows meanwhile.
   */
  *walk(session: SessionRow, upTo: number): Generator<number, ChainFault | undefined, void> {
    const sealed = readSeal(session, this.#ring)
    if (typeof sealed === 'string') return { seq: session.sealed_events, text: sealed }
    const chain = new ChainVerifier(session.id, sealed, {
      object: (sha) => this.#readObject(Buffer.from(sha, 'hex')),
      policy: (version) => (session.last_segment === 0 ? 'unrecorded' : readPolicy(this.#db, version)),
      proved: this.#proved,
      opening: (event) => verifyOpening(session, event),
    })
    try {
      for (const chunk of readChunks(this.#db, session.number, 0)) {
        if (chunk.firstSeq !== chain.seq + 1) {
          return { seq: chain.seq + 1, text: `it is missing; the next that is stored says it is number ${chunk.firstSeq}.` }
        }
        for (const stored of readEvents(chunk.body)) {
          const fault = chain.add(stored)
          if (fault !== undefined) return fault
          if (chain.seq === upTo) return chain.finish(session.events, session.head.toString('latin1'))
        }
        yield chain.seq
        if (chunk.lastSeq !== chain.seq) return { seq: chain.seq + 1, text: 'it is missing from the end of its chunk.' }
      }
    } catch (cause) {
      return { seq: chain.seq + 1, text: `it cannot be read (${cause instanceof Error ? cause.message : String(cause)}).` }
    }
    return chain.finish(session.events, session.head.toString('latin1'))
  }
}

/** The session's signed head; a text when it does not hold; undefined when the session is too young to have one. */
function readSeal(session: SessionRow, ring: KeyRing): Seal | string | undefined {
  if (session.seal === null) {
    const due = session.ended_at !== null && session.last_segment > 0
    return due ? 'the signature over the session’s end is missing.' : undefined
  }
  const signed = JSON.parse(session.seal)
  const seal = readDocument(sealSchema, signed)
  if (seal === undefined || seal.session !== session.id) return 'the signature over the session’s chain is not this session’s.'
  const problem = ring.problem(signed, seal.key)
  return problem === undefined ? seal : `the signature over the session’s chain does not hold: ${problem}.`
}

/** The list of sessions is for finding them; what it says of who and when has to be what the first event says. */
function verifyOpening(row: SessionRow, event: StoredEvent): string | undefined {
  if (event.kind !== 'opened') return 'the first event of a session has to be its opening.'
  const { opening } = event
  const same =
    opening.id === row.id &&
    opening.connection === row.connection &&
    opening.who.issuer === row.issuer &&
    opening.who.subject === row.subject &&
    opening.who.name === row.name &&
    opening.who.kind === row.kind &&
    Math.round(opening.at) === row.started_at
  return same ? undefined : 'the list of sessions tells another opening than the record does.'
}
