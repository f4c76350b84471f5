import { z } from 'zod'
import { approvalSchema } from '../contract/approvals.ts'

const { hidden, prepared, history, untrusted, statedReason } = approvalSchema.shape

/** What the approver is shown, frozen when it was asked: the part of an approval that never changes. */
export const approvalDetailSchema = approvalSchema
  .pick({
    sentence: true,
    warnings: true,
    sql: true,
    marks: true,
    parameters: true,
    requester: true,
    application: true,
    client: true,
    rule: true,
    because: true,
    facts: true,
    labels: true,
    passkey: true,
    approvers: true,
  })
  // Requests that an earlier version stored have none of these.
  .extend({
    hidden: hidden.default([]),
    prepared: prepared.default([]),
    history: history.default({ statements: 0, allowed: 0, held: 0, denied: 0, recent: [] }),
    untrusted: untrusted.default([]),
    statedReason: statedReason.default(null),
  })
export type ApprovalDetail = z.infer<typeof approvalDetailSchema>
export const personJson = approvalSchema.shape.requester

export function parseDetail(json: string): ApprovalDetail {
  return z.parse(approvalDetailSchema, JSON.parse(json))
}
