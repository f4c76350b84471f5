import { randomUUID } from 'node:crypto'
import { GatewayError } from '../errors.ts'
import { type Clearance, clearOwn } from '../verdict/clearance.ts'
import type { Replies } from './replies.ts'
import type { TimeLimit } from './time-limit.ts'
import type { Owed } from './unit.ts'
import type { UpstreamLink } from './upstream-link.ts'

/**
 * What is on its way: messages that go upstream and the replies owed for them. A batch is a run of messages up to a Sync or Query; after
 * an error the server skips to its end, and so does `skipping`.
 */
export class Flow {
  batch = 0
  skipping = false

  private readonly link: UpstreamLink
  private readonly replies: Replies
  private readonly time: TimeLimit
  private ended = false
  /** A portal that cannot exist, so that executing it fails: nobody can guess its name and make one. */
  private readonly abortPortal = `sallyport ${randomUUID()}`

  constructor(link: UpstreamLink, replies: Replies, time: TimeLimit) {
    this.link = link
    this.replies = replies
    this.time = time
  }

  send(clearance: Clearance): void {
    this.link.send(clearance)
  }

  /** Sends, and notes what the server owes for it. What had to wait while its pipeline failed is skipped here, as the server would. */
  expect(clearance: Clearance, owed: Omit<Owed, 'batch'>): void {
    if (this.skipping && owed.kind !== 'sync') {
      this.replies.skipped({ ...owed, batch: this.batch }, '25P02')
      return
    }
    if (owed.unit?.judged.substitution !== undefined) this.replies.valuesSent = true
    this.link.send(clearance)
    this.owe(owed)
  }

  /** One more reply owed for what was just sent. */
  owe(owed: Omit<Owed, 'batch'>): void {
    this.replies.owed.push({ ...owed, batch: this.batch })
    this.time.watch()
  }

  /** Sync or Query: the next message begins a new batch. */
  endBatch(): void {
    this.skipping = false
    this.batch++
  }

  /** A Sync of our own; the client sees its ReadyForQuery. */
  sync(): void {
    this.expect(clearOwn({ kind: 'sync' }), { kind: 'sync', show: 'all' })
    this.endBatch()
  }

  /**
   * An error that the server did not make, made real there: the pipeline and the transaction fail at this place, so that what the client
   * is told of them is true. The client sees `refusal`; without one, nothing.
   */
  abort(refusal?: GatewayError): void {
    // The client has been told of an error already.
    if (this.skipping) return
    const clearance = clearOwn({ kind: 'abort', portal: this.abortPortal })
    this.expect(clearance, refusal === undefined ? { kind: 'abort', show: 'none' } : { kind: 'abort', show: 'none', refusal })
    this.skipping = true
  }

  /** Asks the server to send what it has, without ending the batch. */
  flushServer(): void {
    this.link.send(clearOwn({ kind: 'flush' }))
  }

  /** Nothing that comes now will run: the pipeline has failed, or the session has ended. */
  get stopped(): boolean {
    return this.skipping || this.ended
  }

  /**
   * Runs `next`, a Query, when nothing before it in this batch can still fail: the server would skip it with the rest, up to a Sync,
   * and would answer neither it nor what follows.
   */
  alone(next: () => Promise<void> | undefined): Promise<void> | undefined {
    const { batch } = this
    if (this.replies.owed.tail?.batch !== batch) return next()
    this.flushServer()
    return this.until(() => this.replies.owed.tail?.batch !== batch).then(() => (this.skipping ? undefined : next()))
  }

  /** Until everything that earlier batches are owed has come. */
  earlierBatches(): Promise<void> {
    const { batch } = this
    return this.until(() => {
      const { head } = this.replies.owed
      return head === undefined || head.batch >= batch
    })
  }

  /** Until `done`, looked at whenever a reply has come. Rejects with `closing` when the session ends first. One at a time. */
  until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.replies.onProgress = () => {
        if (!this.ended && !done()) return
        this.replies.onProgress = undefined
        if (this.ended)
          reject(new GatewayError({ code: 'closing', sqlstate: '57P01', message: 'the session has ended', severity: 'FATAL' }))
        else resolve()
      }
    })
  }

  /** The session ends: whoever waits is told. */
  end(): void {
    this.ended = true
    this.replies.onProgress?.()
  }
}
