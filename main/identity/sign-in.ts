import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import * as client from 'openid-client'
import type { Clock, Log } from '../../proxy/ports.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import type { ProviderConfig } from '../config.ts'
import { type Claims, identityOf } from './claims.ts'
import { cookie, cookieName, readCookie } from './cookies.ts'
import { csrfProblem } from './csrf.ts'
import { OidcClient } from './oidc-client.ts'
import { type PendingSignIn, PendingSignIns } from './pending-sign-ins.ts'
import { recentSignIn } from './recent-sign-in.ts'
import { safeReturnPath } from './return-path.ts'
import { signInProblem } from './sign-in-page.ts'
import type { VerifiedIdentity } from './verified-identity.ts'
import { SESSION_MAX_MS, type WebSessions } from './web-sessions.ts'

export interface SignInOptions {
  readonly config: ConfigInForce
  readonly sessions: WebSessions
  readonly clock: Clock
  readonly log: Log
  /** Scheme, host and port as browsers see them; asked at each request, since port 0 is known only after listening. */
  readonly origin: () => string
}

export const SIGN_IN_PATH = '/auth/sign-in'
export const CALLBACK_PATH = '/auth/callback'
const PENDING_COOKIE_S = 600

/** A person's own session, as the API sees it. */
export interface SignedIn {
  readonly who: VerifiedIdentity
  /** For `csrfProblem` and `csrfToken`. */
  readonly cookieValue: string
}

/**
 * People sign in with OpenID Connect: authorisation code with PKCE (RFC 7636), state, nonce, and the issuer check of RFC 9207. Each method answers one
 * route with a web-standard Response.
 */
export class SignIn {
  readonly #options: SignInOptions
  #clients: ReadonlyMap<string, OidcClient>
  readonly #pending = new PendingSignIns()

  constructor(options: SignInOptions) {
    this.#options = options
    this.#clients = clientsOf(options.config)
    options.config.onChange((next, before) => {
      if (!isDeepStrictEqual(next.identity.providers.map(comparable), before.identity.providers.map(comparable)))
        this.#clients = clientsOf(options.config)
    })
  }

