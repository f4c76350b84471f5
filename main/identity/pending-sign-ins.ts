/** A sign-in that is under way at the provider. */
export interface PendingSignIn {
  readonly provider: string
  readonly nonce: string
  readonly verifier: string
  /** Of the SAML request; empty with OpenID Connect. */
  readonly requestId: string
  readonly returnTo: string
  /** It must prove the person anew, not by the provider's own session. */
  readonly fresh: boolean
  /** Which browser began it: another one's answer does not count (login CSRF). */
  readonly browser: string
  readonly startedAt: number
}

const MAX_AGE_MS = 10 * 60_000
const CAPACITY = 1000
/** A SAML response, base64. */
const MAX_RESPONSE = 256 * 1024
/** Responses that wait for their browser, which comes at once. */
const PARKED = 100

/** Sign-ins under way, by their `state`. Kept in memory: after a restart one starts again. */
export class PendingSignIns {
  readonly #byState = new Map<string, PendingSignIn>()
  readonly #responses = new Map<string, string>()

  add(state: string, pending: PendingSignIn): void {
    for (const [old, { startedAt }] of this.#byState) {
      if (startedAt > pending.startedAt - MAX_AGE_MS && this.#byState.size < CAPACITY) break
      this.#forget(old)
    }
    this.#byState.set(state, pending)
  }

  /** Each can be taken once, within ten minutes, by the browser that began it. */
  take(state: string, browser: string | undefined, now: number): PendingSignIn | undefined {
    const pending = this.#byState.get(state)
    if (pending === undefined || pending.browser !== browser) return undefined
    this.#byState.delete(state)
    return now - pending.startedAt < MAX_AGE_MS ? pending : undefined
  }

  /**
   * Puts a SAML response by, until the browser comes back for it with its cookie: cookies do not come along with another site's POST. False when no
   * sign-in of that state is under way, or it has its response already.
   */
  park(state: string, response: string): boolean {
    if (!this.#byState.has(state) || this.#responses.has(state) || response.length > MAX_RESPONSE) return false
    const [oldest] = this.#responses.keys()
    if (oldest !== undefined && this.#responses.size >= PARKED) this.#responses.delete(oldest)
    this.#responses.set(state, response)
    return true
  }

  /** What was put by for this state; once. */
  parked(state: string): string | undefined {
    const response = this.#responses.get(state)
    this.#responses.delete(state)
    return response
  }

  #forget(state: string): void {
    this.#byState.delete(state)
    this.#responses.delete(state)
  }
}
