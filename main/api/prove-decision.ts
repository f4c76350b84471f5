import type { z } from 'zod'
import { parseDetail } from '../approvals/approval-detail.ts'
import type { decisionRequestSchema } from '../contract/approvals.ts'
import type { BoundDecision } from '../passkeys/create-passkeys.ts'
import type { ApprovalRow } from '../store/approvals-table.ts'
import type { ApiContext } from './api-context.ts'
import type { Caller } from './caller.ts'
import { assertionOf, passkeyWork } from './passkey-work.ts'

/**
 * What the caller's passkey has signed for this decision; undefined when the request demands none, or nothing was sent: then `decideApproval` says so.
 * Throws `ApiProblem` when what was sent does not hold.
 */
export async function proveDecision(
  { passkeys }: ApiContext,
  row: ApprovalRow | undefined,
  body: z.output<typeof decisionRequestSchema>,
  { who }: Caller,
): Promise<BoundDecision | undefined> {
  if (row === undefined || body.passkey === undefined || parseDetail(row.detail).passkey !== true) return undefined
  const bound = { approval: row.id, revision: body.revision ?? row.revision, decision: body.decision }
  const assertion = body.passkey
  await passkeyWork(() => passkeys.proveDecision(who, bound, assertionOf(assertion)))
  return bound
}