  /** For `GET /api/sign-in`: where people can sign in. */
  options(): { name: string; url: string }[] {
    return [...this.#clients.keys()].map((name) => ({ name, url: `${SIGN_IN_PATH}?provider=${encodeURIComponent(name)}` }))
  }

  /** Who this browser is signed in as, by its `Cookie` header. */
  whoIs(cookieHeader: string | null | undefined): SignedIn | undefined {
    const value = readCookie(cookieHeader, this.#sessionCookie)
    const who = value === undefined ? undefined : this.#options.sessions.find(value)
    return who === undefined ? undefined : { who, cookieValue: value! }
  }

  /**
   * `GET /auth/sign-in?provider=NAME&return=/path&fresh=1`. `provider` may be left out where there is only one. `fresh` has the provider ask for the
   * password again: what a decision needs when the sign-in is older than `recentSignIn`.
   */
  async start(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams
    const { clock, origin, config, log } = this.#options
    const returnTo = safeReturnPath(query.get('return'))
    const name = query.get('provider') ?? (this.#clients.size === 1 ? this.#clients.keys().next().value! : '')
    const oidc = this.#clients.get(name)
    if (oidc === undefined) return signInProblem(400, 'There is no such identity provider here.', '/')
    let server: client.Configuration
    try {
      server = await oidc.configuration(clock.now())
    } catch (error) {
      log.warn('sign-in.provider-unavailable', { provider: name, why: messageOf(error) })
      return signInProblem(
        502,
        `The identity provider “${name}” cannot be reached just now.`,
        `${SIGN_IN_PATH}?provider=${encodeURIComponent(name)}`,
      )
    }
    const fresh = query.get('fresh') === '1'
    const state = client.randomState()
    const nonce = client.randomNonce()
    const verifier = client.randomPKCECodeVerifier()
    const browser = readCookie(request.headers.get('cookie'), this.#pendingCookie) ?? randomBytes(24).toString('base64url')
    this.#pending.add(state, { provider: name, nonce, verifier, returnTo, fresh, browser, startedAt: clock.now() })
    const url = client.buildAuthorizationUrl(server, {
      redirect_uri: `${origin()}${CALLBACK_PATH}`,
      response_type: 'code',
      scope: oidc.provider.scopes.join(' '),
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      // Asking for an age at all makes `auth_time` part of the answer (OpenID Connect Core 1.0 section 2).
      max_age: String(Math.floor((fresh ? config.current().identity.recentSignInMs : SESSION_MAX_MS) / 1000)),
      ...(fresh ? { prompt: 'login' } : {}),
    })
    return redirect(url.href, [cookie(this.#pendingCookie, browser, { secure: this.#secure, maxAgeS: PENDING_COOKIE_S })])
  }

  /** `GET /auth/callback`: the provider's answer. On success the browser gets a new session and goes where it wanted to. */
  async callback(request: Request): Promise<Response> {
    const { clock, sessions, log } = this.#options
    const url = new URL(request.url)
    const cookies = request.headers.get('cookie')
    const pending = this.#pending.take(url.searchParams.get('state') ?? '', readCookie(cookies, this.#pendingCookie), clock.now())
    if (pending === undefined) {
      return signInProblem(
        400,
        'This sign-in is no longer under way: it took too long, was used before, or was begun in another browser.',
        SIGN_IN_PATH,
      )
    }
    const again = `${SIGN_IN_PATH}?${new URLSearchParams({ provider: pending.provider, return: pending.returnTo, ...(pending.fresh ? { fresh: '1' } : {}) })}`
    let who: VerifiedIdentity
    try {
      who = await this.#prove(url, pending)
    } catch (error) {
      log.warn('sign-in.failed', { provider: pending.provider, why: messageOf(error) })
      return signInProblem(400, `The identity provider “${pending.provider}” did not confirm the sign-in: ${reasonFor(error)}`, again)
    }
    if (who.kind === 'agent') return signInProblem(403, 'This identity is an agent’s. Only people can sign in here.', again)
    if (pending.fresh && !recentSignIn(who.authTime, this.#options.config.current().identity.recentSignInMs, clock.now())) {
      return signInProblem(403, 'The identity provider did not say that you have just proved who you are, which a decision needs.', again)
    }
    const before = readCookie(cookies, this.#sessionCookie)
    if (before !== undefined) sessions.end(before)
    const value = sessions.begin(who)
    log.info('sign-in.done', { issuer: who.issuer, subject: who.subject })
    return redirect(pending.returnTo, [cookie(this.#sessionCookie, value, { secure: this.#secure, maxAgeS: SESSION_MAX_MS / 1000 })])
  }

  /** A session of its own for a person's desktop app, which they have just let in: the `Set-Cookie` value. The browser's session stays as it is. */
  handOver(who: VerifiedIdentity): string {
    const value = this.#options.sessions.begin(who)
    return cookie(this.#sessionCookie, value, { secure: this.#secure, maxAgeS: SESSION_MAX_MS / 1000 })
  }

  /** `POST /auth/sign-out`, with the same proof as every other write. The session at the provider is not touched. */
  signOut(request: Request): Response {
    const value = readCookie(request.headers.get('cookie'), this.#sessionCookie)
    if (value !== undefined) {
      const problem = csrfProblem(request.headers, this.#options.origin(), value)
      if (problem !== undefined)
        return Response.json({ type: 'about:blank', title: 'Refused', status: 403, detail: problem }, { status: 403 })
      this.#options.sessions.end(value)
    }
    const gone = cookie(this.#sessionCookie, '', { secure: this.#secure, maxAgeS: 0 })
    return new Response(null, { status: 204, headers: { 'set-cookie': gone, 'cache-control': 'no-store' } })
  }

  async #prove(url: URL, pending: PendingSignIn): Promise<VerifiedIdentity> {
    const { clock, origin } = this.#options
    const oidc = this.#clients.get(pending.provider)
    if (oidc === undefined) throw new Error('the provider was taken out of the configuration meanwhile')
    const server = await oidc.configuration(clock.now())
    const current = new URL(`${origin()}${CALLBACK_PATH}${url.search}`)
    const tokens = await client.authorizationCodeGrant(server, current, {
      pkceCodeVerifier: pending.verifier,
      expectedState: url.searchParams.get('state')!,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    })
    const idToken = tokens.claims()!
    let claims: Claims = idToken
    if (server.serverMetadata().userinfo_endpoint !== undefined && !claimsComplete(claims, oidc)) {
      const info = await client.fetchUserInfo(server, tokens.access_token, idToken.sub)
      claims = { ...info, ...idToken }
    }
    // An ID token's `azp` is our own client, not the program that holds an access token.
    const { azp: _ours, client_id: _alsoOurs, ...person } = claims
    return identityOf(person, oidc.provider)
  }

  get #secure(): boolean {
    return this.#options.origin().startsWith('https:')
  }

  get #sessionCookie(): string {
    return cookieName('sallyport-session', this.#secure)
  }

  get #pendingCookie(): string {
    return cookieName('sallyport-sign-in', this.#secure)
  }
}

const clientsOf = (config: ConfigInForce): ReadonlyMap<string, OidcClient> =>
  new Map(config.current().identity.providers.map((provider) => [provider.name, new OidcClient(provider)]))

const comparable = ({ clientSecret, ...provider }: ProviderConfig) => ({ ...provider, clientSecret: clientSecret?.reveal() })

/** Many providers give groups and names only at the userinfo endpoint. */
function claimsComplete(claims: Claims, { provider }: OidcClient): boolean {
  const present = (claim: string) => Object.hasOwn(claims, claim) || Object.hasOwn(claims, claim.split('.')[0]!)
  return present(provider.claims.groups) && present(provider.claims.name)
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  for (const value of cookies) headers.append('set-cookie', value)
  return new Response(null, { status: 303, headers })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** For the person: the provider's own error code where there is one (RFC 6749 section 4.1.2.1), never what it sent beside. */
function reasonFor(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError && /^[a-z_]{1,40}$/.test(error.error)) return `${error.error}.`
  return 'its answer could not be accepted. The host’s log says why.'
}
