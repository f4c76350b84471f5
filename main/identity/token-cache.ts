import { createHash } from 'node:crypto'
import type { VerifiedIdentity } from './verified-identity.ts'

/** Tokens that were proved, by their SHA-256, each only until it expires. The least recently used go first. */
export class TokenCache {
  readonly #entries = new Map<string, VerifiedIdentity>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  static keyOf(token: string): string {
    return createHash('sha256').update(token).digest('base64')
  }

  find(key: string, now: number): VerifiedIdentity | undefined {
    const identity = this.#entries.get(key)
    if (identity === undefined) return undefined
    this.#entries.delete(key)
    if (identity.expiresAt <= now) return undefined
    this.#entries.set(key, identity)
    return identity
  }

  keep(key: string, identity: VerifiedIdentity): void {
    this.#entries.delete(key)
    this.#entries.set(key, identity)
    if (this.#entries.size > this.#capacity) this.#entries.delete(this.#entries.keys().next().value!)
  }

  get size(): number {
    return this.#entries.size
  }
}
