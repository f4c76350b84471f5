import type { Clock, Judged, SessionHistory, SessionRecord, UntrustedRead } from '../ports.ts'
import { untrustedTables } from '../verdict/untrusted.ts'
import type { Judge } from './judge.ts'

const RECENT = 5
/** Tables with outsiders' text that are told of one session. */
const MOST_READS = 50

/** What one session did so far, as far as people are told of it; and whether it has read outsiders' text. */
export class SessionPast {
  /** The first read of each table. */
  readonly reads: UntrustedRead[]
  private readonly judge: Judge
  private readonly clock: Clock
  private readonly effects = { allow: 0, ask: 0, deny: 0 }
  private readonly recent: { number: number; at: number; judged: Judged }[] = []
  /** Tables that statements which have not been sent yet would read. */
  private readonly unsent = new Map<number, readonly string[]>()

  /** `reads`: what was read before this session, to which it adds. */
  constructor(judge: Judge, clock: Clock, reads: UntrustedRead[]) {
    this.judge = judge
    this.clock = clock
    this.reads = reads
  }

  /** The record, of which this hears first. Everything is passed on. */
  watch(record: SessionRecord): SessionRecord {
    const before = this.reads.map(({ table }) => table)
    if (before.length > 0)
      record.note(`text that outsiders wrote was read before, in another session of the same client: ${before.join(', ')}`)
    return {
      id: record.id,
      statement: (judged, bind) => {
        const number = record.statement(judged, bind)
        this.judged(number, judged)
        return number
      },
      asked: (statement, approval) => record.asked(statement, approval),
      answered: (statement, decision) => record.answered(statement, decision),
      sent: (statement) => {
        record.sent(statement)
        if (this.unsent.size > 0) this.sent(statement, record)
      },
      response: (statement, frames, start, end) => record.response(statement, frames, start, end),
      finished: (statement, end) => {
        record.finished(statement, end)
        if (this.unsent.size > 0) this.unsent.delete(statement)
      },
      note: (what) => record.note(what),
      untrusted: (statement, tables) => record.untrusted(statement, tables),
      closed: (reason) => record.closed(reason),
    }
  }

  /** What the session did before this statement. */
  before(statement: number): SessionHistory {
    const { allow, ask, deny } = this.effects
    const own = this.recent.find((one) => one.number === statement)
    const held = own === undefined ? ask : ask - 1
    return {
      statements: allow + held + deny,
      allowed: allow,
      held,
      denied: deny,
      recent: this.recent.filter((one) => one.number < statement).slice(-RECENT),
    }
  }

  private judged(number: number, judged: Judged): void {
    const { effect } = judged.verdict
    this.effects[effect] += 1
    if (this.recent.length > RECENT) this.recent.shift()
    this.recent.push({ number, at: this.clock.now(), judged })
    const { policy } = this.judge
    if (policy.untrusted.length === 0 || effect === 'deny') return
    const tables = untrustedTables(judged.facts, policy, this.judge.catalog)
    if (tables.length > 0) this.unsent.set(number, tables)
  }

  private sent(statement: number, record: SessionRecord): void {
    const tables = this.unsent.get(statement)
    if (tables === undefined) return
    this.unsent.delete(statement)
    const fresh = tables.filter((table) => !this.reads.some((read) => read.table === table))
    if (fresh.length === 0) return
    if (this.reads.length + fresh.length > MOST_READS) return
    const at = this.clock.now()
    for (const table of fresh) this.reads.push({ table, session: record.id, statement, at })
    record.untrusted(statement, fresh)
  }
}
