import { type Configuration, errors, type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import { AGENT, AGENT_CLIENT, AUDIENCE, CAST, PERSON_CLIENT, PERSON_REDIRECT, RESOURCE, TOKEN_TTL_S, WEB_CLIENT } from './cast.ts'
import { MemoryAdapter } from './memory-adapter.ts'
import { messagePage } from './page.ts'
import type { DemoSecrets } from './secrets.ts'

export const SIGN_IN_PATH = '/sign-in/'
const SCOPES = 'openid profile email'

/** @param webOrigin where the host's pages are: people come back to its `/auth/callback` */
export function configureProvider(secrets: DemoSecrets, webOrigin: string): Configuration {
  return {
    jwks: { keys: [...secrets.keys] as JWK[] },
    adapter: MemoryAdapter,
    cookies: { keys: [secrets.cookieKey] },
    clients: [
      {
        client_id: WEB_CLIENT,
        client_secret: secrets.webClientSecret,
        redirect_uris: [`${webOrigin}/auth/callback`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        require_auth_time: true,
      },
      {
        client_id: PERSON_CLIENT,
        token_endpoint_auth_method: 'none',
        redirect_uris: [PERSON_REDIRECT],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        require_auth_time: true,
      },
      {
        client_id: AGENT_CLIENT,
        client_secret: secrets.agentSecret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'], auth_time: null },
    scopes: SCOPES.split(' '),
    conformIdTokenClaims: false,
    pkce: { required: (_context, client) => client.clientId !== AGENT_CLIENT },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    responseTypes: ['code'],
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      ClientCredentials: TOKEN_TTL_S,
      IdToken: 3600,
      Interaction: 1800,
      Session: 1800,
      Grant: 86_400,
    },
    expiresWithSession: () => false,
    interactions: { url: (_context, interaction) => `${SIGN_IN_PATH}${interaction.uid}` },
    findAccount: (_context, subject) => {
      const member = CAST.find((each) => each.subject === subject)
      if (member === undefined) return undefined
      const { name, email, groups } = member
      return { accountId: subject, claims: () => ({ sub: subject, name, email, email_verified: true, groups: [...groups] }) }
    },
    // Nobody is asked for consent: the clients are the company's own.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId ?? '', accountId: oidc.session?.accountId ?? '' })
      grant.addOIDCScope(SCOPES)
      await grant.save()
      return grant
    },
    extraTokenClaims: claimsForToken,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, client, oneOf) => (client.clientId === AGENT_CLIENT ? RESOURCE : (oneOf?.[0] ?? [])),
        useGrantedResource: (_context, model) => model.clientId === PERSON_CLIENT,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== RESOURCE) throw new errors.InvalidTarget()
          return { scope: '', audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: TOKEN_TTL_S, jwt: { sign: { alg: 'ES256' } } }
        },
      },
    },
    renderError: (context, out) => {
      context.type = 'html'
      context.body = messagePage(
        'That did not work',
        String(out.error_description ?? out.error),
        String(context.res.getHeader('x-nonce') ?? ''),
      )
    },
  }
}

/** An agent's token says what it is; a person's says who, and when they signed in, as a decision over the API needs. */
function claimsForToken(
  context: KoaContextWithOIDC,
  token: { readonly kind: string; readonly accountId?: string },
): Record<string, unknown> {
  if (token.kind === 'ClientCredentials') return { name: AGENT.name, email: AGENT.email, groups: [...AGENT.groups] }
  const member = CAST.find((each) => each.subject === token.accountId)
  if (member === undefined) return {}
  const authTime = context.oidc.entities.AuthorizationCode?.authTime
  return { name: member.name, email: member.email, groups: [...member.groups], ...(authTime === undefined ? {} : { auth_time: authTime }) }
}
