import type { prepareActs } from '../store/acts-table.ts'
import type { Chunk, ChunkOutline } from '../store/chunks-table.ts'
import type { ObjectKind } from '../store/objects-table.ts'
import type { prepareSessions, SessionCounts } from '../store/sessions-table.ts'
import { firstHash } from './canonical.ts'
import type { DerivedEvent, DeriveSink, SessionChain } from './derive-events.ts'
import type { Starts } from './evidence-documents.ts'
import { policyVersion } from './policy-version.ts'
import type { SearchIndex, UseSession } from './search-index.ts'
import { answerSchema, type Opening, recordedActSchema, tableList } from './stored-event.ts'

const CHUNK_BYTES = 256 * 1024
const REMEMBERED = 5000

interface Growing extends SessionChain, UseSession {
  readonly counts: SessionCounts
  readonly parts: Buffer[]
  partBytes: number
  firstSeq: number
  /** Of the chunk that grows. */
  readonly outline: { -readonly [K in keyof ChunkOutline]: ChunkOutline[K] }
  dirty: boolean
  endedAt: number | null
  endReason: string | null
}

/** Where derived events are put. */
export interface FillTables {
  readonly sessions: ReturnType<typeof prepareSessions>
  readonly storeObject: (kind: ObjectKind, sha: Buffer, body: Buffer) => void
  readonly storeChunk: (chunk: Chunk & ChunkOutline) => void
  readonly storePolicy: (version: string, body: Buffer) => void
  readonly search: SearchIndex
  readonly storeAct: ReturnType<typeof prepareActs>
}

/** Puts derived events into the tables: events in chunks, shared bodies once, counts of each session. `flush` ends a pass. */
export class FillSink implements DeriveSink {
  readonly #tables: FillTables
  readonly #growing = new Map<string, Growing>()
  readonly #objects = new Set<string>()
  readonly #removed = new Set<string>()
  readonly #skipped = new Map<string, SessionChain>()
  readonly #starts = new Map<string, Starts[number]>()

  constructor(tables: FillTables) {
    this.#tables = tables
  }

  /** Sessions that retention has removed: what the journal still has of them is not taken in again. */
  skip(ids: readonly string[]): void {
    for (const id of ids) this.#removed.add(id)
  }

  /** Where the chains of sessions stand whose beginning the journal does not have any more. */
  begunBefore(starts: Starts): void {
    for (const start of starts) this.#starts.set(start.id, start)
  }

