import { parseDetail, personJson } from '../approvals/approval-detail.ts'
import { NO_PREVIEW, parsePreview } from '../approvals/preview/stored-preview.ts'
import { revealedLabels } from '../approvals/waiters.ts'
import type { Approval } from '../contract/approvals.ts'
import type { ApprovalRow } from '../store/approvals-table.ts'
import { onlyOwn } from './access.ts'
import type { ApiContext } from './api-context.ts'
import { type Caller, deciderOf } from './caller.ts'

/** A request as this caller is shown it. */
export function presentApproval({ approvals }: Pick<ApiContext, 'approvals'>, row: ApprovalRow, caller: Caller): Approval {
  const over = row.state !== 'pending'
  const revealLabels = revealedLabels(row)
  const detail = parseDetail(row.detail)
  const refusal = over ? undefined : approvals.refuse(row, deciderOf(caller))
  const { standing, standing_use: use } = row
  return {
    id: row.id,
    revision: row.revision,
    state: row.state,
    ...detail,
    revealable: detail.labels,
    needs: {
      approvals: row.needed,
      given: approvals.votes(row.id).map((vote) => ({ by: personJson.parse(JSON.parse(vote.person)), at: vote.at, reason: vote.reason })),
    },
    // An agent could read here, by asking, what its rules do not let it select.
    preview: onlyOwn(caller) ? { ...NO_PREVIEW, note: 'Only people with a role in Sallyport see it.' } : parsePreview(row.preview),
    standingLimits: over ? null : (approvals.standingLimits() ?? null),
    standing: standing === null || use === null ? null : { id: standing, use },
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
