import { encodeEvent, firstHash, hashEvent } from './canonical.ts'
import type { JournalRecord } from './decode-batch.ts'
import { sha256, toHex } from './hash.ts'
import { answerSchema, type Opening, openingSchema, recordedActSchema, tableList } from './stored-event.ts'

/** A session's chain of events as far as it has been derived. */
export interface SessionChain {
  readonly opening: Opening
  /** Of the last event; 0 before the first. */
  seq: number
  head: string
}

export interface DerivedEvent {
  readonly seq: number
  readonly at: number
  readonly record: JournalRecord
  readonly encoded: Buffer
  readonly hash: string
  /** Of a statement: the SHA-256 (hex) of its text and verdict. */
  readonly judged: JudgedReference | undefined
}

export interface JudgedReference {
  readonly text: string
  readonly facts: readonly string[]
  readonly moved: readonly number[] | undefined
  readonly verdict: string
}

export interface DeriveSink {
  /** Where the chain of a session that began earlier stands; at 0 when nothing is known of it. */
  resume(opening: Opening): SessionChain
  object(kind: 'text' | 'facts' | 'verdict', sha: string, body: Buffer): void
  /** A policy's canonical content. */
  policy(body: Buffer): void
  event(chain: SessionChain, event: DerivedEvent): void
}

/**
 * Makes of the journal's records, in their order, the events of each session with their hashes. A pure function of the journal: the
 * filler and `verify` both come to the same hashes. Rows that came in one batch for one statement become one event.
 */
export class EventDeriver {
  readonly #sink: DeriveSink
  readonly #chains = new Map<number, SessionChain>()
  readonly #objects = new Map<number, string>()
  readonly #judged = new Map<number, JudgedReference>()
  readonly #rows = new Map<number, { record: JournalRecord & { kind: 'rows' }; frames: Buffer[]; cut: boolean }>()

  constructor(sink: DeriveSink) {
    this.#sink = sink
  }

  /** References are defined anew in each segment. */
  beginSegment(): void {
    this.#chains.clear()
    this.#objects.clear()
    this.#judged.clear()
  }

