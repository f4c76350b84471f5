import type { ApprovalRow } from '../store/approvals-table.ts'
import { parseDetail } from './approval-detail.ts'
import type { DecidableRequest } from './may-decide.ts'
import { parseHuman } from './same-human.ts'

/** What of a stored request bears on who may decide it. */
export function decidable(row: ApprovalRow): DecidableRequest {
  const { approvers, requester } = parseDetail(row.detail)
  return { issuer: row.issuer, subject: row.subject, throughAgent: requester.kind === 'agent', approvers, human: parseHuman(row.human) }
}
