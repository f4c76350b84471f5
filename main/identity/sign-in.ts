import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import * as client from 'openid-client'
import type { Clock, Log } from '../../proxy/ports.ts'
import type { Audit } from '../audit/audit.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import type { Config, ProviderConfig } from '../config.ts'
import { cookie, cookieName, readCookie } from './cookies.ts'
import { csrfProblem } from './csrf.ts'
import { OidcClient } from './oidc-client.ts'
import { beginOidc, type ProvedSignIn, proveOidc, reasonFor } from './oidc-sign-in.ts'
import { type PendingSignIn, PendingSignIns } from './pending-sign-ins.ts'
import { recentSignIn } from './recent-sign-in.ts'
import { safeReturnPath } from './return-path.ts'
import type { Revocations } from './revocations.ts'
import { rolesOf } from './roles.ts'
import { SamlClient, type ServiceAddresses } from './saml-client.ts'
import type { SetUp } from './set-up.ts'
import { signInProblem } from './sign-in-page.ts'
import type { VerifiedIdentity } from './verified-identity.ts'
import type { WebSessions } from './web-sessions.ts'

export interface SignInOptions {
  readonly config: ConfigInForce
  readonly sessions: WebSessions
  readonly setUp: SetUp
  readonly revocations: Pick<Revocations, 'revoke'>
  readonly audit: Audit
  readonly clock: Clock
  readonly log: Log
  /** Scheme, host and port as browsers see them; asked at each request, since port 0 is known only after listening. */
  readonly origin: () => string
  /** Where a request came from, for the audit. */
  readonly addressOf: (request: Request) => string
}

export const SIGN_IN_PATH = '/auth/sign-in'
export const CALLBACK_PATH = '/auth/callback'
export const SAML_PATH = '/auth/saml'
export const SAML_DONE_PATH = '/auth/saml-done'
const PENDING_COOKIE_S = 600

/** A person's own session, as the API sees it. */
export interface SignedIn {
  readonly who: VerifiedIdentity
  /** For `csrfProblem` and `csrfToken`. */
  readonly cookieValue: string
}

type Client = OidcClient | SamlClient

/**
 * People sign in with OpenID Connect (authorisation code with PKCE, state, nonce, the issuer check of RFC 9207), with SAML 2.0, or before there is an
 * admin with the set-up code. Each method answers one route with a web-standard Response.
 */
export class SignIn {
  readonly #options: SignInOptions
  #clients: ReadonlyMap<string, Client>
  readonly #pending = new PendingSignIns()

  constructor(options: SignInOptions) {
    this.#options = options
    this.#clients = this.#makeClients()
    options.config.onChange((next, before) => {
      if (!isDeepStrictEqual(comparable(next), comparable(before))) this.#clients = this.#makeClients()
    })
  }