  /** Takes in what a record defines, and nothing else: for the part of a segment that was derived before. */
  define(record: JournalRecord): void {
    switch (record.kind) {
      case 'session':
        this.#chains.set(record.ref, this.#sink.resume(openingSchema.parse(JSON.parse(record.opening.toString()))))
        return
      case 'facts':
      case 'verdict':
        this.#objects.set(record.ref, toHex(sha256(record.body)))
        return
      case 'judged':
        this.#judged.set(record.ref, {
          text: toHex(sha256(record.text)),
          facts: record.facts.map((ref) => required(this.#objects.get(ref), 'facts')),
          moved: record.moved,
          verdict: required(this.#objects.get(record.verdict), 'verdict'),
        })
        return
      default:
        return
    }
  }

  apply(record: JournalRecord): void {
    switch (record.kind) {
      case 'session': {
        const opening = openingSchema.parse(JSON.parse(record.opening.toString()))
        const chain = record.continued ? this.#sink.resume(opening) : { opening, seq: 0, head: firstHash(opening.id) }
        this.#chains.set(record.ref, chain)
        // One that goes on and has nothing before it began in a file that is lost.
        if (chain.seq > 0) return
        this.#emit(chain, record, opening.at, `"kind":"opened","opening":${record.opening.toString()}`)
        return
      }
      case 'facts':
      case 'verdict':
        this.define(record)
        this.#sink.object(record.kind, required(this.#objects.get(record.ref), record.kind), record.body)
        return
      case 'judged':
        this.define(record)
        this.#sink.object('text', required(this.#judged.get(record.ref), 'text').text, record.text)
        return
      case 'policy':
        this.#sink.policy(record.body)
        return
      case 'rows':
        this.#gatherRows(record)
        return
      default:
        this.#applyEvent(record, required(this.#chains.get(record.session), 'session'))
        return
    }
  }

  endBatch(): void {
    for (const session of [...this.#rows.keys()]) this.#releaseRows(session)
  }

  #applyEvent(
    record: Exclude<JournalRecord, { kind: 'session' | 'facts' | 'verdict' | 'judged' | 'policy' | 'rows' }>,
    chain: SessionChain,
  ): void {
    this.#releaseRows(record.session)
    switch (record.kind) {
      case 'statement': {
        const judged = required(this.#judged.get(record.judged), 'judged')
        const moved = judged.moved === undefined ? '' : `,"moved":${JSON.stringify(judged.moved)}`
        const head = `"kind":"statement","statement":${record.statement},"text":"${judged.text}","facts":${JSON.stringify(judged.facts)}${moved},"bound":${record.bind !== undefined}`
        this.#emit(chain, record, record.at, head, record.bind, judged)
        this.#emit(chain, record, record.at, `"kind":"verdict","statement":${record.statement},"verdict":"${judged.verdict}"`)
        return
      }
      case 'asked':
        this.#emit(chain, record, record.at, `"kind":"asked","statement":${record.statement},"approval":${record.approval}`)
        return
      case 'answered': {
        const answer = JSON.stringify(answerSchema.parse(JSON.parse(record.body.toString())))
        this.#emit(chain, record, record.at, `"kind":"answered","statement":${record.statement},"answer":${answer}`)
        return
      }
      case 'untrusted': {
        const tables = JSON.stringify(tableList.parse(JSON.parse(record.body.toString())))
        this.#emit(chain, record, record.at, `"kind":"untrusted","statement":${record.statement},"tables":${tables}`)
        return
      }
      case 'sent':
        this.#emit(chain, record, record.at, `"kind":"sent","statement":${record.statement}`)
        return
      case 'finished': {
        const { rows, bytes, ms, sqlstate, tag, masked } = record
        const numbers = `"rows":${rows},"bytes":${bytes},"ms":${Math.round(ms * 1000) / 1000}`
        const state = sqlstate === '' ? 'null' : JSON.stringify(sqlstate)
        const names = masked.length === 0 ? '[]' : masked.toString()
        const head = `"kind":"finished","statement":${record.statement},${numbers},"sqlstate":${state},"tag":${JSON.stringify(tag)},"masked":${names}`
        this.#emit(chain, record, record.at, head)
        return
      }
      case 'note':
        this.#emit(chain, record, record.at, `"kind":"note","text":${JSON.stringify(record.text.toString())}`)
        return
      case 'act': {
        const act = JSON.stringify(recordedActSchema.parse(JSON.parse(record.text.toString())))
        this.#emit(chain, record, record.at, `"kind":"act","act":${act}`)
        return
      }
      case 'closed':
        this.#emit(chain, record, record.at, `"kind":"closed","reason":${JSON.stringify(record.text.toString())}`)
        return
    }
  }

  #gatherRows(record: JournalRecord & { kind: 'rows' }): void {
    const held = this.#rows.get(record.session)
    if (held !== undefined && held.record.statement === record.statement) {
      held.frames.push(record.frames)
      held.cut ||= record.cut
      return
    }
    this.#releaseRows(record.session)
    this.#rows.set(record.session, { record, frames: [record.frames], cut: record.cut })
  }

  #releaseRows(session: number): void {
    const held = this.#rows.get(session)
    if (held === undefined) return
    this.#rows.delete(session)
    const { record, frames, cut } = held
    const chain = required(this.#chains.get(session), 'session')
    const all = frames.length === 1 ? frames[0] : Buffer.concat(frames)
    this.#emit(chain, record, record.at, `"kind":"rows","statement":${record.statement},"cut":${cut}`, all)
  }

  #emit(chain: SessionChain, record: JournalRecord, at: number, head: string, attachment?: Buffer, judged?: JudgedReference): void {
    const seq = chain.seq + 1
    const encoded = encodeEvent(`{"seq":${seq},"at":${at},${head}}`, attachment)
    const hash = hashEvent(chain.head, encoded)
    chain.seq = seq
    chain.head = hash
    this.#sink.event(chain, { seq, at, record, encoded, hash, judged })
  }
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`the journal names a ${what} that it never defined`)
  return value
}
