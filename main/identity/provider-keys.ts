import { calculateJwkThumbprint, createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose'
import { isLoopback } from '../config/units.ts'

export type Fetch = (
  url: string,
  init: { signal: AbortSignal; redirect: 'manual' | 'error'; headers: Headers; method: 'GET' },
) => Promise<Response>

export interface ProviderKeysOptions {
  readonly issuer: string
  /** After a fetch, how long an unknown key does not cause another one, in ms. Keeps made-up key ids from hammering the provider. */
  readonly cooldownMs?: number
  readonly fetch?: Fetch
}

const TIMEOUT_MS = 5000
const COOLDOWN_MS = 2000
/** Keys are fetched anew after this, so that one that the provider withdrew stops counting. */
const KEYS_MAX_AGE_MS = 10 * 60_000

const plainFetch: Fetch = (url, init) => fetch(url, init)

/** One provider's keys, found by discovery (OpenID Connect Discovery 1.0 section 4) when first needed. A failure is not kept: the next call tries again. */
export class ProviderKeys {
  readonly #options: ProviderKeysOptions
  #keys: Promise<RemoteJWKSet> | undefined
  #confirmed: { readonly at: number; readonly thumbprints: Promise<ReadonlySet<string>> } | undefined

  constructor(options: ProviderKeysOptions) {
    this.#options = options
  }

  /** Throws whatever went wrong when the provider cannot be asked. */
  async resolver(): Promise<RemoteJWKSet> {
    this.#keys ??= this.#discover()
    const discovering = this.#keys
    try {
      return await discovering
    } catch (error) {
      if (this.#keys === discovering) this.#keys = undefined
      throw error
    }
  }

  /**
   * SHA-256 thumbprints (RFC 7638) of the keys that the provider publishes, fetched anew when they are older than `maxAgeMs`. Undefined when it cannot
   * be asked: that says nothing of its keys.
   */
  async published(maxAgeMs: number, now: number): Promise<ReadonlySet<string> | undefined> {
    if (this.#confirmed === undefined || now - this.#confirmed.at >= maxAgeMs)
      this.#confirmed = { at: now, thumbprints: this.#fetchThumbprints() }
    const asked = this.#confirmed
    try {
      return await asked.thumbprints
    } catch {
      if (this.#confirmed === asked) this.#confirmed = undefined
      return undefined
    }
  }

  async #fetchThumbprints(): Promise<ReadonlySet<string>> {
    const keys = await this.resolver()
    await keys.reload()
    return new Set(await Promise.all((keys.jwks()?.keys ?? []).map((key) => calculateJwkThumbprint(key))))
  }

  async #discover(): Promise<RemoteJWKSet> {
    const { issuer, cooldownMs = COOLDOWN_MS, fetch = plainFetch } = this.#options
    const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      method: 'GET',
      headers: new Headers({ accept: 'application/json' }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status !== 200) throw new Error(`discovery answered ${response.status}`)
    const metadata = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown }
    if (metadata.issuer !== issuer) throw new Error('discovery names another issuer than the configuration')
    const url = typeof metadata.jwks_uri === 'string' && URL.canParse(metadata.jwks_uri) ? new URL(metadata.jwks_uri) : undefined
    if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))) {
      throw new Error('discovery gives no https address for the keys')
    }
    return createRemoteJWKSet(url, {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: cooldownMs,
      cacheMaxAge: KEYS_MAX_AGE_MS,
      [customFetch]: (address, init) => fetch(address, init),
    })
  }
}
