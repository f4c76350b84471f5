/** A real OpenID provider (`oidc-provider`) on the loopback, with three people who sign in on a page and one agent with a secret. */
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import * as jose from 'jose'
import Provider, { type Configuration, errors } from 'oidc-provider'
import { freePort } from './postgres.ts'
import { AGENT_CLIENT, AUDIENCE } from './provider.ts'

export interface TestPerson {
  readonly sub: string
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
}

export const LEAD: TestPerson = { sub: 'lena', name: 'Lena Lead', email: 'lena@example.com', groups: ['leads', 'dba'] }
export const APPROVER: TestPerson = { sub: 'ada', name: 'Ada Approver', email: 'ada@example.com', groups: ['dba', 'engineering'] }
export const ENGINEER: TestPerson = { sub: 'emil', name: 'Emil Engineer', email: 'emil@example.com', groups: ['engineering'] }
const PEOPLE = [LEAD, APPROVER, ENGINEER]
const AGENT_GROUPS = ['ai-agents']
const RESOURCE = 'urn:test:sallyport'

export interface OidcServer {
  readonly issuer: string
  readonly clientId: 'sallyport-web'
  readonly clientSecret: string
  /** The agent's own, for clients that get their token by themselves. */
  readonly agentSecret: string
  /** An access token by the client-credentials grant, as an agent would get it. */
  agentToken(): Promise<string>
  stop(): Promise<void>
}

/** `callback` is the host's own: `http://127.0.0.1:PORT/auth/callback`. */
export async function startOidc(callback: string): Promise<OidcServer> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const clientSecret = randomBytes(18).toString('hex')
  const agentSecret = randomBytes(18).toString('hex')
  const provider = new Provider(issuer, await configure(callback, clientSecret, agentSecret))
  const server = await new Promise<Server>((resolve) => {
    const listening = provider.listen(port, '127.0.0.1', () => resolve(listening))
  })
  return {
    issuer,
    clientId: 'sallyport-web',
    clientSecret,
    agentSecret,
    agentToken: async () => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${AGENT_CLIENT}:${agentSecret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE }),
      })
      const answer = (await response.json()) as { access_token?: string }
      if (!answer.access_token) throw new Error(`the provider gave no token: ${JSON.stringify(answer)}`)
      return answer.access_token
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function configure(callback: string, clientSecret: string, agentSecret: string): Promise<Configuration> {
  const { privateKey } = await jose.generateKeyPair('ES256', { extractable: true })
  const key = { ...(await jose.exportJWK(privateKey)), kid: 'test', alg: 'ES256', use: 'sig' }
  return {
    jwks: { keys: [key as never] },
    cookies: { keys: [randomBytes(18).toString('hex')] },
    clients: [
      {
        client_id: 'sallyport-web',
        client_secret: clientSecret,
        redirect_uris: [callback],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        id_token_signed_response_alg: 'ES256',
      },
      {
        client_id: AGENT_CLIENT,
        client_secret: agentSecret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    findAccount: (_context, sub) => {
      const person = PEOPLE.find((each) => each.sub === sub)
      return person && { accountId: sub, claims: async () => ({ ...person, groups: [...person.groups] }) }
    },
    // Nobody is asked for consent: the client is ours.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    extraTokenClaims: () => ({ name: 'Cursor agent', groups: AGENT_GROUPS }),
    ttl: { ClientCredentials: 3600, AccessToken: 3600, IdToken: 3600, Interaction: 600, Grant: 3600, Session: 3600 },
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => {
          // MCP clients ask by the address of the host's endpoint (RFC 8707), which stands for the same.
          if (resource !== RESOURCE && !resource.endsWith('/mcp')) throw new errors.InvalidTarget()
          return { scope: '', audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: 3600, jwt: { sign: { alg: 'ES256' } } }
        },
      },
    },
  }
}
