import type { Clock, Identities } from '../../proxy/ports.ts'
import type { Config } from '../config.ts'
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
export function createIdentities(config: Config, options: IdentitiesOptions): TokenIdentities {
  const { clock, ...keyOptions } = options
  const providers = new Map<string, TrustedProvider>(
    config.identity.providers.map((provider) => [
      provider.issuer,
      { config: provider, keys: new ProviderKeys({ issuer: provider.issuer, ...keyOptions }) },
    ]),
  )
  const proved = new TokenCache(REMEMBERED_TOKENS)

  return {
    async verify(token) {
      if (token.length > MAX_TOKEN_BYTES) return verifyToken(token, providers, clock.now())
      const key = TokenCache.keyOf(token)
      const known = proved.find(key, clock.now())
      if (known !== undefined) return known
      const identity = await verifyToken(token, providers, clock.now())
      proved.keep(key, identity)
      return identity
    },
    announced() {
      const [first] = config.identity.providers
      if (first === undefined) return undefined
      return { discovery: `${first.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, scope: first.scopes.join(' ') }
    },
  }
}
