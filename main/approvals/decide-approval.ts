import type { DecisionRequest } from '../contract/approvals.ts'
import type { ApprovalRow, ApprovalsTable } from '../store/approvals-table.ts'
import { parseDetail, personJson } from './approval-detail.ts'
import { decidable } from './decidable.ts'
import type { Decider } from './decider.ts'
import { refuseDecider } from './may-decide.ts'

export type DecideProblem = 'not-found' | 'not-yours' | 'sign-in-old' | 'decided' | 'over' | 'changed' | 'ceiling' | 'label'

export type DecideResult =
  | { readonly ok: true; readonly row: ApprovalRow }
  | { readonly ok: false; readonly problem: DecideProblem; readonly text: string }

/** One decision, to be run inside a transaction: who decides is checked first, then whether there is still something to decide. */
export function decideApproval(
  table: ApprovalsTable,
  id: number,
  request: DecisionRequest,
  who: Decider,
  now: number,
  recentSignInMs: number,
  openAfterMs: number,
): DecideResult {
  const row = table.read(id)
  if (row === undefined) return refuse('not-found', `There is no request #${id}.`)
  const refusal = refuseDecider(decidable(row), who, now, recentSignInMs)
  if (refusal !== undefined) return refuse(refusal.kind === 'sign-in' ? 'sign-in-old' : 'not-yours', refusal.text)
  if (row.state !== 'pending')
    return refuse(row.state === 'approved' || row.state === 'denied' || row.state === 'used' ? 'decided' : 'over', tellState(row))
  if (row.open_until <= now) return refuse('over', `Request #${id} has expired. The agent can send the statement again.`)
  if (request.revision !== undefined && request.revision !== row.revision) {
    return refuse('changed', `Request #${id} has changed since you read it. Look at it again, then decide.`)
  }
  if (request.maxRows !== undefined && row.max_rows !== null && request.maxRows > row.max_rows) {
    return refuse('ceiling', `The rule lets ${row.max_rows} rows at most; a decision can only lower that.`)
  }
  const { revealLabels } = request
  const others = (revealLabels ?? []).filter((label) => !parseDetail(row.detail).labels.includes(label))
  if (others.length > 0) {
    return refuse('label', `The statement touches nothing with the label ${others.map((label) => `"${label}"`).join(' or ')}.`)
  }
  const approve = request.decision === 'approve'
  const { name, issuer, subject, kind } = who
  table.decide({
    id,
    state: approve ? 'approved' : 'denied',
    decision: request.decision,
    decidedAt: now,
    decidedBy: JSON.stringify({ name, issuer, subject, kind }),
    reason: request.reason ?? '',
    reveal: approve && (request.reveal === true || revealLabels !== undefined) ? 1 : 0,
    revealLabels: approve && revealLabels !== undefined ? JSON.stringify([...new Set(revealLabels)]) : null,
    maxRows: request.maxRows ?? row.max_rows,
    openUntil: now + openAfterMs,
  })
  return { ok: true, row: table.read(id) ?? row }
}

function tellState(row: ApprovalRow): string {
  const by = row.decided_by === null ? 'somebody' : personJson.parse(JSON.parse(row.decided_by)).name
  switch (row.state) {
    case 'approved':
      return `${by} has approved request #${row.id} already.`
    case 'used':
      return `${by} has approved request #${row.id} already, and the statement has run.`
    case 'denied':
      return `${by} has denied request #${row.id} already.`
    case 'withdrawn':
      return `Request #${row.id} was withdrawn: the agent cancelled it.`
    default:
      return `Request #${row.id} has expired. The agent can send the statement again.`
  }
}

function refuse(problem: DecideProblem, text: string): DecideResult {
  return { ok: false, problem, text }
}
