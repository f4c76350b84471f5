import type { Clock, Decision, Judged, SessionRecord, StatementEnd } from '../../proxy/ports.ts'
import { type ConnectionCounts, noCounts } from './connection-counts.ts'
import { Kind } from './journal-format.ts'
import type { JournalWriter } from './journal-writer.ts'
import type { ReferenceBook } from './reference-book.ts'
import type { Opening, RecordedAct } from './stored-event.ts'

/** With this much unwritten, an answer's rows are written without waiting for somebody's commit. */
const FLUSH_BYTES = 1024 * 1024
/** While nothing can be written, rows of statements already under way are kept up to here, and then cut: memory is bounded. */
const FAILED_BYTES = 64 * 1024 * 1024

/** One session's records in the journal. Every call appends to memory and returns; `ref` is the session's number in this process. */
export class JournalSession implements SessionRecord {
  readonly id: string
  readonly #journal: JournalWriter
  readonly #book: ReferenceBook
  readonly #clock: Clock
  readonly #cap: number
  readonly #ref: number
  readonly #opening: Buffer
  readonly #counts: ConnectionCounts
  #segment = -1
  #continued: boolean
  #statements = 0
  /** The statement whose answer is coming, how much of it is kept, and whether it was cut. Answers never overlap in one session. */
  #answering = 0
  #kept = 0
  #cut = false
  /** The rows record that is still the last thing in the buffer: more rows go into it. */
  #rowsBatch = -1
  #rowsLength = 0
  #rowsEnd = 0

  /** `continued`: the session began in an earlier process. `counts`: of its connection, shared by all its sessions. */
  constructor(
    journal: JournalWriter,
    book: ReferenceBook,
    clock: Clock,
    cap: number,
    ref: number,
    opening: Opening,
    continued: boolean,
    counts = noCounts(),
  ) {
    this.id = opening.id
    this.#journal = journal
    this.#book = book
    this.#clock = clock
    this.#cap = cap
    this.#ref = ref
    this.#counts = counts
    this.#continued = continued
    this.#opening = Buffer.from(JSON.stringify(opening))
    this.#begin()
  }

  statement(judged: Judged, bind: Buffer | undefined): number {
    this.#begin()
    const ref = this.#book.refOf(judged)
    const number = ++this.#statements
    this.#counts[judged.verdict.effect] += 1
    const { buffer } = this.#journal
    buffer.reserve(32 + (bind?.length ?? 0))
    this.#head(Kind.statement, number)
    buffer.u32(ref)
    buffer.u32(bind === undefined ? 0 : bind.length + 1)
    if (bind !== undefined) buffer.copy(bind, 0, bind.length)
    return number
  }

  asked(statement: number, approval: number): void {
    this.#begin()
    this.#journal.buffer.reserve(32)
    this.#head(Kind.asked, statement)
    this.#journal.buffer.u32(approval)
  }

  answered(statement: number, decision: Decision | { readonly outcome: 'withdrawn'; readonly approval: number }): void {
    this.#begin()
    const decided = decision.outcome === 'approved' || decision.outcome === 'denied' ? decision : undefined
    const body = Buffer.from(
      JSON.stringify({
        approval: decision.approval,
        outcome: decision.outcome,
        by: decided?.by ?? null,
        reason: decided?.reason ?? '',
        reveal: decision.outcome === 'approved' && decision.reveal,
        revealLabels: decision.outcome === 'approved' ? decision.revealLabels : undefined,
        maxRows: (decision.outcome === 'approved' ? decision.maxRows : undefined) ?? null,
        standing: decision.outcome === 'approved' ? decision.standing : undefined,
      }),
    )
    this.#journal.buffer.reserve(32 + body.length)
    this.#head(Kind.answered, statement)
    this.#tail(body)
  }

  sent(statement: number): void {
    this.#begin()
    this.#journal.buffer.reserve(32)
    this.#head(Kind.sent, statement)
  }