  /** For `GET /api/sign-in`: where people can sign in. */
  options(): { name: string; url: string; kind: 'oidc' | 'saml' }[] {
    return [...this.#clients].map(([name, { provider }]) => ({
      name,
      url: `${SIGN_IN_PATH}?provider=${encodeURIComponent(name)}`,
      kind: 'entityId' in provider ? 'saml' : 'oidc',
    }))
  }

  /** The OpenID Connect client of an issuer. */
  clientOf(issuer: string): OidcClient | undefined {
    return [...this.#clients.values()].find((one): one is OidcClient => one instanceof OidcClient && one.provider.issuer === issuer)
  }

  /** Who this browser is signed in as, by its `Cookie` header. */
  whoIs(cookieHeader: string | null | undefined): SignedIn | undefined {
    const value = readCookie(cookieHeader, this.#sessionCookie)
    const who = value === undefined ? undefined : this.#options.sessions.find(value)
    return who === undefined || value === undefined ? undefined : { who, cookieValue: value }
  }

  /**
   * `GET /auth/sign-in?provider=NAME&return=/path&fresh=1`. `provider` may be left out where there is only one. `fresh` has the provider ask for the
   * password again: what a decision needs when the sign-in is older than `recentSignIn`.
   */
  async start(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams
    const { clock, log } = this.#options
    const name = query.get('provider') ?? (this.#clients.size === 1 ? (this.#clients.keys().next().value ?? '') : '')
    const provider = this.#clients.get(name)
    if (provider === undefined) return signInProblem(400, 'There is no such identity provider here.', '/')
    const state = client.randomState()
    const browser = readCookie(request.headers.get('cookie'), this.#pendingCookie) ?? randomBytes(24).toString('base64url')
    const pending = {
      provider: name,
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      returnTo: safeReturnPath(query.get('return')),
      fresh: query.get('fresh') === '1',
      browser,
      startedAt: clock.now(),
    }
    try {
      const begun = await this.#begin(provider, state, pending)
      this.#pending.add(state, { ...pending, requestId: begun.requestId })
      return redirect(begun.url, [cookie(this.#pendingCookie, browser, { secure: this.#secure, maxAgeS: PENDING_COOKIE_S })])
    } catch (error) {
      log.warn('sign-in.provider-unavailable', { provider: name, why: messageOf(error) })
      const again = `${SIGN_IN_PATH}?provider=${encodeURIComponent(name)}`
      return signInProblem(502, `The identity provider “${name}” cannot be reached just now.`, again)
    }
  }

  /** `GET /auth/callback`: an OpenID provider's answer. On success the browser gets a new session and goes where it wanted to. */
  callback(request: Request): Promise<Response> {
    const url = new URL(request.url)
    return this.#finish(request, url.searchParams.get('state') ?? '', (provider, pending) => {
      if (!(provider instanceof OidcClient)) throw new Error('the answer came by another way than this provider’s')
      const current = new URL(`${this.#options.origin()}${CALLBACK_PATH}${url.search}`)
      return proveOidc(provider, current, pending, this.#options.clock.now())
    })
  }

  /**
   * `POST /auth/saml`: a SAML provider's answer. It comes from another site's page, without our cookies, so it is put by and the browser sent on to
   * `GET /auth/saml-done`, where they are.
   */
  samlAnswer(form: URLSearchParams): Response {
    const state = form.get('RelayState') ?? ''
    if (!this.#pending.park(state, form.get('SAMLResponse') ?? '')) return this.#notUnderWay()
    return redirect(`${SAML_DONE_PATH}?${new URLSearchParams({ state })}`, [])
  }

  samlDone(request: Request): Promise<Response> {
    const state = new URL(request.url).searchParams.get('state') ?? ''
    const response = this.#pending.parked(state)
    return this.#finish(request, state, async (provider, pending) => {
      if (!(provider instanceof SamlClient) || response === undefined)
        throw new Error('the answer came by another way than this provider’s')
      return { who: await provider.prove(response, pending.requestId, this.#options.clock.now()), word: {} }
    })
  }

  /** What a SAML provider has to know of us, as XML; undefined when there is no such provider. */
  samlMetadata(name: string): string | undefined {
    const provider = this.#clients.get(name)
    return provider instanceof SamlClient ? provider.metadata() : undefined
  }

  /** The `Set-Cookie` value of a set-up session, or undefined when the code is wrong or none is out. */
  setUp(code: string, request: Request): { readonly who: VerifiedIdentity; readonly cookie: string } | undefined {
    const { setUp, sessions, audit } = this.#options
    // Without a code there is nothing to guess, and nothing to record.
    if (!setUp.open) return undefined
    const who = setUp.redeem(code)
    const address = this.#options.addressOf(request)
    audit.record({ who, address }, 'set-up-code-used', {}, who === undefined ? 'refused' : 'done')
    return who === undefined ? undefined : { who, cookie: this.#sessionCookieOf(sessions.begin(who, {})) }
  }

  /** Whether the set-up code can be used. */
  get setUpOpen(): boolean {
    return this.#options.setUp.open
  }

  /** A session of its own for a person's desktop app, which they have just let in: the `Set-Cookie` value. The browser's session stays as it is. */
  handOver(who: VerifiedIdentity, request: Request): string {
    const { audit, addressOf, config } = this.#options
    audit.record({ who, address: addressOf(request) }, 'sign-in', { with: 'desktop app' })
    // It ends when the one that it was handed on from would have.
    const begun = who.expiresAt - config.current().identity.session.absoluteMs
    return this.#sessionCookieOf(this.#options.sessions.begin(who, undefined, begun))
  }

  /** `POST /auth/sign-out`, with the same proof as every other write. The session at the provider is not touched. */
  signOut(request: Request): Response {
    const signedIn = this.whoIs(request.headers.get('cookie'))
    if (signedIn !== undefined) {
      const { origin, sessions, audit, addressOf } = this.#options
      const problem = csrfProblem(request.headers, origin(), signedIn.cookieValue)
      if (problem !== undefined)
        return Response.json({ type: 'about:blank', title: 'Refused', status: 403, detail: problem }, { status: 403 })
      sessions.end(signedIn.cookieValue)
      audit.record({ who: signedIn.who, address: addressOf(request) }, 'sign-out')
    }
    const gone = cookie(this.#sessionCookie, '', { secure: this.#secure, maxAgeS: 0 })
    return new Response(null, { status: 204, headers: { 'set-cookie': gone, 'cache-control': 'no-store' } })
  }

  async #begin(provider: Client, state: string, pending: Omit<PendingSignIn, 'requestId'>): Promise<{ requestId: string; url: string }> {
    const { clock, config, origin } = this.#options
    if (provider instanceof SamlClient) return provider.begin(state, pending.fresh)
    const { recentSignInMs, session } = config.current().identity
    const { nonce, verifier, fresh } = pending
    const maxAgeMs = fresh ? recentSignInMs : session.absoluteMs
    const request = { redirectUri: `${origin()}${CALLBACK_PATH}`, state, nonce, verifier, fresh, maxAgeMs }
    return { requestId: '', url: await beginOidc(provider, request, clock.now()) }
  }

  async #finish(
    request: Request,
    state: string,
    prove: (provider: Client, pending: PendingSignIn) => Promise<ProvedSignIn>,
  ): Promise<Response> {
    const { clock, log, audit, addressOf } = this.#options
    const cookies = request.headers.get('cookie')
    const pending = this.#pending.take(state, readCookie(cookies, this.#pendingCookie), clock.now())
    if (pending === undefined) return this.#notUnderWay()
    const { provider: name, returnTo, fresh } = pending
    const again = `${SIGN_IN_PATH}?${new URLSearchParams({ provider: name, return: returnTo, ...(fresh ? { fresh: '1' } : {}) })}`
    const refuse = (status: number, why: string, who?: VerifiedIdentity): Response => {
      audit.record({ who, address: addressOf(request) }, 'sign-in-refused', { provider: name, why }, 'refused')
      return signInProblem(status, why, again)
    }
    let proved: ProvedSignIn
    try {
      const provider = this.#clients.get(name)
      if (provider === undefined) throw new Error('the provider was taken out of the configuration meanwhile')
      proved = await prove(provider, pending)
    } catch (error) {
      log.warn('sign-in.failed', { provider: name, why: messageOf(error) })
      return refuse(400, `The identity provider “${name}” did not confirm the sign-in: ${reasonFor(error)}`)
    }
    const { who } = proved
    if (who.kind === 'agent') return refuse(403, 'This identity is an agent’s. Only people can sign in here.', who)
    if (fresh && !recentSignIn(who.authTime, this.#options.config.current().identity.recentSignInMs, clock.now())) {
      return refuse(403, 'The identity provider did not say that you have just proved who you are, which a decision needs.', who)
    }
    return this.#admit(request, proved, name, returnTo)
  }

  #admit(request: Request, { who, word }: ProvedSignIn, provider: string, returnTo: string): Response {
    const { sessions, log, audit, config, setUp, revocations, addressOf } = this.#options
    audit.record({ who, address: addressOf(request) }, 'sign-in', { provider })
    const before = readCookie(request.headers.get('cookie'), this.#sessionCookie)
    if (before !== undefined) sessions.end(before)
    const lost = sessions.groupsOf(who)?.filter((group) => !who.groups.includes(group)) ?? []
    if (lost.length > 0) revocations.revoke(who, lost)
    const value = sessions.begin(who, word)
    log.info('sign-in.done', { issuer: who.issuer, subject: who.subject })
    if (rolesOf(who, config.current().roles).includes('admin')) setUp.finish()
    return redirect(returnTo, [this.#sessionCookieOf(value)])
  }

  #notUnderWay(): Response {
    const text = 'This sign-in is no longer under way: it took too long, was used before, or was begun in another browser.'
    return signInProblem(400, text, SIGN_IN_PATH)
  }

  #makeClients(): ReadonlyMap<string, Client> {
    const { providers, saml } = this.#options.config.current().identity
    return new Map<string, Client>([
      ...providers.map((provider) => [provider.name, new OidcClient(provider)] as const),
      ...saml.map((provider) => [provider.name, new SamlClient(provider, () => this.#addressesFor(provider.name))] as const),
    ])
  }

  #addressesFor(name: string): ServiceAddresses {
    const origin = this.#options.origin()
    return { answer: `${origin}${SAML_PATH}`, metadata: `${origin}/api/sign-in/${encodeURIComponent(name)}/metadata` }
  }

  #sessionCookieOf(value: string): string {
    const { absoluteMs } = this.#options.config.current().identity.session
    return cookie(this.#sessionCookie, value, { secure: this.#secure, maxAgeS: Math.ceil(absoluteMs / 1000) })
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

/** What of a configuration sign-ins under way depend on; secrets do not compare by themselves. */
function comparable({ identity }: Config): unknown {
  const open = ({ clientSecret, ...provider }: ProviderConfig) => ({ ...provider, clientSecret: clientSecret?.reveal() })
  return [identity.providers.map(open), identity.saml]
}

function redirect(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  for (const value of cookies) headers.append('set-cookie', value)
  return new Response(null, { status: 303, headers })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
