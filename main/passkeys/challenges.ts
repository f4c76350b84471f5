import { randomBytes } from 'node:crypto'

const MAX_AGE_MS = 5 * 60_000
const CAPACITY = 5000

/** What an answer may be used for: a text that names person, act and everything that it is bound to. */
export type Purpose = string

/** Random texts that authenticators sign. Each is good once, for five minutes, for one purpose. In memory: after a restart one begins again. */
export class Challenges {
  readonly #given = new Map<string, { readonly purpose: Purpose; readonly at: number }>()

  /** Base64url. */
  make(purpose: Purpose, now: number): string {
    for (const [old, { at }] of this.#given) {
      if (at > now - MAX_AGE_MS && this.#given.size < CAPACITY) break
      this.#given.delete(old)
    }
    const challenge = randomBytes(32).toString('base64url')
    this.#given.set(challenge, { purpose, at: now })
    return challenge
  }

  /** Uses it up, whatever comes of it. */
  take(challenge: string, purpose: Purpose, now: number): boolean {
    const given = this.#given.get(challenge)
    this.#given.delete(challenge)
    return given !== undefined && given.purpose === purpose && now < given.at + MAX_AGE_MS
  }
}
