/** Every refusal the gateway makes has a stable code, so that tests, logs and outsiders need not read prose. */
export type GatewayErrorCode =
  | 'token-invalid' // 28000: bad signature, issuer, audience, expired, not yet valid, algorithm not allowed
  | 'tls-required' // 28000: a token offered in clear text off loopback
  | 'connection-unknown' // 3D000: no such connection, or not for this person's groups (one text for both)
  | 'denied' // 42501: by a rule
  | 'denied-by-person' // 42501
  | 'not-approved' // 57014: nobody decided in time
  | 'withdrawn' // 57014: cancelled by the client while held
  | 'syntax' // 42601: PostgreSQL's own grammar could not read it
  | 'unsupported' // 0A000: a message, format or option that the gateway does not carry
  | 'protocol' // 08P01: the peer broke the protocol
  | 'no-startup' // 08P01, not told: the first bytes are no startup packet
  | 'limit' // 54000: size, time, rows, bytes, connections
  | 'too-many' // 53300: connections
  | 'upstream-unavailable' // 08006: the database cannot be reached
  | 'upstream-refused' // 08004: the database refused our credential
  | 'catalog-unavailable' // 57P03: the catalog has not been read, so nothing can be judged
  | 'recorder' // 58030: the record cannot be written, so nothing may run
  | 'paused' // 57P03: agents are paused by a person
  | 'closing' // 57P01: shutdown, or an administrator ended the session
  | 'login-timeout' // 08006
  | 'misconfigured' // F0000
  | 'internal' // XX000

/** What a refusal carries to the client. Texts never contain a credential or a masked value. */
export interface GatewayErrorFields {
  readonly code: GatewayErrorCode
  /** Five characters, PostgreSQL appendix A. */
  readonly sqlstate: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
  /** 1-based character offset in the statement, as in ErrorResponse field `P`. */
  readonly position?: number
  /** FATAL ends the session; ERROR ends the statement. */
  readonly severity?: 'ERROR' | 'FATAL'
}

/** A refusal or failure with a name. Thrown inside, worded once by `wire/refusals.ts`. */
export class GatewayError extends Error {
  readonly fields: GatewayErrorFields

  constructor(fields: GatewayErrorFields, options?: { cause?: unknown }) {
    super(fields.message, options)
    this.name = 'GatewayError'
    this.fields = fields
  }

  get code(): GatewayErrorCode {
    return this.fields.code
  }
}

/** Closes a union: the compiler proves that no case was forgotten, and at run time an impossible value refuses. */
export function assertNever(value: never, what: string): never {
  throw new GatewayError({ code: 'internal', sqlstate: 'XX000', message: `unexpected ${what}: ${String(value)}` })
}
