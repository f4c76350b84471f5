import { createHash, randomBytes } from 'node:crypto'
import { AGENT_CLIENT, PERSON_CLIENT, PERSON_REDIRECT, RESOURCE } from './cast.ts'

/** An access token by the client-credentials grant, as an agent gets it (RFC 6749 section 4.4, RFC 8707). */
export async function fetchAgentToken(issuer: string, secret: string): Promise<string> {
  return tokenFrom(
    await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${AGENT_CLIENT}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: RESOURCE }),
    }),
  )
}

/** A person's own token: signs in on the provider's page as a browser would, code and PKCE. For tests and `demo:agent --auto`. */
export async function fetchPersonToken(issuer: string, email: string, password: string): Promise<string> {
  const verifier = randomBytes(32).toString('base64url')
  const start = new URL(`${issuer}/auth`)
  start.search = new URLSearchParams({
    client_id: PERSON_CLIENT,
    redirect_uri: PERSON_REDIRECT,
    response_type: 'code',
    scope: 'openid profile email',
    resource: RESOURCE,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()

  const jar = new Map<string, string>()
  let next = start
  let form: URLSearchParams | undefined
  for (let hop = 0; hop < 8; hop++) {
    const response = await fetch(next, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: form }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (name !== undefined && value !== undefined) jar.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) {
      if (form !== undefined || response.status !== 200)
        throw new Error(`The demo's sign-in answered ${response.status}: is the password right?`)
      form = new URLSearchParams({ email, password })
      continue
    }
    form = undefined
    next = new URL(location, next)
    if (next.href.startsWith(PERSON_REDIRECT)) break
  }
  const code = next.searchParams.get('code')
  if (code === null) throw new Error(`The demo's sign-in gave no code: ${next.searchParams.get('error_description') ?? next.pathname}`)
  return tokenFrom(
    await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: PERSON_CLIENT,
        redirect_uri: PERSON_REDIRECT,
        code,
        code_verifier: verifier,
        resource: RESOURCE,
      }),
    }),
  )
}

async function tokenFrom(response: Response): Promise<string> {
  const answer = (await response.json()) as { access_token?: string; error?: string; error_description?: string }
  if (answer.access_token === undefined)
    throw new Error(`The demo's sign-in gave no token: ${answer.error_description ?? answer.error ?? response.status}`)
  return answer.access_token
}