  response(statement: number, frames: Buffer, start: number, end: number): boolean {
    if (statement !== this.#answering) {
      this.#answering = statement
      this.#kept = 0
      this.#cut = false
      this.#rowsEnd = -1
    }
    if (this.#cut) return false
    this.#begin()
    const { buffer } = this.#journal
    const room = this.#journal.failed && this.#journal.pendingBytes > FAILED_BYTES ? 0 : this.#cap - this.#kept
    const fits = end - start <= room
    const keep = fits ? end : wholeFrames(frames, start, end, room)
    buffer.reserve(32 + keep - start)
    if (fits && this.#rowsEnd === buffer.length && this.#rowsBatch === this.#journal.batches) {
      buffer.copy(frames, start, keep)
      buffer.u32At(this.#rowsLength, buffer.length - this.#rowsLength - 4)
    } else {
      this.#head(Kind.rows, statement)
      buffer.u8(fits ? 0 : 1)
      this.#rowsLength = buffer.length
      this.#rowsBatch = this.#journal.batches
      buffer.u32(keep - start)
      buffer.copy(frames, start, keep)
    }
    this.#rowsEnd = fits ? buffer.length : -1
    this.#kept += keep - start
    this.#cut = !fits
    if (this.#journal.pendingBytes > FLUSH_BYTES && !this.#journal.failed) this.#journal.flush()
    return fits
  }

  finished(statement: number, end: StatementEnd): void {
    this.#begin()
    const counts = this.#counts
    counts.rows += end.rows
    counts.bytes += end.bytes
    if (end.sqlstate !== undefined) counts.errors += 1
    const { buffer } = this.#journal
    const tag = end.tag.length > 200 ? end.tag.slice(0, 200) : end.tag
    const masked = end.masked.length === 0 ? undefined : Buffer.from(JSON.stringify(end.masked))
    buffer.reserve(96 + tag.length + (masked?.length ?? 0))
    this.#head(Kind.finished, statement)
    buffer.f64(end.rows)
    buffer.f64(end.bytes)
    buffer.f64(end.ms)
    const sqlstate = end.sqlstate ?? ''
    buffer.u8(sqlstate.length)
    buffer.latin1(sqlstate)
    buffer.u16(tag.length)
    buffer.latin1(tag)
    buffer.u32(masked?.length ?? 0)
    if (masked !== undefined) buffer.copy(masked, 0, masked.length)
  }

  note(what: string): void {
    this.#text(Kind.note, what)
  }

  untrusted(statement: number, tables: readonly string[]): void {
    this.#begin()
    const body = Buffer.from(JSON.stringify(tables))
    this.#journal.buffer.reserve(32 + body.length)
    this.#head(Kind.untrusted, statement)
    this.#tail(body)
  }

  /** Of the host's own record: an administrative act. */
  act(act: RecordedAct): void {
    this.#text(Kind.act, JSON.stringify(act))
  }

  closed(reason: string): void {
    this.#text(Kind.closed, reason)
  }

  /** Says in each segment once who this session is. The bytes are the same each time. */
  #begin(): void {
    if (this.#segment === this.#journal.segment) return
    const { buffer } = this.#journal
    buffer.reserve(16 + this.#opening.length)
    buffer.u8(Kind.session)
    buffer.u32(this.#ref)
    buffer.u8(this.#continued ? 1 : 0)
    this.#continued = true
    this.#tail(this.#opening)
    this.#segment = this.#journal.segment
  }

  #head(kind: number, statement: number): void {
    const { buffer } = this.#journal
    buffer.u8(kind)
    buffer.u32(this.#ref)
    buffer.u32(statement)
    buffer.f64(this.#clock.now())
  }

  #text(kind: number, text: string): void {
    this.#begin()
    const body = Buffer.from(text)
    this.#journal.buffer.reserve(32 + body.length)
    this.#journal.buffer.u8(kind)
    this.#journal.buffer.u32(this.#ref)
    this.#journal.buffer.f64(this.#clock.now())
    this.#tail(body)
  }

  #tail(body: Buffer): void {
    this.#journal.buffer.u32(body.length)
    this.#journal.buffer.copy(body, 0, body.length)
  }
}

/** The end of the last whole frame that fits into `room` bytes (a type byte, then a length that counts itself: protocol section 55.7). */
function wholeFrames(frames: Buffer, start: number, end: number, room: number): number {
  let at = start
  while (at + 5 <= end) {
    const next = at + 1 + frames.readUInt32BE(at + 1)
    if (next > end || next - start > room) break
    at = next
  }
  return at
}
