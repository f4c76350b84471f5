import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../proxy/ports.ts'
import type { WebSessionLimits } from '../config.ts'
import type { TokenSeal } from './seal-token.ts'
import type { VerifiedIdentity } from './verified-identity.ts'
import type { StoredPerson, StoredWebSession, WebSessionStore } from './web-session-store.ts'

/** A page asks often; writing each time would be waste. */
const TOUCH_EVERY_MS = 60_000

/** Identity is issuer and subject. */
export interface PersonKey {
  readonly issuer: string
  readonly subject: string
}

/** What the provider gave with a sign-in, besides who it is. */
export interface ProviderWord {
  /** Its name for this sign-in (`sid`), for back-channel logout. */
  readonly sid?: string | undefined
  readonly refreshToken?: string | undefined
  readonly accessToken?: string | undefined
  /** Until when the access token can be used, in ms since the epoch. */
  readonly accessUntil?: number | undefined
}

/** A signed-in person as the provider is asked about them. */
export interface SignedInPerson extends PersonKey {
  readonly groups: readonly string[]
  readonly checkedAt: number
  readonly refreshToken: string | undefined
  /** Undefined when it has expired. */
  readonly accessToken: string | undefined
  readonly accessUntil: number
}

export interface WebSessions {
  /**
   * Stores a session for a person, and gives the cookie's value: shown once, here. `word` is what their provider has just said; undefined: the sign-in
   * was handed on from another session of theirs, which began at `createdAt` (milliseconds since the epoch).
   */
  begin(who: VerifiedIdentity, word: ProviderWord | undefined, createdAt?: number): string
  /** Whose cookie this is. Undefined when it is unknown, was idle or lived too long, or its provider's word is too old. */
  find(cookieValue: string): VerifiedIdentity | undefined
  end(cookieValue: string): void
  /** Ends what a provider wants ended; returns how many there were. */
  endOf(issuer: string, which: { readonly subject?: string | undefined; readonly sid?: string | undefined }): number
  /** Everyone who has a session that lives. */
  people(): SignedInPerson[]
  /** The provider has confirmed a person, as they are now. */
  confirm(key: PersonKey, now: Pick<VerifiedIdentity, 'name' | 'groups' | 'verifiedEmail'>, word: ProviderWord): void
  /** Keeps new tokens of a person; that is no confirmation. */
  keep(key: PersonKey, word: ProviderWord): void
  /** The groups that a person had at their provider's last word, over all their sessions; undefined when they have none. */
  groupsOf(key: PersonKey): readonly string[] | undefined
  /** Called after sessions ended or changed by something else than their own browser. Returns what ends it. */
  onChange(listener: () => void): () => void
}

export interface WebSessionsOptions {
  readonly store: WebSessionStore
  readonly clock: Clock
  readonly seal: TokenSeal
  /** Asked at each use. */
  readonly limits: () => WebSessionLimits
  /** Whether an issuer is one of the configuration's: a session that another one vouched for counts no more. */
  readonly trusts: (issuer: string) => boolean
}

const idOf = (cookieValue: string): string => createHash('sha256').update(cookieValue).digest('hex')
const sealedFor = ({ issuer, subject }: PersonKey, what: 'refresh' | 'access'): string => JSON.stringify([what, issuer, subject])

