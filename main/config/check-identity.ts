import type { KeyPath } from './document.ts'
import { PROVIDER_FIELDS } from './identity-schema.ts'

type Entry = Readonly<Record<string, unknown>>
type Report = (path: KeyPath, message: string, allowed?: string) => void

const OIDC_ONLY = ['issuer', 'clientId', 'clientSecret', 'scopes', 'agents', 'introspection'] as const
const SAML_ONLY = ['entityId', 'entryPoint', 'certificate'] as const

/** What each kind of provider needs and cannot have, in the values as they stand in the file. */
export function checkIdentity(providers: readonly Entry[], fault: Report): void {
  providers.forEach((provider, i) => {
    const path: KeyPath = ['identity', 'providers', i]
    const saml = provider['kind'] === 'saml'
    for (const [field, allowed] of Object.entries(saml ? PROVIDER_FIELDS.saml : PROVIDER_FIELDS.oidc)) {
      if (provider[field] === undefined || provider[field] === null) fault([...path, field], 'is missing.', allowed)
    }
    for (const field of saml ? OIDC_ONLY : SAML_ONLY) {
      if (provider[field] === undefined) continue
      fault([...path, field], `has no meaning for a provider of the kind "${saml ? 'saml' : 'oidc'}".`, saml ? 'kind: oidc' : 'kind: saml')
    }
    const { claims } = provider
    if (!saml && claims !== null && typeof claims === 'object' && 'email' in claims) {
      fault([...path, 'claims', 'email'], 'has no meaning here: OpenID Connect has its own claim for it (email_verified).', 'name, groups')
    }
    if (provider['introspection'] !== undefined && !saml && provider['clientSecret'] === undefined) {
      fault([...path, 'introspection'], 'needs a client with a secret: providers answer nobody else.', 'clientSecret')
    }
  })
}
