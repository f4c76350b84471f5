/** A real OpenID provider (oidc-provider) on loopback, with people who sign in by a form and an agent with client credentials. */
import { createHash, randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

export interface RealProvider {
  readonly issuer: string
  /** An access token (JWT) by client credentials. */
  agentToken(): Promise<string>
  /** Walks the provider's pages as a browser would, from the authorisation URL to the address it sends back to. */
  walk(authorization: string, person: string, browser?: Map<string, string>): Promise<string>
  /** An opaque access token of the same agent, which only the provider can read. */
  opaqueToken(): Promise<string>
  /** A person's own access token (JWT) in the hands of the client `claude-code`. */
  delegatedToken(person: string): Promise<string>
  /** Ends a token of this agent at the provider (RFC 7009). */
  revoke(token: string): Promise<void>
  /** Has the provider tell its clients that a person has signed out (back-channel logout). */
  logOut(person: string, sid: string): Promise<void>
  /** Who is there. Take somebody out, or change their groups, and the provider knows it at once. */
  readonly people: Map<string, RealPerson>
  stop(): Promise<void>
}

export const WEB_SECRET = 'web-secret-0123456789'
const AGENT_SECRET = 'agent-secret-0123456789'
const AUDIENCE_URI = 'urn:sallyport:gateway'

const OPAQUE_URI = 'urn:sallyport:opaque'
const DELEGATED_REDIRECT = 'http://127.0.0.1:8443/delegated'

export interface RealPerson {
  readonly name: string
  readonly groups: readonly string[]
  readonly email: string
  readonly email_verified: boolean
}

const everyone = (): Map<string, RealPerson> =>
  new Map([
    ['ada', { name: 'Ada Approver', groups: ['dba'], email: 'Ada@Corp.example', email_verified: true }],
    ['lee', { name: 'Lee Lead', groups: ['leads'], email: 'lee@corp.example', email_verified: false }],
    ['emil', { name: 'Emil Engineer', groups: ['engineering', 'ai-agents'], email: 'emil@corp.example', email_verified: true }],
  ])

/** @param port for one that comes back where another was; its keys are the library's development keys, the same each time. */
export async function startRealProvider(redirectUri: string, port = 0, logoutUri?: string): Promise<RealProvider> {
  const server = http.createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = everyone()
  const provider = new Provider(issuer, configuration(redirectUri, people, logoutUri))
  const oidc = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(provider, people, request, response)
    else void oidc(request, response)
  })
  const basic = (client: string) => ({ authorization: `Basic ${Buffer.from(`${client}:${AGENT_SECRET}`).toString('base64')}` })
  const token = async (grant: Record<string, string>, client: string): Promise<string> => {
    const response = await fetch(`${issuer}/token`, { method: 'POST', headers: basic(client), body: new URLSearchParams(grant) })
    const body = (await response.json()) as { access_token?: string }
    if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`)
    return body.access_token
  }
  return {
    issuer,
    people,
    agentToken: () => token({ grant_type: 'client_credentials', resource: AUDIENCE_URI }, 'cursor-agent'),
    opaqueToken: () => token({ grant_type: 'client_credentials', resource: OPAQUE_URI }, 'cursor-agent'),
    async delegatedToken(person) {
      const verifier = randomBytes(32).toString('base64url')
      const authorization = new URL(`${issuer}/auth`)
      authorization.search = new URLSearchParams({
        client_id: 'claude-code',
        redirect_uri: DELEGATED_REDIRECT,
        response_type: 'code',
        scope: 'openid profile groups',
        resource: AUDIENCE_URI,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      }).toString()
      const code = new URL(await walk(issuer, authorization.href, person, new Map())).searchParams.get('code') ?? ''
      const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: DELEGATED_REDIRECT }
      return token({ ...grant, resource: AUDIENCE_URI }, 'claude-code')
    },
    async revoke(held) {
      await fetch(`${issuer}/token/revocation`, {
        method: 'POST',
        headers: basic('cursor-agent'),
        body: new URLSearchParams({ token: held }),
      })
    },
    async logOut(person, sid) {
      const web = (await provider.Client.find('sallyport-web')) as unknown as { backchannelLogout(sub: string, sid: string): Promise<void> }
      await web.backchannelLogout(person, sid)
    },
    walk: (authorization, person, browser = new Map()) => walk(issuer, authorization, person, browser),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function configuration(redirectUri: string, people: ReadonlyMap<string, RealPerson>, logoutUri: string | undefined): Configuration {
  return {
    clients: [
      {
        client_id: 'sallyport-web',
        client_secret: WEB_SECRET,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        ...(logoutUri === undefined ? {} : { backchannel_logout_uri: logoutUri, backchannel_logout_session_required: true }),
      },
      { client_id: 'claude-code', client_secret: AGENT_SECRET, redirect_uris: [DELEGATED_REDIRECT], grant_types: ['authorization_code'] },
      {
        client_id: 'cursor-agent',
        client_secret: AGENT_SECRET,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    scopes: ['openid', 'profile', 'groups', 'email'],
    claims: { openid: ['sub', 'sid'], profile: ['name'], groups: ['groups'], email: ['email', 'email_verified'] },
    issueRefreshToken: async (_context, client) => client.clientId === 'sallyport-web',
    cookies: { keys: ['test-only'] },
    // Its own refuses the loopback.
    fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined } as RequestInit),
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async () => true },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          scope: '',
          audience: 'sallyport',
          accessTokenFormat: resource === OPAQUE_URI ? 'opaque' : 'jwt',
          accessTokenTTL: 600,
        }),
      },
    },
    extraTokenClaims: (_context, token) => {
      if (token.kind === 'ClientCredentials') return { groups: ['ai-agents', 'leads'] }
      const person = people.get('accountId' in token ? (token.accountId ?? '') : '')
      return person === undefined
        ? undefined
        : { name: person.name, groups: person.groups, email: person.email, email_verified: person.email_verified }
    },
    findAccount: (_context, id) => {
      const person = people.get(id)
      return person && { accountId: id, claims: () => ({ sub: id, ...person }) }
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client!.clientId,
        accountId: context.oidc.session!.accountId!,
      })
      grant.addOIDCScope('openid profile groups email')
      grant.addResourceScope(AUDIENCE_URI, '')
      await grant.save()
      return grant
    },
    pkce: { required: () => true },
    ttl: { Session: 3600, RefreshToken: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600, ClientCredentials: 600 },
  }
}

/** One page: a form that asks for the name, and its answer. */
async function interact(
  provider: Provider,
  people: ReadonlyMap<string, RealPerson>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt } = await provider.interactionDetails(request, response)
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html')
    response.end(
      `<form method="post" action="${request.url}" data-prompt="${prompt.name}"><input name="person"><button>Sign in</button></form>`,
    )
    return
  }
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const person = new URLSearchParams(body).get('person') ?? ''
  const result = people.has(person)
    ? { login: { accountId: person } }
    : { error: 'access_denied', error_description: 'nobody of that name' }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
}

async function walk(issuer: string, from: string, person: string, browser: Map<string, string>): Promise<string> {
  let url = from
  let form: URLSearchParams | undefined
  for (let step = 0; step < 12; step++) {
    if (!url.startsWith(issuer)) return url
    const response: Response = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...browser].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: form }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      browser.set(name!, value!)
    }
    form = undefined
    const location = response.headers.get('location')
    if (location !== null) url = new URL(location, url).href
    else {
      const action = /action="([^"]+)"/.exec(await response.text())?.[1]
      if (action === undefined) throw new Error(`the provider stopped at ${url} with ${response.status}`)
      url = new URL(action, url).href
      form = new URLSearchParams({ person })
    }
  }
  throw new Error('the provider goes round in circles')
}
