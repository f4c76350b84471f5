/** A signed-in browser as it is stored. */
export interface StoredWebSession {
  /** SHA-256 (hex) of the cookie's value: whoever reads the store cannot sign in with it. */
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly groups: readonly string[]
  /** `auth_time` in ms; null when the provider does not say. */
  readonly authTime: number | null
  readonly verifiedEmail: string | null
  /** The provider's name for this sign-in; null when it has none. */
  readonly sid: string | null
  readonly createdAt: number
  readonly seenAt: number
}

/** What the provider last said of a person who has sessions, and how to ask it again. Tokens are sealed. */
export interface StoredPerson {
  readonly issuer: string
  readonly subject: string
  readonly checkedAt: number
  readonly refresh: Buffer | null
  readonly access: Buffer | null
  readonly accessUntil: number
}

/** Where sessions are kept: SQLite in the host (`main/store`), memory in tests. */
export interface WebSessionStore {
  insert(session: StoredWebSession): void
  find(id: string): StoredWebSession | undefined
  touch(id: string, seenAt: number): void
  remove(id: string): void
  /** Removes all that were made before `createdBefore` or last seen before `seenBefore`, and people who have none left. */
  removeOld(createdBefore: number, seenBefore: number): void
  ofPerson(issuer: string, subject: string): StoredWebSession[]
  bySid(issuer: string, sid: string): StoredWebSession[]
  /** In all sessions of one person. */
  updatePerson(now: Pick<StoredWebSession, 'issuer' | 'subject' | 'name' | 'groups' | 'verifiedEmail'>): void
  person(issuer: string, subject: string): StoredPerson | undefined
  people(): StoredPerson[]
  writePerson(person: StoredPerson): void
  removePerson(issuer: string, subject: string): void
}
