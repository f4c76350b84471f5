/** A recorder that keeps everything where a test can read it, and that can be made to fail. */
import { GatewayError } from '../../proxy/errors.ts'
import type { Decision, Judged, Recorder, SessionOpening, SessionRecord, StatementEnd } from '../../proxy/ports.ts'

export type MemoryEvent = { readonly session: string } & (
  | { readonly kind: 'opened'; readonly opening: SessionOpening }
  | {
      readonly kind: 'statement'
      readonly statement: number
      readonly sql: string
      readonly judged: Judged
      readonly bind: Buffer | undefined
    }
  | { readonly kind: 'asked'; readonly statement: number; readonly approval: number }
  | {
      readonly kind: 'answered'
      readonly statement: number
      readonly decision: Decision | { readonly outcome: 'withdrawn'; readonly approval: number }
    }
  | { readonly kind: 'sent'; readonly statement: number }
  | { readonly kind: 'response'; readonly statement: number; readonly frames: Buffer }
  | { readonly kind: 'finished'; readonly statement: number; readonly end: StatementEnd }
  | { readonly kind: 'untrusted'; readonly statement: number; readonly tables: readonly string[] }
  | { readonly kind: 'note'; readonly what: string }
  | { readonly kind: 'closed'; readonly reason: string }
)

export class MemoryRecorder implements Recorder {
  readonly events: MemoryEvent[] = []
  /** How many of `events` were committed. */
  committed = 0
  /** While true nothing can be written, as on a full disk. */
  broken = false
  #sessions = 0

  opened(opening: SessionOpening): SessionRecord {
    const session = `s${++this.#sessions}`
    const { events } = this
    let statements = 0
    events.push({ session, kind: 'opened', opening })
    return {
      id: session,
      statement: (judged, bind) => {
        const statement = ++statements
        events.push({ session, kind: 'statement', statement, sql: judged.text.toString('utf8'), judged, bind: bind && Buffer.from(bind) })
        return statement
      },
      asked: (statement, approval) => events.push({ session, kind: 'asked', statement, approval }),
      answered: (statement, decision) => events.push({ session, kind: 'answered', statement, decision }),
      sent: (statement) => events.push({ session, kind: 'sent', statement }),
      response: (statement, frames, start, end) => {
        events.push({ session, kind: 'response', statement, frames: Buffer.from(frames.subarray(start, end)) })
        return true
      },
      finished: (statement, end) => events.push({ session, kind: 'finished', statement, end }),
      untrusted: (statement, tables) => events.push({ session, kind: 'untrusted', statement, tables: [...tables] }),
      note: (what) => events.push({ session, kind: 'note', what }),
      closed: (reason) => events.push({ session, kind: 'closed', reason }),
    }
  }

  commit(): void {
    if (this.broken) throw new GatewayError({ code: 'recorder', sqlstate: '58030', message: 'the recording cannot be written' })
    this.committed = this.events.length
  }

  of<Kind extends MemoryEvent['kind']>(kind: Kind): Extract<MemoryEvent, { kind: Kind }>[] {
    return this.events.filter((event): event is Extract<MemoryEvent, { kind: Kind }> => event.kind === kind)
  }

  /** Texts of statements whose `sent` was appended, in order. */
  get sent(): string[] {
    const texts = new Map(this.of('statement').map((event) => [`${event.session}/${event.statement}`, event.sql]))
    return this.of('sent').map((event) => texts.get(`${event.session}/${event.statement}`) ?? '?')
  }
}
