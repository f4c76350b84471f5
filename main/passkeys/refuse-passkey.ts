import type { BoundDecision } from './create-passkeys.ts'

/** What of a request bears on whether its decision must be signed. */
export interface SignedRequest {
  readonly id: number
  readonly revision: number
  readonly passkey: boolean
}

/**
 * Why a decision is not signed as its rule demands, for the person to read; undefined when it is, or need not be. `proved`: what the decider's passkey has
 * signed for this very call.
 */
export function refusePasskey(
  request: SignedRequest,
  decision: BoundDecision['decision'],
  proved: BoundDecision | undefined,
): string | undefined {
  if (!request.passkey) return undefined
  if (proved === undefined) return `The rule demands that a decision on request #${request.id} is signed with your passkey.`
  const same = proved.approval === request.id && proved.revision === request.revision && proved.decision === decision
  return same ? undefined : `Request #${request.id} is not as it was when you signed. Look at it again, then decide.`
}
