import { parseDetail, personJson } from '../approvals/approval-detail.ts'
import { revealedLabels } from '../approvals/waiters.ts'
import type { Approval } from '../contract/approvals.ts'
import type { Preview } from '../contract/card.ts'
import type { ApprovalRow } from '../store/approvals-table.ts'
import type { ApiContext } from './api-context.ts'
import { type Caller, deciderOf } from './caller.ts'

const NO_PREVIEW: Preview = {
  state: 'none',
  note: null,
  at: null,
  plan: null,
  estimatedRows: null,
  exactRows: null,
  moreThanRows: null,
  countNote: null,
  overCeiling: false,
  rows: null,
  rowsNote: null,
  rehearsal: null,
  whyNoRehearsal: null,
}

/** A request as this caller is shown it. */
export function presentApproval({ approvals }: Pick<ApiContext, 'approvals'>, row: ApprovalRow, caller: Caller): Approval {
  const over = row.state !== 'pending'
  const revealLabels = revealedLabels(row)
  const detail = parseDetail(row.detail)
  const refusal = over ? undefined : approvals.refuse(row, deciderOf(caller))
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    ...detail,
    revealable: detail.labels,
    needs: { approvals: 1, given: [] },
    preview: NO_PREVIEW,
    standingLimits: null,
    standing: null,
    connection: row.connection,
    maxRows: row.max_rows,
    askedAt: row.asked_at,
    waitUntil: row.wait_until,
    openUntil: row.open_until,
    waiting: approvals.isWaiting(row.id),
    decision:
      row.decision === null || row.decided_at === null || row.decided_by === null
        ? null
        : {
            decision: row.decision,
            by: personJson.parse(JSON.parse(row.decided_by)),
            reason: row.reason,
            at: row.decided_at,
            reveal: row.reveal === 1,
            ...(revealLabels === undefined ? {} : { revealLabels }),
          },
    sessionId: row.session,
    statement: row.statement,
    mayDecide: !over && refusal === undefined,
    whyNot: over ? 'Nothing is left to decide here.' : (refusal?.text ?? null),
  }
}
