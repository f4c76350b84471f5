import type { Role } from '../contract/people.ts'
import type { BoundDecision } from '../passkeys/create-passkeys.ts'

/** Whoever calls the API, as far as deciding is concerned. */
export interface Decider {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly kind: 'person' | 'agent'
  readonly groups: readonly string[]
  readonly roles: readonly Role[]
  /** When they last proved who they are (`auth_time`), in ms since the epoch. */
  readonly signInAt: number | undefined
  /** As in `Identity`. */
  readonly verifiedEmail?: string | undefined
  /** What their passkey has signed for this very call. */
  readonly proved?: BoundDecision | undefined
}
