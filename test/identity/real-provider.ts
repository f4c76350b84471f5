/** A real OpenID provider (oidc-provider) on loopback, with people who sign in by a form and an agent with client credentials. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

export interface RealProvider {
  readonly issuer: string
  /** An access token (JWT) by client credentials. */
  agentToken(): Promise<string>
  /** Walks the provider's pages as a browser would, from the authorisation URL to the address it sends back to. */
  walk(authorization: string, person: string, browser?: Map<string, string>): Promise<string>
  stop(): Promise<void>
}

export const WEB_SECRET = 'web-secret-0123456789'
const AGENT_SECRET = 'agent-secret-0123456789'
const AUDIENCE_URI = 'urn:sallyport:gateway'

const PEOPLE: Readonly<Record<string, { name: string; groups: string[] }>> = {
  ada: { name: 'Ada Approver', groups: ['dba'] },
  lee: { name: 'Lee Lead', groups: ['leads'] },
}

/** @param port for one that comes back where another was; its keys are the library's development keys, the same each time. */
export async function startRealProvider(redirectUri: string, port = 0): Promise<RealProvider> {
  const server = http.createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, configuration(redirectUri))
  const oidc = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(provider, request, response)
    else void oidc(request, response)
  })
  return {
    issuer,
    async agentToken() {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`cursor-agent:${AGENT_SECRET}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE_URI }),
      })
      const body = (await response.json()) as { access_token?: string }
      if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`)
      return body.access_token
    },
    walk: (authorization, person, browser = new Map()) => walk(issuer, authorization, person, browser),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function configuration(redirectUri: string): Configuration {
  return {
    clients: [
      { client_id: 'sallyport-web', client_secret: WEB_SECRET, redirect_uris: [redirectUri], grant_types: ['authorization_code'] },
      {
        client_id: 'cursor-agent',
        client_secret: AGENT_SECRET,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
    cookies: { keys: ['test-only'] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: '', audience: 'sallyport', accessTokenFormat: 'jwt', accessTokenTTL: 600 }),
      },
    },
    extraTokenClaims: (_context, token) => (token.kind === 'ClientCredentials' ? { groups: ['ai-agents', 'leads'] } : undefined),
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client!.clientId,
        accountId: context.oidc.session!.accountId!,
      })
      grant.addOIDCScope('openid profile groups')
      await grant.save()
      return grant
    },
    pkce: { required: () => true },
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600, ClientCredentials: 600 },
  }
}

/** One page: a form that asks for the name, and its answer. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
  const result = person in PEOPLE ? { login: { accountId: person } } : { error: 'access_denied', error_description: 'nobody of that name' }
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
