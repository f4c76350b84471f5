/** A WebAuthn credential of a person. */
export interface StoredPasskey {
  /** Base64url, as the authenticator chose it. */
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  /** COSE (RFC 9052). */
  readonly publicKey: Buffer
  /** How often it signed, as it says; 0 where it does not count (synchronised passkeys). */
  readonly counter: number
  readonly transports: readonly string[]
  readonly createdAt: number
  readonly lastUsedAt: number | null
}

export interface PasskeyStore {
  /** False when there is one of that id, whosever it is. */
  insert(passkey: Omit<StoredPasskey, 'lastUsedAt'>): boolean
  ofPerson(issuer: string, subject: string): StoredPasskey[]
  used(id: string, counter: number, at: number): void
  remove(issuer: string, subject: string, id: string): boolean
  removeAll(issuer: string, subject: string): number
}
