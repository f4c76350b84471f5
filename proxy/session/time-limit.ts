import { GatewayError } from '../errors.ts'
import type { Owed } from './unit.ts'

export interface TimeLimitOptions {
  readonly limitMs: number
  /** What the server owes first. */
  readonly head: () => Owed | undefined
  /** Asks the server to stop what runs. */
  readonly cancel: () => void
}

/**
 * Stops what runs longer than `limits.statementTimeout`, also where a client has set the server's own timeout away. It samples: the same
 * statement at the head for the whole limit is stopped, up to a quarter later. So the hot path pays for one timer a busy while.
 */
export class TimeLimit {
  private readonly o: TimeLimitOptions
  private timer: NodeJS.Timeout | undefined
  private seen: Owed | undefined
  private samples = 0

  constructor(options: TimeLimitOptions) {
    this.o = options
  }

  /** Something was sent that the server must answer. */
  watch(): void {
    if (this.timer !== undefined) return
    this.timer = setInterval(() => this.sample(), Math.max(50, this.o.limitMs / 4))
    this.timer.unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.seen = undefined
  }

  private sample(): void {
    const head = this.o.head()
    if (head === undefined) {
      this.stop()
      return
    }
    if (head !== this.seen) {
      this.seen = head
      this.samples = 0
      return
    }
    // The server's own timeout comes first: at the fifth sample a whole limit has certainly passed.
    if (++this.samples < 4) return
    this.samples = 0
    if (head.unit !== undefined) head.unit.over ??= tooLong(this.o.limitMs)
    this.o.cancel()
  }
}

function tooLong(limitMs: number): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '57014',
    message: 'canceling statement due to statement timeout',
    detail: `It ran longer than ${limitMs / 1000} s (limits.statementTimeout).`,
    hint: 'Ask for less: add a WHERE or a LIMIT, or let the database do it in smaller parts.',
  })
}
