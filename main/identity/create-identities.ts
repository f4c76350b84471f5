import type { Clock, Identities } from '../../proxy/ports.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import { type Fetch, ProviderKeys } from './provider-keys.ts'
import { TokenCache } from './token-cache.ts'
import type { VerifiedIdentity } from './verified-identity.ts'
import { MAX_TOKEN_BYTES, type TrustedProvider, verifyToken } from './verify-token.ts'

const REMEMBERED_TOKENS = 10_000

/** The `Identities` port, with what the API needs besides. */
export interface TokenIdentities extends Identities {
  verify(token: string): Promise<VerifiedIdentity>
}

export interface IdentitiesOptions {
  readonly clock: Clock
  /** For tests. */
  readonly fetch?: Fetch
  readonly cooldownMs?: number
}

/** Checks tokens against the configured providers. A token that was proved once is known again by its hash until it expires. */
export function createIdentities(config: ConfigInForce, options: IdentitiesOptions): TokenIdentities {
  const { clock, ...keyOptions } = options
  const trust = (before?: ReadonlyMap<string, TrustedProvider>) =>
    new Map<string, TrustedProvider>(
      config
        .current()
        .identity.providers.map((provider) => [
          provider.issuer,
          { config: provider, keys: before?.get(provider.issuer)?.keys ?? new ProviderKeys({ issuer: provider.issuer, ...keyOptions }) },
        ]),
    )
  let providers = trust()
  let proved = new TokenCache(REMEMBERED_TOKENS)
  config.onChange(() => {
    providers = trust(providers)
    // What was proved to another configuration is proved again.
    proved = new TokenCache(REMEMBERED_TOKENS)
  })

  return {
    async verify(token) {
      if (token.length > MAX_TOKEN_BYTES) return verifyToken(token, providers, clock.now())
      const key = TokenCache.keyOf(token)
      const cache = proved
      const known = cache.find(key, clock.now())
      if (known !== undefined) return known
      const identity = await verifyToken(token, providers, clock.now())
      cache.keep(key, identity)
      return identity
    },
    announced() {
      const [first] = config.current().identity.providers
      if (first === undefined) return undefined
      return { discovery: `${first.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, scope: first.scopes.join(' ') }
    },
  }
}
