/** Approvals that a test drives: it sees each request and answers when it likes. */
import type { ApprovalRequest, Approvals, Decision, PendingApproval } from '../../proxy/ports.ts'

/** One request, as the test holds it. */
export interface Asked {
  readonly number: number
  readonly request: ApprovalRequest
  readonly state: 'open' | 'approved' | 'denied' | 'expired' | 'withdrawn' | 'used'
  /** Clients that wait for it now. */
  readonly waiting: number
  approve(options?: {
    readonly by?: string
    readonly reason?: string
    readonly maxRows?: number
    readonly reveal?: boolean
    readonly revealLabels?: readonly string[]
  }): void
  deny(reason: string, by?: string): void
  expire(openUntil?: number): void
}

interface Entry {
  readonly asked: { -readonly [K in keyof Asked]: Asked[K] }
  readonly waiters: Set<(decision: Decision) => void>
  approval: Extract<Decision, { outcome: 'approved' }> | undefined
}

export class MemoryApprovals implements Approvals {
  readonly #entries: Entry[] = []
  readonly #arrivals: ((asked: Asked) => void)[] = []
  #unseen: Asked[] = []
  waitMs = 60_000

  get all(): readonly Asked[] {
    return this.#entries.map((entry) => entry.asked)
  }

  /** The next request that no test has taken yet. Throws after `waitMs`. */
  async next(waitMs = 10_000): Promise<Asked> {
    const first = this.#unseen.shift()
    if (first) return first
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no approval was asked for within ${waitMs} ms`)), waitMs)
      this.#arrivals.push((asked) => {
        clearTimeout(timer)
        resolve(asked)
      })
    })
  }

  ask(request: ApprovalRequest): PendingApproval {
    const known = this.#entries.find(
      ({ asked }) => asked.request.key === request.key && ['open', 'approved', 'expired'].includes(asked.state),
    )
    const entry = known ?? this.#open(request)
    const { asked } = entry
    if (asked.state === 'expired') asked.state = 'open'
    let settle: ((decision: Decision) => void) | undefined
    const decision = new Promise<Decision>((resolve) => {
      settle = resolve
      if (entry.approval && asked.state === 'approved') resolve(entry.approval)
      else {
        entry.waiters.add(resolve)
        asked.waiting = entry.waiters.size
      }
    })
    const arrival = this.#arrivals.shift()
    if (arrival) arrival(asked)
    else this.#unseen.push(asked)
    return {
      number: asked.number,
      waitMs: request.verdict.rule?.waitMs ?? this.waitMs,
      decision,
      leave: (withdraw) => {
        if (settle) entry.waiters.delete(settle)
        asked.waiting = entry.waiters.size
        if (withdraw && asked.state === 'open') asked.state = 'withdrawn'
      },
    }
  }

  use(approval: number): boolean {
    const entry = this.#entries.find(({ asked }) => asked.number === approval)
    if (entry?.asked.state !== 'approved') return false
    entry.asked.state = 'used'
    return true
  }

  #open(request: ApprovalRequest): Entry {
    const number = this.#entries.length + 1
    const decide = (state: Asked['state'], decision: Decision): void => {
      if (entry.asked.state !== 'open') throw new Error(`approval #${number} is ${entry.asked.state}`)
      entry.asked.state = state
      if (decision.outcome === 'approved') entry.approval = decision
      const waiters = [...entry.waiters]
      entry.waiters.clear()
      entry.asked.waiting = 0
      for (const waiter of waiters) waiter(decision)
    }
    const entry: Entry = {
      waiters: new Set(),
      approval: undefined,
      asked: {
        number,
        request,
        state: 'open',
        waiting: 0,
        approve: ({ by = 'Ada Approver', reason = 'fine', maxRows = request.verdict.rule?.maxRows, reveal = false, revealLabels } = {}) =>
          decide('approved', {
            outcome: 'approved',
            approval: number,
            by,
            reason,
            reveal,
            ...(revealLabels === undefined ? {} : { revealLabels }),
            maxRows,
          }),
        deny: (reason, by = 'Ada Approver') => decide('denied', { outcome: 'denied', approval: number, by, reason }),
        expire: (openUntil = Date.now() + 3_600_000) => decide('expired', { outcome: 'expired', approval: number, openUntil }),
      },
    }
    this.#entries.push(entry)
    return entry
  }
}
