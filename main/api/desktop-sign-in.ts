import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { csrfProblem, csrfToken } from '../identity/csrf.ts'
import { HandOvers } from '../identity/hand-overs.ts'
import { recentSignIn } from '../identity/recent-sign-in.ts'
import { SIGN_IN_PATH } from '../identity/sign-in.ts'
import { escapeHtml } from '../identity/sign-in-page.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { readForm, readJson } from './read-json.ts'

export const DESKTOP_SIGN_IN_PATH = '/desktop/sign-in'
export const DESKTOP_SESSION_PATH = '/auth/desktop-session'

const base64url = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const asked = z.object({
  /** BASE64URL(SHA256(verifier)). */
  challenge: base64url,
  /** Of the app's loopback listener (RFC 8252 section 7.3). */
  port: z.coerce.number().int().min(1024).max(65_535),
  /** The app knows its own sign-in by it. */
  state: base64url,
  provider: z.string().min(1).max(200).optional(),
  fresh: z.literal('1').optional(),
})
type Asked = z.output<typeof asked>
const redeemed = z.strictObject({ code: base64url, verifier: z.string().regex(/^[A-Za-z0-9_~.-]{43,128}$/) })

/**
 * The desktop app's sign-in, in the system's browser. `GET /desktop/sign-in?challenge=&port=&state=[&provider=][&fresh=1]` has the person sign in as ever,
 * asks whether the app on this computer may work as them, and sends a code to `http://127.0.0.1:PORT/signed-in`. `POST /auth/desktop-session {code,
 * verifier}` changes the code for a session of the app's own, as a cookie.
 */
export function serveDesktopSignIn(app: OpenAPIHono, { signIn, clock, log, origin, config }: ApiContext): void {
  const handOvers = new HandOvers()

  app.get(DESKTOP_SIGN_IN_PATH, (c) => {
    const query = asked.safeParse(c.req.query())
    if (!query.success) return page(400, 'This link is not complete', '<p>Begin again from the Sallyport app.</p>')
    const person = signIn.whoIs(c.req.header('cookie'))
    const old = query.data.fresh === '1' && !recentSignIn(person?.who.authTime, config.current().identity.recentSignInMs, clock.now())
    if (person === undefined || old) return goTo(`${origin()}${signInFirst(query.data, signIn.options().length)}`)
    return confirmPage(person.who.name, query.data, csrfToken(person.cookieValue))
  })

  app.post(DESKTOP_SIGN_IN_PATH, async (c) => {
    const person = signIn.whoIs(c.req.header('cookie'))
    const form = await readForm(c.req.raw)
    const query = asked.safeParse(Object.fromEntries(form))
    if (person === undefined || !query.success)
      return page(400, 'This sign-in is no longer under way', '<p>Begin again from the Sallyport app.</p>')
    const headers = new Headers(c.req.raw.headers)
    headers.set('x-sallyport-csrf', form.get('csrf') ?? '')
    const problem = csrfProblem(headers, origin(), person.cookieValue)
    if (problem !== undefined) throw new ApiProblem(403, 'other-site', `This did not come from our own page: ${problem}.`)
    const code = handOvers.begin(person.who, query.data.challenge, clock.now())
    log.info('sign-in.handed-over', { issuer: person.who.issuer, subject: person.who.subject })
    const back = new URL(`http://127.0.0.1:${query.data.port}/signed-in`)
    back.search = new URLSearchParams({ code, state: query.data.state }).toString()
    return goTo(back.href)
  })

  app.post(DESKTOP_SESSION_PATH, async (c) => {
    const body = redeemed.safeParse(await readJson(c.req.raw))
    const who = body.success ? handOvers.take(body.data.code, body.data.verifier, clock.now()) : undefined
    if (who === undefined)
      throw new ApiProblem(400, 'sign-in', 'This sign-in is no longer under way: it took too long, or was used before.')
    return new Response(null, { status: 204, headers: { 'set-cookie': signIn.handOver(who, c.req.raw), 'cache-control': 'no-store' } })
  })
}

/** With one provider straight there; with several the page asks which. Comes back to the same address either way. */
function signInFirst({ provider, fresh, ...rest }: Asked, providers: number): string {
  const kept = { ...rest, port: String(rest.port), ...(provider === undefined ? {} : { provider }) }
  const back = `${DESKTOP_SIGN_IN_PATH}?${new URLSearchParams(kept)}`
  if (provider === undefined && providers !== 1) return `/sign-in?${new URLSearchParams({ return: back })}`
  const query = new URLSearchParams({
    return: back,
    ...(provider === undefined ? {} : { provider }),
    ...(fresh === undefined ? {} : { fresh }),
  })
  return `${SIGN_IN_PATH}?${query}`
}

function goTo(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } })
}

function confirmPage(name: string, { challenge, port, state }: Asked, csrf: string): Response {
  const fields = Object.entries({ challenge, port: String(port), state, csrf })
    .map(([field, value]) => `<input type="hidden" name="${field}" value="${escapeHtml(value)}">`)
    .join('')
  const body = `<p>The Sallyport app on this computer asks to work as <b>${escapeHtml(name)}</b>. Go on only if you have just begun this in the app.</p>
<form method="post" action="${DESKTOP_SIGN_IN_PATH}">${fields}<button>Sign in to the app</button></form>`
  return page(200, 'Sign in to the app?', body, `; form-action 'self' http://127.0.0.1:${port}`)
}

function page(status: number, title: string, body: string, more = ''): Response {
  return new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${title} · Sallyport</title><style>body{font:16px/24px system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 24px}h1{font-size:22px}button{font:inherit;padding:8px 16px}</style>
<h1>${title}</h1>${body}</html>`,
    {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'${more}`,
        'referrer-policy': 'same-origin',
      },
    },
  )
}
