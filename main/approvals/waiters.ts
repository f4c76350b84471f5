import { z } from 'zod'
import type { Decision } from '../../proxy/ports.ts'
import type { ApprovalRow } from '../store/approvals-table.ts'
import { personJson } from './approval-detail.ts'
import type { StandingDesk } from './standing-desk.ts'

interface Waiter {
  readonly settle: (decision: Decision) => void
  readonly timer: NodeJS.Timeout
}

/** The clients that wait for a decision, several for one request perhaps. Lives in memory: a client does not survive the host. */
export class Waiters {
  readonly #waiting = new Map<number, Set<Waiter>>()

  /** `onTimeout` says what the client is told when nobody has decided after `waitMs`. `leave` is false when it was settled before. */
  add(id: number, waitMs: number, onTimeout: () => Decision): { readonly decision: Promise<Decision>; leave(): boolean } {
    const { promise, resolve } = Promise.withResolvers<Decision>()
    const waiter: Waiter = {
      settle: resolve,
      timer: setTimeout(() => {
        if (this.#remove(id, waiter)) resolve(onTimeout())
      }, waitMs),
    }
    const waiting = this.#waiting.get(id) ?? new Set()
    waiting.add(waiter)
    this.#waiting.set(id, waiting)
    return { decision: promise, leave: () => this.#remove(id, waiter) }
  }

  has(id: number): boolean {
    return this.#waiting.has(id)
  }

  settle(id: number, decision: Decision): void {
    for (const waiter of this.#waiting.get(id) ?? []) {
      clearTimeout(waiter.timer)
      waiter.settle(decision)
    }
    this.#waiting.delete(id)
  }

  stop(): void {
    for (const waiting of this.#waiting.values()) {
      for (const waiter of waiting) clearTimeout(waiter.timer)
    }
    this.#waiting.clear()
  }

  #remove(id: number, waiter: Waiter): boolean {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined || !waiting.delete(waiter)) return false
    clearTimeout(waiter.timer)
    if (waiting.size === 0) this.#waiting.delete(id)
    return true
  }
}

/** What the waiting client is told of a decided request. `names`: of all who agreed, where they are several. */
export function outcomeOf(row: ApprovalRow, names: string | undefined, standing: Pick<StandingDesk, 'read'>): Decision {
  const last = row.decided_by === null ? '' : personJson.parse(JSON.parse(row.decided_by)).name
  if (row.state === 'denied') return { outcome: 'denied', approval: row.id, by: last, reason: row.reason }
  const by = names === undefined || names === '' ? last : names
  const { standing: id, standing_use: use } = row
  const of = id === null ? undefined : standing.read(id)?.times
  const revealLabels = revealedLabels(row)
  return {
    outcome: 'approved',
    approval: row.id,
    by,
    reason: row.reason,
    reveal: row.reveal === 1,
    ...(revealLabels === undefined ? {} : { revealLabels }),
    maxRows: row.max_rows ?? undefined,
    ...(id === null || use === null ? {} : { standing: { id, use, of: of ?? undefined } }),
  }
}

const labelList = z.array(z.string())

/** The labels that alone were lifted; undefined: none or all, as `reveal` says. */
export function revealedLabels(row: ApprovalRow): string[] | undefined {
  return row.reveal_labels === null ? undefined : labelList.parse(JSON.parse(row.reveal_labels))
}
