import type { Clock } from '../../proxy/ports.ts'
import { ApiProblem } from './api-problem.ts'

/** How much at once, and how much a second after that. People and their pages stay far below; what stays above is a loop or an attack. */
const LIMITS = {
  /** Every request of one address, pages and their parts too. */
  address: { burst: 600, perSecond: 60 },
  /** Tokens of one address that were not good: each costs a signature's check. */
  badToken: { burst: 60, perSecond: 1 },
  /** Beginnings and ends of sign-ins, and set-up codes, of one address. */
  signIn: { burst: 30, perSecond: 0.5 },
  /** Calls of one person or agent. */
  identity: { burst: 300, perSecond: 30 },
  /** Decisions of one person. */
  decision: { burst: 250, perSecond: 2 },
  /** What makes the host work for seconds or go out to other machines, of one person. */
  heavy: { burst: 20, perSecond: 0.2 },
} as const
export type RateLimit = keyof typeof LIMITS

const MAX_KEYS = 10_000

export interface RateLimits {
  /** Takes one. Throws `ApiProblem` 429 with Retry-After when there is none left. */
  take(limit: RateLimit, key: string): void
  /** Throws as `take` does, and takes nothing. */
  ask(limit: RateLimit, key: string): void
}

interface Bucket {
  left: number
  at: number
}

/** Token buckets in memory, one for each limit and key. At most some ten thousand keys are remembered: the ones longest unused are forgotten. */
export function createRateLimits(clock: Clock): RateLimits {
  const buckets = new Map<string, Bucket>()
  const bucketOf = (limit: RateLimit, key: string): Bucket => {
    const { burst, perSecond } = LIMITS[limit]
    const name = `${limit} ${key}`
    const now = clock.now()
    const bucket = buckets.get(name) ?? { left: burst, at: now }
    // A clock that was set back gives nothing, and takes nothing.
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond)
    bucket.at = now
    buckets.delete(name)
    buckets.set(name, bucket)
    if (buckets.size > MAX_KEYS) {
      const [oldest] = buckets.keys()
      if (oldest !== undefined) buckets.delete(oldest)
    }
    return bucket
  }
  const refuse = (limit: RateLimit, bucket: Bucket): never => {
    const seconds = Math.max(1, Math.ceil((1 - bucket.left) / LIMITS[limit].perSecond))
    throw new ApiProblem(429, 'too-many', `Too many requests. Try again in ${seconds} s.`, undefined, { 'retry-after': String(seconds) })
  }
  return {
    take(limit, key) {
      const bucket = bucketOf(limit, key)
      if (bucket.left < 1) refuse(limit, bucket)
      bucket.left -= 1
    },
    ask(limit, key) {
      const bucket = bucketOf(limit, key)
      if (bucket.left < 1) refuse(limit, bucket)
    },
  }
}
