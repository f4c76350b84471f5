/** Takes so many a minute from each key, a quarter of a minute's worth at once. Keys that have not been seen for a minute are forgotten. */
export class Rate {
  readonly #perMinute: () => number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()
  #sweptAt = 0

  constructor(perMinute: () => number) {
    this.#perMinute = perMinute
  }

  /** Undefined: go on. Otherwise in how many seconds one more may come. */
  take(key: string, now: number): number | undefined {
    const perMinute = this.#perMinute()
    const most = Math.max(1, perMinute / 4)
    this.#sweep(now)
    const bucket = this.#buckets.get(key) ?? { tokens: most, at: now }
    this.#buckets.set(key, bucket)
    bucket.tokens = Math.min(most, bucket.tokens + (Math.max(0, now - bucket.at) / 60_000) * perMinute)
    bucket.at = now
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1
      return undefined
    }
    return Math.max(1, Math.ceil(((1 - bucket.tokens) / perMinute) * 60))
  }

  /** Whether nothing is left, without taking any. */
  isSpent(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key)
    return bucket !== undefined && bucket.tokens + (Math.max(0, now - bucket.at) / 60_000) * this.#perMinute() < 1
  }

  #sweep(now: number): void {
    if (now - this.#sweptAt < 60_000) return
    this.#sweptAt = now
    for (const [key, { at }] of this.#buckets) if (now - at > 60_000) this.#buckets.delete(key)
  }
}
