import type { DecisionRequest } from '../contract/approvals.ts'
import type { ApprovalRow, ApprovalsTable } from '../store/approvals-table.ts'
import type { StandingRow, StandingTable } from '../store/standing-table.ts'

/** The most that a decision may give in advance. */
export interface StandingLimits {
  readonly times: number
  readonly minutes: number
}

/** A clock that was set back by more than this makes it impossible to tell how long something has stood. */
const SKEW_MS = 60_000

/** Why a decision cannot be given in advance as it was asked; undefined when it can, or when it was not asked. */
export function refuseStanding(request: DecisionRequest, row: ApprovalRow, limits: StandingLimits | undefined): string | undefined {
  const { times, forMinutes } = request
  if (request.decision === 'deny' || (times === undefined && forMinutes === undefined)) return undefined
  if (limits === undefined || row.rule === null) return 'Nothing is approved in advance here (approvals.standing). Approve it this once.'
  if (times !== undefined && times > limits.times) return `A statement is approved at most ${limits.times} times in advance.`
  if (forMinutes !== undefined && forMinutes > limits.minutes)
    return `A statement is approved for at most ${limits.minutes} min in advance.`
  if (request.reveal === true || request.revealLabels !== undefined)
    return 'Masks are lifted for one answer only. Approve in advance without lifting them.'
  return undefined
}

interface StandingTerms {
  readonly times: number | null
  readonly minutes: number | null
  readonly maxRows: number | null
  readonly reason: string
  readonly now: number
  readonly limits: StandingLimits
}

/** Inside the transaction of the decision. The request itself is the first use. */
export function makeStanding(
  { approvals, standing }: { readonly approvals: ApprovalsTable; readonly standing: StandingTable },
  row: ApprovalRow,
  { times, minutes, maxRows, reason, now, limits }: StandingTerms,
): void {
  if (times === 1 || row.rule === null) return
  const before = standing.find(row.key)
  if (before !== undefined) standing.end(before.id, now, 'Another one was given in its place.', null)
  const { id, key, rule, issuer, subject, connection } = row
  const until = now + Math.min(minutes ?? limits.minutes, limits.minutes) * 60_000
  approvals.stand(id, standing.insert({ approval: id, key, rule, issuer, subject, connection, maxRows, times, madeAt: now, until, reason }))
}

/** Why a standing approval stands no more; undefined while it does. */
export function whyOver(row: StandingRow, now: number): string | undefined {
  if (row.times !== null && row.used >= row.times) return 'It was used as often as it was given.'
  if (row.until <= now) return 'Its time is over.'
  if (row.made_at > now + SKEW_MS) return 'The host’s clock was set back.'
  return undefined
}
