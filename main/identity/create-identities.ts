import { calculateJwkThumbprint, exportJWK } from 'jose'
import { GatewayError } from '../../proxy/errors.ts'
import type { Clock, Identities, Identity } from '../../proxy/ports.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import { type Claims, identityOf } from './claims.ts'
import { Introspector } from './introspector.ts'
import { type LogoutOrder, verifyLogoutToken } from './logout-token.ts'
import { OidcClient } from './oidc-client.ts'
import { type Fetch, ProviderKeys } from './provider-keys.ts'
import { createMemoryRevocationStore, createRevocations, type Revocations } from './revocations.ts'
import { TokenCache } from './token-cache.ts'
import { tokenRefusals } from './token-refusals.ts'
import type { VerifiedIdentity } from './verified-identity.ts'
import { isJwt, MAX_TOKEN_BYTES, type TrustedProvider, verifyToken } from './verify-token.ts'

const REMEMBERED_TOKENS = 10_000
/** How old a provider's list of keys may be for a session that is running. */
const KEYS_MAX_AGE_MS = 30_000

/** The `Identities` port, with what the API and the running sessions need besides. */
export interface TokenIdentities extends Identities {
  verify(token: string): Promise<VerifiedIdentity>
  /**
   * Why an identity that `verify` gave out counts no more: configuration, revocation, the provider's keys, introspection. Undefined while it does, and
   * while its provider cannot be asked. Never throws.
   */
  fallen(who: Identity): Promise<string | undefined>
  /** A back-channel logout token, proved. Throws `GatewayError` (`token-invalid`). */
  verifyLogout(token: string): Promise<LogoutOrder>
}

export interface IdentitiesOptions {
  readonly clock: Clock
  readonly revocations?: Revocations
  /** For tests. */
  readonly fetch?: Fetch
  readonly cooldownMs?: number
}

/** Where an identity came from, to be looked at again while its sessions run. The token itself is held only where its provider is asked about it. */
interface Origin {
  readonly claims: Claims
  readonly issuer: string
  readonly audience: unknown
  /** RFC 7638, of the key that signed it; undefined for an opaque token. */
  readonly thumbprint: string | undefined
  readonly token: string | undefined
}

interface Known extends TrustedProvider {
  /** Undefined where the provider is not asked about tokens. */
  readonly introspector: Introspector | undefined
}

