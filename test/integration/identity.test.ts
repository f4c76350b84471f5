import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { parseConfig } from '../../main/config.ts'
import { createIdentities } from '../../main/identity/create-identities.ts'
import { CSRF_HEADER, csrfToken } from '../../main/identity/csrf.ts'
import { createMemoryRevocationStore, createRevocations } from '../../main/identity/revocations.ts'
import { rolesOf } from '../../main/identity/roles.ts'
import { createSetUp } from '../../main/identity/set-up.ts'
import { SignIn } from '../../main/identity/sign-in.ts'
import { memoryAudit, memorySessions } from '../identity/memory-sessions.ts'
import { type RealProvider, startRealProvider, WEB_SECRET } from '../identity/real-provider.ts'

const ORIGIN = 'http://127.0.0.1:8443'
let provider: RealProvider

beforeAll(async () => {
  provider = await startRealProvider(`${ORIGIN}/auth/callback`)
})
afterAll(() => provider.stop())

function configFor(issuer: string, agents = ['cursor-agent']) {
  const text = JSON.stringify({
    identity: {
      providers: [
        {
          name: 'corp',
          issuer,
          audience: 'sallyport',
          clientId: 'sallyport-web',
          clientSecret: WEB_SECRET,
          scopes: ['openid', 'profile', 'groups'],
          agents: { clients: agents },
        },
      ],
    },
    roles: { admin: ['leads'], approver: ['dba'] },
    connections: [{ name: 'shop', engine: 'postgres', host: 'h', database: 'd', user: 'u', password: 'p', groups: ['ai-agents'] }],
  })
  return parseConfig(text, { file: 'test', folder: '/', env: {} })
}

function setUp(issuer = provider.issuer, agents?: string[]) {
  const config = configFor(issuer, agents)
  const logged: unknown[] = []
  const log = (level: string) => (event: string, fields?: unknown) => void logged.push([level, event, fields])
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const { sessions } = memorySessions({ now: clock.now })
  const revocations = createRevocations(createMemoryRevocationStore(), clock)
  const audit = memoryAudit()
  const signIn = new SignIn({
    config: createConfigInForce(config),
    sessions,
    setUp: createSetUp(clock, false),
    revocations,
    audit,
    addressOf: () => '127.0.0.1',
    clock,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    origin: () => ORIGIN,
  })
  const later = (ms: number): void => {
    ahead += ms
  }
  return { config, signIn, logged, later, clock }
}

const get = (path: string, cookie = '') => new Request(new URL(path, ORIGIN), { headers: { cookie } })
const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

describe('an agent’s token from a real provider', () => {
  it('is proved: client credentials, JWT, audience', async () => {
    const { config, clock } = setUp()
    const who = await createIdentities(createConfigInForce(config), { clock }).verify(await provider.agentToken())
    expect(who).toMatchObject({ issuer: provider.issuer, kind: 'agent', client: 'cursor-agent', groups: ['ai-agents', 'leads'] })
    expect(rolesOf(who, config.roles)).toEqual([])
  })

  it('cannot be checked while the provider is down, and can when it is back', async () => {
    const own = await startRealProvider(`${ORIGIN}/auth/callback`)
    const { config, clock } = setUp(own.issuer)
    const identities = createIdentities(createConfigInForce(config), { clock })
    const token = await own.agentToken()
    await own.stop()
    await expect(identities.verify(token)).rejects.toMatchObject({ code: 'upstream-unavailable' })
    const back = await startRealProvider(`${ORIGIN}/auth/callback`, Number(new URL(own.issuer).port))
    expect((await identities.verify(token)).client).toBe('cursor-agent')
    await back.stop()
  })
})

