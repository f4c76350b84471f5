import type { IdentityConfig } from '../config.ts'

/** Whether people of this issuer can sign in by this configuration. */
export function vouchesForPeople({ providers, saml }: IdentityConfig, issuer: string): boolean {
  return providers.some((provider) => provider.issuer === issuer) || saml.some((provider) => provider.entityId === issuer)
}
