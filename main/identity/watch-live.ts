import type { Clock, LiveSession, Log } from '../../proxy/ports.ts'
import type { TokenIdentities } from './create-identities.ts'

/** Expiry is looked at so often, everything else at every fifteenth time. */
const TICK_MS = 1000
const TICKS_A_ROUND = 15
const AT_ONCE = 8
/** A token is let in so much after its expiry: clocks differ. */
const SKEW_MS = 30_000

export interface WatchOptions {
  readonly live: () => readonly LiveSession[]
  readonly identities: Pick<TokenIdentities, 'fallen'>
  /** Why an agent may not go on; undefined when it may. */
  readonly stopped: (who: LiveSession['who']) => string | undefined
  /** After a token's expiry; asked at each use. */
  readonly afterExpiryMs: () => number
  readonly clock: Clock
  readonly log: Log
}

export interface Watch {
  /** Drains what has expired. */
  expire(): void
  /** Looks at every session now. Never rejects. */
  round(): Promise<void>
  stop(): void
}

const AGAIN = 'get a new token and connect again'

/**
 * Ends running sessions whose right to run has ended: within a second after a token's expiry (what is in flight finishes), within some 45 s after
 * anything else that the identity provider or the configuration says.
 */
export function watchLive({ live, identities, stopped, afterExpiryMs, clock, log }: WatchOptions): Watch {
  let ticks = 0
  let running: Promise<void> | undefined

  const expire = (): void => {
    const now = clock.now()
    const after = Math.max(afterExpiryMs(), SKEW_MS)
    for (const session of live()) {
      if (session.who.expiresAt + after > now) continue
      session.drain(`its token has expired; ${AGAIN}`)
    }
  }

  const check = async (session: LiveSession): Promise<void> => {
    const { who } = session
    const pause = stopped(who)
    if (pause !== undefined) return session.end(pause)
    const why = await identities.fallen(who)
    if (why === undefined) return
    log.info('session.revoked', { session: session.id, issuer: who.issuer, subject: who.subject, why })
    session.end(`${why}; ${AGAIN}`)
  }

  const round = (): Promise<void> => {
    const next = live().values()
    running ??= Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const session of next) await check(session)
      }),
    )
      .then(() => undefined)
      .finally(() => {
        running = undefined
      })
    return running
  }

  const timer = setInterval(() => {
    expire()
    ticks = (ticks + 1) % TICKS_A_ROUND
    if (ticks === 0) round().catch((error: unknown) => log.error('sessions.watch-failed', { why: String(error) }))
  }, TICK_MS)
  timer.unref()
  return { expire, round, stop: () => clearInterval(timer) }
}
