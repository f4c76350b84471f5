import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import Provider from 'oidc-provider'
import { CAST } from './cast.ts'
import { configureProvider, SIGN_IN_PATH } from './configuration.ts'
import { messagePage, signInPage } from './page.ts'
import type { DemoSecrets } from './secrets.ts'

export interface ProviderOptions {
  /** Only 127.0.0.1 is accepted. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Where the host's pages are: `http://127.0.0.1:8440`. */
  readonly webOrigin: string
}

export interface RunningProvider {
  readonly issuer: string
  stop(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const MAX_FORM_BYTES = 4096

/** The demo's OpenID provider. Throws rather than serve anything but loopback: its passwords are on a screen, and it vouches for everybody. */
export async function startProvider(secrets: DemoSecrets, options: ProviderOptions): Promise<RunningProvider> {
  if (options.host !== LOOPBACK) throw new Error(`The demo's sign-in serves ${LOOPBACK} only, not ${options.host}.`)
  if (new URL(options.webOrigin).hostname !== LOOPBACK)
    throw new Error(`The demo's sign-in sends people to ${LOOPBACK} only, not ${options.webOrigin}.`)
  const server = http.createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port: options.port, exclusive: true }, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string' || address.address !== LOOPBACK)
    throw new Error('The demo’s sign-in is not on loopback.')
  const authority = `${LOOPBACK}:${address.port}`
  const issuer = `http://${authority}`
  const provider = new Provider(issuer, configureProvider(secrets, options.webOrigin))
  const serve = provider.callback()

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const nonce = secure(response, options.webOrigin)
    if (request.headers.host !== authority || !isLoopback(request.socket.remoteAddress)) {
      return send(response, 421, messagePage('Only on this machine', `This demo answers at ${issuer} and nowhere else.`, nonce))
    }
    forgetSession(request)
    if (request.url === '/')
      return send(response, 200, messagePage('Demo company', `Sign in from Sallyport’s page: ${options.webOrigin}`, nonce))
    if (!request.url?.startsWith(SIGN_IN_PATH)) return void serve(request, response)
    signIn(provider, secrets, request, response, nonce).catch((error: unknown) => {
      const text =
        error instanceof Error && error.name === 'SessionNotFound'
          ? 'This sign-in is too old. Start again from Sallyport’s page.'
          : 'Please start again from Sallyport’s page.'
      if (!response.headersSent) send(response, 400, messagePage('That did not work', text, nonce))
      else response.end()
    })
  })
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function signIn(
  provider: Provider,
  secrets: DemoSecrets,
  request: IncomingMessage,
  response: ServerResponse,
  nonce: string,
): Promise<void> {
  const { uid, prompt, params } = await provider.interactionDetails(request, response)
  const view = { action: `${SIGN_IN_PATH}${uid}`, again: params['prompt'] === 'login' }
  if (prompt.name !== 'login') throw new Error(`unexpected prompt ${prompt.name}`)
  if (request.method !== 'POST')
    return send(response, 200, signInPage({ ...view, chosen: textOf(params['login_hint']), problem: undefined }, nonce))

  const form = await readForm(request)
  const email = form.get('email') ?? ''
  const member = CAST.find((each) => each.email === email)
  if (member === undefined || !same(form.get('password')?.trim() ?? '', secrets.passwords[member.key])) {
    await wait(400)
    const problem = 'That is not this person’s password. It stands in the terminal in which the demo runs.'
    return send(response, 401, signInPage({ ...view, chosen: email, problem }, nonce))
  }
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: member.subject, amr: ['pwd'] } },
    { mergeWithLastSubmission: false },
  )
}

/** Several people share one browser here: everyone signs in anew each time, so the provider keeps no session of its own. */
function forgetSession(request: IncomingMessage): void {
  const kept = (request.headers.cookie ?? '').split(/;\s*/).filter((cookie) => !/^_session(\.sig|\.legacy|\.legacy\.sig)?=/.test(cookie))
  if (kept.join('') === '') delete request.headers.cookie
  else request.headers.cookie = kept.join('; ')
}

function secure(response: ServerResponse, webOrigin: string): string {
  const nonce = randomBytes(16).toString('base64')
  // A form's answer redirects on to the host's page, so that is named as well.
  const forms = `form-action 'self' ${webOrigin}`
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'nonce-${nonce}'; ${forms}; base-uri 'none'; frame-ancestors 'none'`,
  )
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'no-referrer')
  response.setHeader('x-nonce', nonce)
  return nonce
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  response.end(html)
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MAX_FORM_BYTES) throw new Error('the form is too long')
    parts.push(part)
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'))
}

const isLoopback = (address: string | undefined): boolean => address === LOOPBACK || address === `::ffff:${LOOPBACK}`
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
