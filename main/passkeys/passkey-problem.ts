/** `host-name`: passkeys cannot exist at this address. `none`: the person has none. `wrong`: what the authenticator gave does not hold. */
export type PasskeyProblemKind = 'host-name' | 'none' | 'wrong' | 'missing'

/** Why something with a passkey did not come about, for the person to read. */
export class PasskeyProblem extends Error {
  readonly kind: PasskeyProblemKind

  constructor(kind: PasskeyProblemKind, text: string, options?: { cause?: unknown }) {
    super(text, options)
    this.name = 'PasskeyProblem'
    this.kind = kind
  }
}
