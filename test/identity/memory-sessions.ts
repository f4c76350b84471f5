import type { Audit } from '../../main/audit/audit.ts'
import type { WebSessionLimits } from '../../main/config.ts'
import type { ActDetails, ActName, ActOutcome } from '../../main/contract/audit.ts'
import { createTokenSeal } from '../../main/identity/seal-token.ts'
import type { WebSessionStore } from '../../main/identity/web-session-store.ts'
import { createWebSessions, type WebSessions } from '../../main/identity/web-sessions.ts'
import { createMemoryWebSessionStore } from '../helpers/memory-web-session-store.ts'

export const HOUR_MS = 60 * 60_000
export const LIMITS: WebSessionLimits = { idleMs: HOUR_MS, absoluteMs: 12 * HOUR_MS, uncheckedMs: 12 * HOUR_MS }

export interface MemorySessionsOptions {
  readonly now?: () => number
  readonly limits?: WebSessionLimits
  readonly trusts?: (issuer: string) => boolean
  readonly store?: WebSessionStore
}

/** Web sessions that are kept nowhere. */
export function memorySessions(options: MemorySessionsOptions = {}): { sessions: WebSessions; store: WebSessionStore } {
  const { now = Date.now, limits = LIMITS, trusts = () => true, store = createMemoryWebSessionStore() } = options
  const seal = createTokenSeal(Buffer.alloc(32, 7))
  return { store, sessions: createWebSessions({ store, clock: { now }, seal, limits: () => limits, trusts }) }
}

export interface RecordedAct {
  readonly act: ActName
  readonly subject: string | undefined
  readonly outcome: ActOutcome
  readonly details: ActDetails
}

/** An audit that only remembers. */
export function memoryAudit(): Audit & { readonly acts: RecordedAct[] } {
  const acts: RecordedAct[] = []
  return {
    acts,
    ready: () => undefined,
    record: ({ who }, act, details = {}, outcome = 'done') => void acts.push({ act, subject: who?.subject, outcome, details }),
  }
}