describe('a person signs in', () => {
  let browser: Map<string, string>
  beforeEach(() => {
    browser = new Map()
  })

  async function signInAs(person: string, { signIn }: ReturnType<typeof setUp>, query = '') {
    const started = await signIn.start(get(`/auth/sign-in?return=/approvals${query}`))
    expect(started.status).toBe(303)
    const back = await provider.walk(started.headers.get('location')!, person, browser)
    const callback = new URL(back)
    expect(`${callback.origin}${callback.pathname}`).toBe(`${ORIGIN}/auth/callback`)
    return { pendingCookie: cookieOf(started), back, authorization: new URL(started.headers.get('location')!) }
  }

  it('with code, PKCE, state and nonce, and lands where they wanted to be', async () => {
    const all = setUp()
    const { pendingCookie, back, authorization } = await signInAs('ada', all)
    expect(Object.fromEntries(authorization.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${ORIGIN}/auth/callback`,
      state: expect.stringMatching(/.{20,}/),
      nonce: expect.stringMatching(/.{20,}/),
    })
    const done = await all.signIn.callback(get(back, pendingCookie))
    expect(done.status, JSON.stringify(all.logged)).toBe(303)
    expect(done.headers.get('location')).toBe('/approvals')
    expect(done.headers.getSetCookie()[0]).toMatch(/^sallyport-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/)

    const signedIn = all.signIn.whoIs(cookieOf(done))!
    expect(signedIn.who).toMatchObject({ issuer: provider.issuer, subject: 'ada', name: 'Ada Approver', groups: ['dba'], kind: 'person' })
    expect(rolesOf(signedIn.who, all.config.roles)).toEqual(['approver'])
    expect(Math.abs(signedIn.who.authTime! - Date.now())).toBeLessThan(10_000)
    expect(JSON.stringify(all.logged)).not.toContain(new URL(back).searchParams.get('code'))
  })

  it('anew for a decision: the provider asks again, and the sign-in is recent', async () => {
    const all = setUp()
    const first = await signInAs('ada', all)
    await all.signIn.callback(get(first.back, first.pendingCookie))
    const again = await signInAs('ada', all, '&fresh=1')
    expect(again.authorization.searchParams.get('prompt')).toBe('login')
    const done = await all.signIn.callback(get(again.back, again.pendingCookie))
    expect(done.status, JSON.stringify(all.logged)).toBe(303)
    expect(all.signIn.whoIs(cookieOf(done))?.who.authTime).toBeGreaterThan(Date.now() - 10_000)
  })

  it('but an answer cannot be used twice, nor by another browser, nor late', async () => {
    const all = setUp()
    const { pendingCookie, back } = await signInAs('ada', all)
    expect((await all.signIn.callback(get(back))).status).toBe(400)
    expect((await all.signIn.callback(get(back, 'sallyport-sign-in=someone-else'))).status).toBe(400)
    expect((await all.signIn.callback(get(back, pendingCookie))).status).toBe(303)
    expect((await all.signIn.callback(get(back, pendingCookie))).status).toBe(400)
    const late = await signInAs('ada', all)
    all.later(11 * 60_000)
    expect((await all.signIn.callback(get(late.back, late.pendingCookie))).status).toBe(400)
  })

  it('but not with another one’s code, a wrong issuer, or a code that was changed', async () => {
    const all = setUp()
    const mine = await signInAs('ada', all)
    const wrongIssuer = new URL(mine.back)
    wrongIssuer.searchParams.set('iss', 'https://evil.example')
    const refused = await all.signIn.callback(get(wrongIssuer.href, mine.pendingCookie))
    expect(refused.status).toBe(400)
    expect(refused.headers.getSetCookie()).toEqual([])

    const first = await signInAs('ada', all)
    const second = await signInAs('lee', all)
    const mixed = new URL(first.back)
    mixed.searchParams.set('code', new URL(second.back).searchParams.get('code')!)
    const answer = await all.signIn.callback(get(mixed.href, first.pendingCookie))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('did not confirm the sign-in')
  })

  it('is told when the provider says no', async () => {
    const all = setUp()
    const { pendingCookie, back } = await signInAs('nobody', all)
    const answer = await all.signIn.callback(get(back, pendingCookie))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('access_denied')
  })

  it('cannot be an agent', async () => {
    const all = setUp(provider.issuer, ['ada'])
    const { pendingCookie, back } = await signInAs('ada', all)
    expect((await all.signIn.callback(get(back, pendingCookie))).status).toBe(403)
  })

  it('signs out, only from our own page', async () => {
    const all = setUp()
    const { pendingCookie, back } = await signInAs('ada', all)
    const cookie = cookieOf(await all.signIn.callback(get(back, pendingCookie)))
    const value = cookie.split('=')[1]!
    const post = (headers: Record<string, string>) =>
      new Request(`${ORIGIN}/auth/sign-out`, { method: 'POST', headers: { cookie, ...headers } })
    expect(all.signIn.signOut(post({ origin: 'https://evil.example', [CSRF_HEADER]: csrfToken(value) })).status).toBe(403)
    expect(all.signIn.whoIs(cookie)).toBeDefined()
    const done = all.signIn.signOut(post({ origin: ORIGIN, [CSRF_HEADER]: csrfToken(value) }))
    expect(done.status).toBe(204)
    expect(done.headers.get('set-cookie')).toContain('Max-Age=0')
    expect(all.signIn.whoIs(cookie)).toBeUndefined()
  })
})

describe('a sign-in that cannot begin', () => {
  it('says that the provider is unknown or unreachable, and works once it is back', async () => {
    const { signIn } = setUp()
    expect((await signIn.start(get('/auth/sign-in?provider=nobody'))).status).toBe(400)
    const own = await startRealProvider(`${ORIGIN}/auth/callback`)
    await own.stop()
    const gone = setUp(own.issuer)
    const answer = await gone.signIn.start(get('/auth/sign-in'))
    expect(answer.status).toBe(502)
    expect(await answer.text()).toContain('cannot be reached')
    const back = await startRealProvider(`${ORIGIN}/auth/callback`, Number(new URL(own.issuer).port))
    expect((await gone.signIn.start(get('/auth/sign-in'))).status).toBe(303)
    await back.stop()
  })
})