/** Checks tokens against the configured providers. A token that was proved once is known again by its hash until it expires. */
export function createIdentities(config: ConfigInForce, options: IdentitiesOptions): TokenIdentities {
  const { clock, revocations = createRevocations(createMemoryRevocationStore(), clock), ...keyOptions } = options
  const trust = (before?: ReadonlyMap<string, Known>) =>
    new Map<string, Known>(
      config.current().identity.providers.map((provider) => [
        provider.issuer,
        {
          config: provider,
          keys: before?.get(provider.issuer)?.keys ?? new ProviderKeys({ issuer: provider.issuer, ...keyOptions }),
          introspector: provider.introspection === undefined ? undefined : new Introspector(provider, new OidcClient(provider)),
        },
      ]),
    )
  let providers = trust()
  let proved = new TokenCache(REMEMBERED_TOKENS)
  const origins = new WeakMap<Identity, Origin>()
  config.onChange(() => {
    providers = trust(providers)
    // What was proved to another configuration is proved again.
    proved = new TokenCache(REMEMBERED_TOKENS)
  })

  const proveJwt = async (token: string): Promise<VerifiedIdentity> => {
    const { identity, provider, claims, key } = await verifyToken(token, providers, clock.now())
    const introspector = providers.get(provider.config.issuer)?.introspector
    const asked = introspector?.provider.introspection?.tokens === 'all'
    if (asked && (await introspector?.claimsOf(token, clock.now())) === undefined) throw tokenRefusals.inactive()
    const thumbprint = await calculateJwkThumbprint(await exportJWK(key))
    origins.set(identity, { claims, issuer: identity.issuer, audience: claims['aud'], thumbprint, token: asked ? token : undefined })
    return identity
  }

  /** Nothing in it says whose it is: those who are asked about tokens are asked in turn. */
  const proveOpaque = async (token: string): Promise<VerifiedIdentity | undefined> => {
    let failure: unknown
    let somebody = false
    for (const { introspector, config: provider } of providers.values()) {
      if (introspector === undefined) continue
      somebody = true
      try {
        const claims = await introspector.claimsOf(token, clock.now())
        if (claims === undefined) continue
        const identity = identityOf(claims, provider)
        origins.set(identity, { claims, issuer: provider.issuer, audience: claims['aud'], thumbprint: undefined, token })
        return identity
      } catch (error) {
        failure ??= error
      }
    }
    if (failure !== undefined) throw failure
    if (somebody) throw tokenRefusals.inactive()
    return undefined
  }

  const passed = (who: VerifiedIdentity): VerifiedIdentity => {
    const why = revocations.why(who)
    if (why !== undefined) throw tokenRefusals.revoked(why)
    return who
  }

  return {
    async verify(token) {
      if (token.length > MAX_TOKEN_BYTES || token === '') return passed((await verifyToken(token, providers, clock.now())).identity)
      if (!isJwt(token)) {
        const opaque = await proveOpaque(token)
        if (opaque !== undefined) return passed(opaque)
      }
      const key = TokenCache.keyOf(token)
      const cache = proved
      const known = cache.find(key, clock.now())
      // A token that its provider is asked about is asked about each time; the introspector remembers the answer for a while.
      if (known !== undefined && origins.get(known)?.token === undefined) return passed(known)
      const identity = await proveJwt(token)
      cache.keep(key, identity)
      return passed(identity)
    },
    announced() {
      const [first] = config.current().identity.providers
      if (first === undefined) return undefined
      return { discovery: `${first.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, scope: first.scopes.join(' ') }
    },
    async fallen(who) {
      const origin = origins.get(who)
      if (origin === undefined) return revocations.why(who)
      const provider = providers.get(origin.issuer)
      if (provider === undefined) return 'its identity provider was taken out of the configuration'
      return revocations.why(who) ?? changed(who, origin, provider.config) ?? (await endedByProvider(who, origin, provider))
    },
    verifyLogout: (token) => verifyLogoutToken(token, providers, clock.now()),
  }

  async function endedByProvider(
    who: Identity,
    origin: Origin,
    { keys, introspector, config: provider }: Known,
  ): Promise<string | undefined> {
    if (origin.thumbprint !== undefined) {
      const published = await keys.published(KEYS_MAX_AGE_MS, clock.now())
      if (published !== undefined && !published.has(origin.thumbprint)) {
        proved = new TokenCache(REMEMBERED_TOKENS)
        return 'the key that signed its token was withdrawn by the identity provider'
      }
    }
    if (origin.token === undefined) return undefined
    if (introspector === undefined) return 'its identity provider is not asked about tokens any more'
    try {
      const claims = await introspector.claimsOf(origin.token, clock.now())
      if (claims === undefined) return 'the identity provider has ended its token'
      // A JWT carries its groups itself; what the answer repeats of them need not be complete.
      return origin.thumbprint === undefined ? difference(who, identityOf(claims, provider)) : undefined
    } catch (error) {
      return error instanceof GatewayError && error.code === 'token-invalid' ? error.message : undefined
    }
  }
}

/** What a change of the configuration makes of the same claims. */
function changed(who: Identity, origin: Origin, provider: TrustedProvider['config']): string | undefined {
  const audiences: readonly unknown[] = Array.isArray(origin.audience) ? origin.audience : [origin.audience]
  if (!audiences.includes(provider.audience)) return 'its token is not for this gateway any more (audience)'
  return difference(who, identityOf(origin.claims, provider))
}

function difference(who: Identity, now: Identity): string | undefined {
  if (now.kind !== who.kind) return `it counts as ${now.kind === 'agent' ? 'an agent' : 'a person'} now`
  const lost = who.groups.filter((group) => !now.groups.includes(group))
  return lost.length > 0 ? `it is no longer in ${lost.join(', ')}` : undefined
}
