import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../proxy/ports.ts'
import type { VerifiedIdentity } from './verified-identity.ts'

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
  readonly createdAt: number
  readonly seenAt: number
}

/** Where sessions are kept: SQLite in the host (`main/store`), memory in tests. */
export interface WebSessionStore {
  insert(session: StoredWebSession): void
  find(id: string): StoredWebSession | undefined
  touch(id: string, seenAt: number): void
  remove(id: string): void
  /** Removes all that were made before `createdBefore` or last seen before `seenBefore`. */
  removeOld(createdBefore: number, seenBefore: number): void
}

const IDLE_MS = 60 * 60_000
export const SESSION_MAX_MS = 12 * 60 * 60_000
/** A page asks often; writing each time would be waste. */
const TOUCH_EVERY_MS = 60_000

export interface WebSessions {
  /** Stores a session for a person who has just signed in, and gives the cookie's value: shown once, here. */
  begin(who: VerifiedIdentity): string
  /** Whose cookie this is. Undefined when it is unknown, was idle for an hour, or is 12 hours old. */
  find(cookieValue: string): VerifiedIdentity | undefined
  end(cookieValue: string): void
}

const idOf = (cookieValue: string): string => createHash('sha256').update(cookieValue).digest('hex')

/** @param issuers the providers of the configuration: a session that another one vouched for, before a restart, counts no more. */
export function createWebSessions(store: WebSessionStore, clock: Clock, issuers: ReadonlySet<string>): WebSessions {
  return {
    begin(who) {
      const now = clock.now()
      store.removeOld(now - SESSION_MAX_MS, now - IDLE_MS)
      const value = randomBytes(32).toString('base64url')
      const { issuer, subject, name, groups, authTime = null } = who
      store.insert({ id: idOf(value), issuer, subject, name, groups, authTime, createdAt: now, seenAt: now })
      return value
    },
    find(cookieValue) {
      const id = idOf(cookieValue)
      const session = store.find(id)
      if (session === undefined) return undefined
      const now = clock.now()
      if (now >= session.createdAt + SESSION_MAX_MS || now >= session.seenAt + IDLE_MS || !issuers.has(session.issuer)) {
        store.remove(id)
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
        expiresAt: session.createdAt + SESSION_MAX_MS,
        authTime: session.authTime ?? undefined,
      }
    },
    end: (cookieValue) => store.remove(idOf(cookieValue)),
  }
}

/** Sessions that end with the process. For tests. */
export function createMemoryWebSessionStore(): WebSessionStore {
  const sessions = new Map<string, StoredWebSession>()
  return {
    insert: (session) => void sessions.set(session.id, session),
    find: (id) => sessions.get(id),
    touch: (id, seenAt) => {
      const session = sessions.get(id)
      if (session !== undefined) sessions.set(id, { ...session, seenAt })
    },
    remove: (id) => void sessions.delete(id),
    removeOld: (createdBefore, seenBefore) => {
      for (const [id, session] of sessions) {
        if (session.createdAt < createdBefore || session.seenAt < seenBefore) sessions.delete(id)
      }
    },
  }
}
