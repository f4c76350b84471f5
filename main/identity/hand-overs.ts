import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { VerifiedIdentity } from './verified-identity.ts'

const MAX_AGE_MS = 60_000
const CAPACITY = 200

interface HandOver {
  readonly who: VerifiedIdentity
  readonly challenge: string
  readonly at: number
}

/**
 * A sign-in that goes from the browser to the desktop app on the same computer. The browser gets a code that is good once, for a minute, and only together with
 * the verifier whose S256 challenge the app began with (RFC 7636 section 4.6): whoever sees the code in between can do nothing with it.
 */
export class HandOvers {
  readonly #byCode = new Map<string, HandOver>()

  /** `now`: milliseconds since the epoch. */
  begin(who: VerifiedIdentity, challenge: string, now: number): string {
    for (const [old, { at }] of this.#byCode) {
      if (at > now - MAX_AGE_MS && this.#byCode.size < CAPACITY) break
      this.#byCode.delete(old)
    }
    const code = randomBytes(32).toString('base64url')
    this.#byCode.set(code, { who, challenge, at: now })
    return code
  }

  /** Undefined when the code is unknown, used, older than a minute, or not this verifier's; it is used up in any case. */
  take(code: string, verifier: string, now: number): VerifiedIdentity | undefined {
    const found = this.#byCode.get(code)
    this.#byCode.delete(code)
    if (found === undefined || now - found.at >= MAX_AGE_MS) return undefined
    const made = createHash('sha256').update(verifier).digest()
    const asked = Buffer.from(found.challenge, 'base64url')
    return made.length === asked.length && timingSafeEqual(made, asked) ? found.who : undefined
  }
}
