import type { ApprovalDesk } from '../approvals/create-approvals.ts'
import type { Metrics } from './create-metrics.ts'

const REMEMBERED = 10_000

/** How long people take. Each decision counts once; what a standing approval let pass does not. */
export function measureDecisions(approvals: Pick<ApprovalDesk, 'onChange' | 'read'>, metrics: Pick<Metrics, 'decided'>): void {
  const counted = new Set<number>()
  approvals.onChange((id) => {
    if (counted.has(id)) return
    const row = approvals.read(id)
    if (row === undefined || row.decided_at === null || row.standing !== null) return
    if (row.state !== 'approved' && row.state !== 'denied') return
    if (counted.size >= REMEMBERED) counted.clear()
    counted.add(id)
    metrics.decided(row.state, (row.decided_at - row.asked_at) / 1000)
  })
}
