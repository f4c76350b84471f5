import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { askHost, type HostAddress, readText } from './ask-host.ts'

export interface SignInRequest {
  readonly provider?: string | undefined
  /** The provider asks for the password again, as a decision needs. */
  readonly fresh?: boolean
}

export interface SessionCookie {
  readonly name: string
  readonly value: string
  readonly secure: boolean
  /** Seconds from now until the host forgets it. */
  readonly maxAgeS: number
}

export interface BrowserSignIn {
  /** For the system's browser. */
  readonly url: string
  /** The session of this app's own. Rejects when it was cancelled, took more than ten minutes, or the host did not confirm it. */
  readonly cookie: Promise<SessionCookie>
  cancel(): void
}

const MAX_MS = 10 * 60_000
const BACK = '/signed-in'

/**
 * Signs in with the system's browser (RFC 8252): the provider's pages, passwords and passkeys stay there. The answer comes to a listener on 127.0.0.1 that is
 * open for this one sign-in, and helps only the process that holds the verifier (RFC 7636).
 */
export async function beginBrowserSignIn(address: HostAddress, { provider, fresh }: SignInRequest = {}): Promise<BrowserSignIn> {
  const verifier = randomBytes(32).toString('base64url')
  const state = randomBytes(32).toString('base64url')
  const server = http.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const query = new URLSearchParams({
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    port: String(port),
    state,
    ...(provider === undefined ? {} : { provider }),
    ...(fresh === true ? { fresh: '1' } : {}),
  })
  let fail: (error: Error) => void = () => undefined
  const cookie = new Promise<SessionCookie>((resolve, reject) => {
    fail = reject
    server.on('request', (request, reply) => {
      const code = codeIn(request, port, state)
      if (code === undefined) return answer(reply, 404, 'This is not the end of a sign-in.')
      answer(reply, 200, 'You are signed in to the Sallyport app. You can close this page.')
      redeem(address, code, verifier).then(resolve, reject)
    })
  })
  const timer = setTimeout(() => fail(new Error('The sign-in took too long. Begin again.')), MAX_MS)
  const done = cookie.finally(() => {
    clearTimeout(timer)
    server.close()
    server.closeIdleConnections()
  })
  // Whoever asked hears of it; a sign-in that nobody waits for any more is no fault of the program.
  done.catch(() => undefined)
  return { url: `${address.origin}/desktop/sign-in?${query}`, cookie: done, cancel: () => fail(new Error('The sign-in was begun anew.')) }
}

/** Only our own answer counts: the exact host, path and state. */
function codeIn(request: http.IncomingMessage, port: number, state: string): string | undefined {
  if (request.method !== 'GET' || request.headers.host !== `127.0.0.1:${port}`) return undefined
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
  if (url.pathname !== BACK || url.searchParams.get('state') !== state) return undefined
  return url.searchParams.get('code') ?? undefined
}

function answer(reply: http.ServerResponse, status: number, words: string): void {
  reply.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  })
  reply.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Sallyport</title><body style="font:16px/24px system-ui,sans-serif;margin:15vh auto;max-width:34rem;padding:0 24px"><h1 style="font-size:22px">Sallyport</h1><p>${words}</p></body></html>`,
  )
}

async function redeem(address: HostAddress, code: string, verifier: string): Promise<SessionCookie> {
  const { ask, close } = askHost(address)
  try {
    const reply = await ask('/auth/desktop-session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, verifier }),
    })
    await readText(reply.body, 64 * 1024)
    const cookie = reply.status === 204 ? readSetCookie(reply.headers['set-cookie']?.[0]) : undefined
    if (cookie === undefined) throw new Error('The host did not confirm the sign-in. Begin again.')
    return cookie
  } finally {
    close()
  }
}

function readSetCookie(header: string | undefined): SessionCookie | undefined {
  const found = /^((?:__Host-)?sallyport-session)=([\w-]{20,200});(.*)$/.exec(header ?? '')
  if (found === null) return undefined
  const [, name = '', value = '', rest = ''] = found
  const maxAge = /;?\s*Max-Age=(\d{1,9})/i.exec(rest)?.[1]
  return { name, value, secure: /;\s*Secure/i.test(rest), maxAgeS: maxAge === undefined ? 3600 : Number(maxAge) }
}
