import type { Clock, Log } from '../../proxy/ports.ts'
import type { ApprovalsTable } from '../store/approvals-table.ts'

const LONGEST_MS = 60_000

/** Expires requests when their time is over. Looks at least once a minute, so that a clock that was set is noticed. */
export function createExpiry(table: ApprovalsTable, clock: Clock, log: Log, onExpired: (ids: readonly number[]) => void) {
  let timer: NodeJS.Timeout | undefined
  const run = (): void => {
    try {
      const ids = table.expire(clock.now())
      if (ids.length > 0) onExpired(ids)
    } catch (cause) {
      // Nothing is lost: a request that is over its time cannot be decided or used, whatever its row says. The next turn tries again.
      log.warn('approvals-not-expired', { reason: cause instanceof Error ? cause.message : String(cause) })
    }
    schedule()
  }
  const schedule = (): void => {
    clearTimeout(timer)
    let next: number | undefined
    try {
      next = table.nextExpiry()
    } catch (cause) {
      log.warn('approvals-not-readable', { reason: cause instanceof Error ? cause.message : String(cause) })
      next = Number.POSITIVE_INFINITY
    }
    if (next === undefined) return
    timer = setTimeout(run, Math.min(LONGEST_MS, Math.max(0, next - clock.now())))
    timer.unref()
  }
  run()
  return { schedule, stop: () => clearTimeout(timer) }
}
