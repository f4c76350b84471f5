import type { Identity } from '../../proxy/ports.ts'

/** An identity with what a decision asks for. */
export interface VerifiedIdentity extends Identity {
  /** When this person last proved who they are at the provider (`auth_time`), in ms since the epoch; undefined when the token does not say. */
  readonly authTime: number | undefined
  /** `iat` in ms; undefined when the token does not say. */
  readonly issuedAt?: number | undefined
}