  resume(opening: Opening): SessionChain {
    const known = this.#growing.get(opening.id) ?? this.#skipped.get(opening.id) ?? this.#reopen(opening)
    if (known !== undefined) return known
    const start = this.#starts.get(opening.id)
    const head = start === undefined ? firstHash(opening.id) : Buffer.from(start.head, 'hex').toString('latin1')
    const chain: SessionChain = { opening, seq: start?.events ?? 0, head }
    if (!this.#removed.has(opening.id)) return this.#start(chain)
    this.#skipped.set(opening.id, chain)
    return chain
  }

  object(kind: ObjectKind, sha: string, body: Buffer): void {
    if (this.#objects.has(sha)) return
    if (this.#objects.size >= REMEMBERED) this.#objects.clear()
    this.#objects.add(sha)
    this.#tables.storeObject(kind, Buffer.from(sha, 'hex'), body)
  }

  policy(body: Buffer): void {
    this.#tables.storePolicy(policyVersion(body), body)
  }

  event(chain: SessionChain, event: DerivedEvent): void {
    const { id } = chain.opening
    if (this.#removed.has(id)) {
      this.#skipped.set(id, chain)
      return
    }
    const growing = this.#growing.get(id) ?? this.#reopen(chain.opening) ?? this.#start(chain)
    growing.seq = event.seq
    growing.head = event.hash
    growing.dirty = true
    if (growing.parts.length === 0) {
      growing.firstSeq = event.seq
      growing.outline.firstAt = Math.round(event.at)
    }
    growing.outline.lastAt = Math.round(event.at)
    growing.parts.push(event.encoded, Buffer.from(event.hash, 'latin1'))
    growing.partBytes += event.encoded.length + 32
    this.#count(growing, event)
    // A statement and its verdict stay in one chunk, so that a reader of the verdict has the text at hand.
    if (growing.partBytes >= CHUNK_BYTES && event.judged === undefined) this.#cutChunk(growing)
  }

  /** What was stored may have been removed since: it is stored anew when it comes again. */
  forgetObjects(): void {
    this.#objects.clear()
    for (const growing of this.#growing.values()) growing.seen.clear()
  }

  /** Writes what was gathered, all of it from this segment of the journal. Returns the sessions concerned. */
  flush(segment: number): string[] {
    const changed: string[] = []
    for (const [id, growing] of this.#growing) {
      if (!growing.dirty) continue
      this.#cutChunk(growing)
      const { number, counts, endedAt, endReason } = growing
      this.#tables.sessions.advance({
        ...counts,
        number,
        events: growing.seq,
        head: Buffer.from(growing.head, 'latin1'),
        endedAt,
        endReason,
        segment,
      })
      Object.assign(counts, noCounts())
      growing.dirty = false
      changed.push(id)
      if (endedAt !== null) this.#growing.delete(id)
    }
    return changed
  }

  #reopen(opening: Opening): Growing | undefined {
    const row = this.#tables.sessions.find(opening.id)
    return row === undefined ? undefined : this.#keep(opening, row.number, row.events, row.head.toString('latin1'), row.statements)
  }

  #start(chain: SessionChain): Growing {
    const { opening } = chain
    const { who } = opening
    this.#tables.search.opened(opening)
    const number = this.#tables.sessions.begin({
      id: opening.id,
      connection: opening.connection,
      issuer: who.issuer,
      subject: who.subject,
      name: who.name,
      kind: who.kind,
      client: opening.client,
      groups: JSON.stringify(opening.groups),
      clientAddress: opening.clientAddress,
      application: opening.application,
      tls: opening.tls ? 1 : 0,
      startedAt: Math.round(opening.at),
      head: Buffer.from(chain.head, 'latin1'),
    })
    return this.#keep(opening, number, chain.seq, chain.head, 0)
  }

  #keep(opening: Opening, number: number, seq: number, head: string, statements: number): Growing {
    const growing: Growing = {
      opening,
      seq,
      head,
      number,
      counts: noCounts(),
      parts: [],
      partBytes: 0,
      firstSeq: 0,
      outline: { firstAt: 0, lastAt: 0, statements: 0, held: 0, denied: 0, lastStatement: statements },
      dirty: false,
      endedAt: null,
      endReason: null,
      seen: new Set(),
    }
    this.#growing.set(opening.id, growing)
    return growing
  }

  #cutChunk(growing: Growing): void {
    if (growing.parts.length === 0) return
    const { number, firstSeq, seq, outline } = growing
    this.#tables.storeChunk({ session: number, firstSeq, lastSeq: seq, body: Buffer.concat(growing.parts, growing.partBytes), ...outline })
    Object.assign(outline, { statements: 0, held: 0, denied: 0 })
    growing.parts.length = 0
    growing.partBytes = 0
  }

  #storeAct(session: number, { seq, at }: DerivedEvent, text: Buffer): void {
    const { act, outcome, by, address, details } = recordedActSchema.parse(JSON.parse(text.toString()))
    const { name = null, issuer = null, subject = null, kind = null } = by ?? {}
    this.#tables.storeAct({
      ...{ session, seq, at: Math.round(at), act, outcome },
      ...{ name, issuer, subject, kind, address, details: JSON.stringify(details) },
    })
  }

  #count(growing: Growing, event: DerivedEvent): void {
    const { record, judged } = event
    const { counts, outline } = growing
    if (record.kind === 'statement' && judged !== undefined) {
      counts.statements += 1
      outline.statements += 1
      outline.lastStatement = record.statement
      const effect = this.#tables.search.effectOf(judged.verdict)
      if (effect === 'allow') counts.allowed += 1
      if (effect === 'deny') {
        counts.denied += 1
        outline.denied += 1
      }
      this.#tables.search.statement(growing, judged, { statement: record.statement, seq: event.seq, at: event.at })
    } else if (record.kind === 'asked') {
      counts.held += 1
      outline.held += 1
    } else if (record.kind === 'answered') {
      const { outcome } = answerSchema.parse(JSON.parse(record.body.toString()))
      counts.held -= 1
      if (outcome === 'approved') counts.approved += 1
      else if (outcome === 'denied') counts.deniedByPerson += 1
      else counts.lapsed += 1
    } else if (record.kind === 'finished') {
      counts.rows += record.rows
      counts.bytes += record.bytes
      if (record.masked.length > 2) counts.masked += 1
    } else if (record.kind === 'untrusted') {
      const read = tableList
        .parse(JSON.parse(record.body.toString()))
        .map((table) => ({ table, statement: record.statement, at: Math.round(record.at) }))
      this.#tables.sessions.readUntrusted(growing.number, JSON.stringify(read))
    } else if (record.kind === 'act') {
      this.#storeAct(growing.number, event, record.text)
    } else if (record.kind === 'closed') {
      growing.endedAt = Math.round(record.at)
      growing.endReason = record.text.toString()
    }
  }
}

function noCounts(): SessionCounts {
  return { statements: 0, allowed: 0, held: 0, approved: 0, denied: 0, deniedByPerson: 0, lapsed: 0, rows: 0, bytes: 0, masked: 0 }
}
