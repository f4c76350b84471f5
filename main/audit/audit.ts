import type { ActDetails, ActName, ActOutcome } from '../contract/audit.ts'

/** Who acts, and from where. A `Caller` of the API is one. */
export interface Actor {
  /** Undefined where nobody has signed in (a sign-in that was refused), and for the host itself. */
  readonly who: { readonly name: string; readonly issuer: string; readonly subject: string; readonly kind: 'person' | 'agent' } | undefined
  /** Of the client as the host saw it; empty for the host itself. */
  readonly address: string
}

/** The host itself: its start, its clock, its command line. */
export const HOST_ACTOR: Actor = { who: undefined, address: '' }

/** Where administrative acts are recorded: the same hash chain as statements. */
export interface Audit {
  /**
   * Throws `GatewayError` (`recorder`) when the record cannot be written just now. Ask before an act that cannot be undone, so that none
   * happens unrecorded.
   */
  ready(): void
  /**
   * Records an act; in the journal when it returns. Call it before the act is answered. `details` say what was acted on: names and ids, never a
   * secret, a statement's text or a value. Throws `GatewayError` (`recorder`) when it cannot be written.
   */
  record(actor: Actor, act: ActName, details?: ActDetails, outcome?: ActOutcome): void
}
