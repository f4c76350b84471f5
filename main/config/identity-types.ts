import type { Secret } from './secret.ts'

/** Who people and agents are, and for how long that is believed. */
export interface IdentityConfig {
  /** OpenID Connect: people and agents. */
  readonly providers: readonly ProviderConfig[]
  /** SAML 2.0: people only. */
  readonly saml: readonly SamlProviderConfig[]
  readonly recentSignInMs: number
  readonly session: WebSessionLimits
  /** How long a database session goes on after its token's expiry; 0: it ends after the statement in flight. */
  readonly afterExpiryMs: number
}

export interface WebSessionLimits {
  readonly idleMs: number
  readonly absoluteMs: number
  /** How long a session lives without the provider's word that its person is still there, where it cannot be asked or does not answer. */
  readonly uncheckedMs: number
}

export interface ProviderConfig {
  readonly name: string
  readonly issuer: string
  /** What an agent's token must carry in `aud`. */
  readonly audience: string
  /** The client that people sign in with. */
  readonly clientId: string
  /** Undefined for a public client (PKCE alone). */
  readonly clientSecret: Secret | undefined
  readonly scopes: readonly string[]
  readonly claims: { readonly name: string; readonly groups: string }
  /** Client ids of agents, and a claim with a value that makes any token an agent's: they never hold a role. */
  readonly agents: { readonly clients: readonly string[]; readonly claim?: { readonly name: string; readonly value: string } | undefined }
  /** Which tokens are shown to the provider (RFC 7662): those that are no JWT, or all. Undefined: none. */
  readonly introspection?: { readonly tokens: 'opaque' | 'all' } | undefined
}

export interface SamlProviderConfig {
  readonly name: string
  /** The identity provider's; people's identities carry it as their issuer. */
  readonly entityId: string
  readonly entryPoint: string
  /** PEM of each signing certificate. */
  readonly certificates: readonly string[]
  /** What our side is called in assertions; undefined: the address of its metadata. */
  readonly audience: string | undefined
  /** Names of attributes. `email`: one that holds an address which the provider has verified. */
  readonly claims: { readonly name: string; readonly groups: string; readonly email?: string | undefined }
}
