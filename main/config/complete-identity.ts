import type { IdentityShape } from './identity-schema.ts'
import type { IdentityConfig, ProviderConfig, SamlProviderConfig } from './identity-types.ts'

/** @param certificates PEM of each provider's certificate file, by its place; undefined where it has none */
export function completeIdentity(shape: IdentityShape, certificates: readonly (string | undefined)[]): IdentityConfig {
  const providers: ProviderConfig[] = []
  const saml: SamlProviderConfig[] = []
  for (const [i, provider] of shape.providers.entries()) {
    const { name, claims } = provider
    if (provider.kind === 'saml') {
      const { entityId = '', entryPoint = '', audience } = provider
      saml.push({ name, entityId, entryPoint, audience, claims, certificates: splitPem(certificates[i] ?? '') })
    } else {
      // What has to be there was checked by `checkIdentity`.
      const { issuer = '', audience = '', clientId = '', clientSecret, scopes, agents, introspection } = provider
      const { email: _samlOnly, ...names } = claims
      providers.push({ name, issuer, audience, clientId, clientSecret, scopes, claims: names, agents, introspection })
    }
  }
  const { idle, absolute, unchecked } = shape.session
  return {
    providers,
    saml,
    recentSignInMs: shape.recentSignIn,
    session: { idleMs: idle, absoluteMs: absolute, uncheckedMs: unchecked },
    afterExpiryMs: shape.afterExpiry ?? 0,
  }
}

function splitPem(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
}