export function createWebSessions({ store, clock, seal, limits, trusts }: WebSessionsOptions): WebSessions {
  const listeners = new Set<() => void>()
  const changed = (): void => {
    for (const listener of listeners) listener()
  }

  /** By all limits, of now. */
  const lives = (session: StoredWebSession, person: StoredPerson | undefined, now: number): boolean => {
    const { idleMs, absoluteMs, uncheckedMs } = limits()
    const checkedAt = person?.checkedAt ?? session.createdAt
    return now < session.createdAt + absoluteMs && now < session.seenAt + idleMs && now < checkedAt + uncheckedMs && trusts(session.issuer)
  }

  const write = (key: PersonKey, word: ProviderWord, before: StoredPerson | undefined, checkedAt: number): void => {
    const { refreshToken, accessToken, accessUntil = 0 } = word
    const { issuer, subject } = key
    store.writePerson({
      issuer,
      subject,
      checkedAt,
      // A provider that gives no new refresh token leaves the old one good (RFC 6749 section 6).
      refresh: refreshToken === undefined ? (before?.refresh ?? null) : seal.seal(refreshToken, sealedFor(key, 'refresh')),
      access: accessToken === undefined ? null : seal.seal(accessToken, sealedFor(key, 'access')),
      accessUntil: accessToken === undefined ? 0 : accessUntil,
    })
  }

  const removeSession = (session: StoredWebSession): void => {
    store.remove(session.id)
    if (store.ofPerson(session.issuer, session.subject).length === 0) store.removePerson(session.issuer, session.subject)
  }

  return {
    begin(who, word, createdAt = clock.now()) {
      const now = clock.now()
      const { absoluteMs, idleMs } = limits()
      store.removeOld(now - absoluteMs, now - idleMs)
      const value = randomBytes(32).toString('base64url')
      const { issuer, subject, name, groups, authTime = null, verifiedEmail = null } = who
      const times = { createdAt, seenAt: now }
      store.insert({ id: idOf(value), issuer, subject, name, groups, authTime, verifiedEmail, sid: word?.sid ?? null, ...times })
      if (word === undefined) return value
      // What the provider says now holds for their other browsers too. Its tokens are those of this sign-in.
      store.updatePerson({ issuer, subject, name, groups, verifiedEmail })
      write(who, word, undefined, now)
      return value
    },
    find(cookieValue) {
      const id = idOf(cookieValue)
      const session = store.find(id)
      if (session === undefined) return undefined
      const now = clock.now()
      if (!lives(session, store.person(session.issuer, session.subject), now)) {
        removeSession(session)
        return undefined
      }
      if (now >= session.seenAt + TOUCH_EVERY_MS) store.touch(id, now)
      return {
        issuer: session.issuer,
        subject: session.subject,
        name: session.name,
        groups: session.groups,
        kind: 'person',
        client: undefined,
        expiresAt: session.createdAt + limits().absoluteMs,
        authTime: session.authTime ?? undefined,
        verifiedEmail: session.verifiedEmail ?? undefined,
      }
    },
    end(cookieValue) {
      const session = store.find(idOf(cookieValue))
      if (session !== undefined) removeSession(session)
    },
    endOf(issuer, { subject, sid }) {
      const ending = sid === undefined ? store.ofPerson(issuer, subject ?? '') : store.bySid(issuer, sid)
      const wanted = ending.filter((session) => subject === undefined || session.subject === subject)
      for (const session of wanted) removeSession(session)
      // Sessions that were handed on from an ended one have no name of their own at the provider.
      const handedOn = wanted.flatMap((session) => store.ofPerson(issuer, session.subject).filter((other) => other.sid === null))
      for (const session of handedOn) removeSession(session)
      if (wanted.length > 0) changed()
      return wanted.length + handedOn.length
    },
    people() {
      const now = clock.now()
      return store.people().flatMap((person) => {
        const sessions = store.ofPerson(person.issuer, person.subject).filter((session) => lives(session, person, now))
        const [first] = sessions
        if (first === undefined) return []
        const { issuer, subject, checkedAt, refresh, access, accessUntil } = person
        const opened = (sealed: Buffer | null, what: 'refresh' | 'access') =>
          sealed === null ? undefined : seal.open(sealed, sealedFor(person, what))
        const accessToken = accessUntil > now ? opened(access, 'access') : undefined
        return [{ issuer, subject, groups: first.groups, checkedAt, refreshToken: opened(refresh, 'refresh'), accessToken, accessUntil }]
      })
    },
    confirm(key, { name, groups, verifiedEmail = null }, word) {
      const { issuer, subject } = key
      // The person may have signed out while the provider was asked.
      const sessions = store.ofPerson(issuer, subject)
      if (sessions.length === 0) return
      store.updatePerson({ issuer, subject, name, groups, verifiedEmail })
      write(key, word, store.person(issuer, subject), clock.now())
      if (sessions.some((session) => !sameGroups(session.groups, groups))) changed()
    },
    keep(key, word) {
      const before = store.person(key.issuer, key.subject)
      if (before !== undefined) write(key, word, before, before.checkedAt)
    },
    groupsOf({ issuer, subject }) {
      const sessions = store.ofPerson(issuer, subject)
      return sessions.length === 0 ? undefined : [...new Set(sessions.flatMap((session) => session.groups))]
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function sameGroups(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((group) => other.includes(group))
}
