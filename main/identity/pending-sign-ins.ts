/** A sign-in that is under way at the provider. */
export interface PendingSignIn {
  readonly provider: string
  readonly nonce: string
  readonly verifier: string
  readonly returnTo: string
  /** It must prove the person anew, not by the provider's own session. */
  readonly fresh: boolean
  /** Which browser began it: another one's answer does not count (login CSRF). */
  readonly browser: string
  readonly startedAt: number
}

const MAX_AGE_MS = 10 * 60_000
const CAPACITY = 1000

/** Sign-ins under way, by their `state`. Kept in memory: after a restart one starts again. */
export class PendingSignIns {
  readonly #byState = new Map<string, PendingSignIn>()

  add(state: string, pending: PendingSignIn): void {
    for (const [old, { startedAt }] of this.#byState) {
      if (startedAt > pending.startedAt - MAX_AGE_MS && this.#byState.size < CAPACITY) break
      this.#byState.delete(old)
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
}
