import type { Clock, Log } from '../../proxy/ports.ts'
import type { LeasedCredential } from './upstreams.ts'
import { type VaultApi, VaultApiError, type VaultCredential } from './vault-api.ts'

/** One connection's user at the database, leased for a while, and kept fresh. */
export interface CredentialLease {
  current(): LeasedCredential | undefined
  /** Milliseconds since the epoch; undefined: none just now. */
  until(): number | undefined
  /** Why there is none, or why the next one does not come; undefined: all is well. */
  failure(): string | undefined
  /** Resolves once the first try has come to its end, well or not. */
  readonly tried: Promise<void>
  /** Gives the user back to Vault, as far as it answers, and renews no more. */
  stop(): Promise<void>
}

export interface LeaseOptions {
  readonly connection: string
  readonly api: VaultApi
  readonly clock: Clock
  readonly log: Log
}

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000
/** A lease is renewed after two thirds of its time: there is time left for some tries. */
const FRESH = 2 / 3
/** A renewal that gives less than this part of the first time has met the longest time that Vault allows: another user is taken. */
const ENOUGH = 1 / 2
const LONGEST_TIMER_MS = 2 ** 31 - 1

interface Held extends VaultCredential {
  readonly until: number
  /** As Vault first gave it. */
  readonly firstSeconds: number
}

export function leaseCredential({ connection, api, clock, log }: LeaseOptions): CredentialLease {
  let held: Held | undefined
  let token: { readonly text: string; readonly until: number } | undefined
  let failure: string | undefined
  let retryMs = FIRST_RETRY_MS
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const tokenNow = async (): Promise<string> => {
    if (token !== undefined && token.until > clock.now()) return token.text
    const { token: text, seconds } = await api.signIn()
    token = { text, until: seconds === 0 ? Number.POSITIVE_INFINITY : clock.now() + seconds * 1000 * FRESH }
    return text
  }

  /** A token that Vault no longer takes is made anew, once. */
  const signedIn = async <T>(work: (token: string) => Promise<T>): Promise<T> => {
    try {
      return await work(await tokenNow())
    } catch (cause) {
      if (!(cause instanceof VaultApiError) || cause.status !== 403) throw cause
      token = undefined
      return work(await tokenNow())
    }
  }

  const keep = (credential: VaultCredential, firstSeconds: number): void => {
    held = { ...credential, firstSeconds, until: clock.now() + credential.seconds * 1000 }
  }

  const refresh = async (): Promise<void> => {
    if (held?.renewable === true && held.until > clock.now()) {
      const { id, user, password, firstSeconds } = held
      const renewed = await signedIn((text) => api.renew(text, id)).catch((cause: unknown) => {
        // Vault says so where a lease has come to its longest time.
        if (cause instanceof VaultApiError && cause.status === 400) return undefined
        throw cause
      })
      if (renewed !== undefined && renewed.seconds >= firstSeconds * ENOUGH) return keep({ ...renewed, user, password }, firstSeconds)
    }
    const next = await signedIn((text) => api.lease(text))
    keep(next, next.seconds)
    log.info('connection.leased', { connection, seconds: next.seconds })
  }

  const run = async (): Promise<void> => {
    let waitMs: number
    try {
      await refresh()
      failure = undefined
      retryMs = FIRST_RETRY_MS
      waitMs = (held?.seconds ?? 0) * 1000 * FRESH
    } catch (cause) {
      failure = cause instanceof Error ? cause.message : String(cause)
      log.warn('connection.lease-failed', { connection, reason: failure })
      waitMs = retryMs
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    }
    if (stopped) return giveBack()
    timer = setTimeout(() => void run(), Math.min(waitMs, LONGEST_TIMER_MS))
    timer.unref()
  }

  const giveBack = async (): Promise<void> => {
    const last = held
    held = undefined
    if (last === undefined) return
    try {
      await signedIn((text) => api.revoke(text, last.id))
    } catch (cause) {
      // It ends by itself.
      log.warn('connection.revoke-failed', { connection, reason: cause instanceof Error ? cause.message : String(cause) })
    }
  }

  const tried = run()
  return {
    current: () => (held !== undefined && held.until > clock.now() ? { user: held.user, password: held.password } : undefined),
    until: () => (held !== undefined && held.until > clock.now() ? held.until : undefined),
    failure: () => failure,
    tried,
    stop: () => {
      stopped = true
      clearTimeout(timer)
      return giveBack()
    },
  }
}
