/** What becomes of people and agents when a real provider changes its mind: three people, two agents, from the sign-in to the loss. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { parseConfig } from '../../main/config.ts'
import { createBackChannelLogout } from '../../main/identity/back-channel-logout.ts'
import { checkPeople } from '../../main/identity/check-people.ts'
import { createIdentities } from '../../main/identity/create-identities.ts'
import { createMemoryRevocationStore, createRevocations } from '../../main/identity/revocations.ts'
import { rolesOf } from '../../main/identity/roles.ts'
import { createSetUp } from '../../main/identity/set-up.ts'
import { SignIn } from '../../main/identity/sign-in.ts'
import { memoryAudit, memorySessions } from '../identity/memory-sessions.ts'
import { type RealProvider, startRealProvider, WEB_SECRET } from '../identity/real-provider.ts'

const ORIGIN = 'http://127.0.0.1:8443'
let provider: RealProvider
let receiver: http.Server
let onLogout: (form: URLSearchParams) => Promise<Response> = async () => new Response(null, { status: 500 })
const statuses: number[] = []

beforeAll(async () => {
  receiver = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      void onLogout(new URLSearchParams(body)).then(({ status }) => {
        statuses.push(status)
        response.writeHead(status).end()
      })
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const logoutUri = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/auth/back-channel-logout`
  provider = await startRealProvider(`${ORIGIN}/auth/callback`, 0, logoutUri)
})
afterAll(async () => {
  receiver.close()
  await provider.stop()
})

function start(tokens: 'opaque' | 'all' = 'opaque') {
  const text = JSON.stringify({
    identity: {
      providers: [
        {
          name: 'corp',
          issuer: provider.issuer,
          audience: 'sallyport',
          clientId: 'sallyport-web',
          clientSecret: WEB_SECRET,
          scopes: ['openid', 'profile', 'groups', 'email'],
          agents: { clients: ['cursor-agent', 'claude-code'] },
          introspection: { tokens },
        },
      ],
    },
    roles: { admin: ['leads'], approver: ['dba'], viewer: ['engineering'] },
    connections: [{ name: 'shop', engine: 'postgres', host: 'h', database: 'd', user: 'u', password: 'p', groups: ['ai-agents'] }],
  })
  const config = createConfigInForce(parseConfig(text, { file: 'test', folder: '/', env: {} }))
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const logged: unknown[] = []
  const write = (event: string, fields?: unknown): void => void logged.push([event, fields])
  const log = { info: write, warn: write, error: write }
  const { sessions, store } = memorySessions({ now: clock.now })
  const revocations = createRevocations(createMemoryRevocationStore(), clock)
  const identities = createIdentities(config, { clock, revocations })
  const audit = memoryAudit()
  const setUp = createSetUp(clock, false)
  const signIn = new SignIn({ config, sessions, setUp, revocations, audit, clock, log, origin: () => ORIGIN, addressOf: () => '' })
  const people = checkPeople({ sessions, revocations, clientOf: (issuer) => signIn.clientOf(issuer), clock, log })
  onLogout = createBackChannelLogout({ identities, sessions, revocations, audit, clock, log })
  const later = (ms: number): void => {
    ahead += ms
  }
  const signInAs = async (person: string): Promise<string> => {
    const started = await signIn.start(new Request(`${ORIGIN}/auth/sign-in`))
    const back = await provider.walk(started.headers.get('location') ?? '', person)
    const cookie = started.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const done = await signIn.callback(new Request(back, { headers: { cookie } }))
    expect(done.status, JSON.stringify(logged)).toBe(303)
    return done.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  }
  return { config, sessions, store, identities, signIn, people, audit, later, logged, signInAs }
}

let all: ReturnType<typeof start>
beforeEach(() => {
  all = start()
  return () => all.people.stop()
})

describe('three people', () => {
  it('have the roles of their groups, and a verified address only where the provider says so', async () => {
    const seen: unknown[] = []
    for (const person of ['ada', 'lee', 'emil']) {
      const who = all.signIn.whoIs(await all.signInAs(person))!.who
      seen.push([who.subject, rolesOf(who, all.config.current().roles), who.verifiedEmail])
    }
    expect(seen).toEqual([
      ['ada', ['approver'], 'ada@corp.example'],
      ['lee', ['admin'], undefined],
      ['emil', ['viewer'], 'emil@corp.example'],
    ])
    expect(all.audit.acts.map(({ act, subject }) => [act, subject])).toEqual([
      ['sign-in', 'ada'],
      ['sign-in', 'lee'],
      ['sign-in', 'emil'],
    ])
  })

  it('lose a role within five minutes of losing the group, and keep their session', async () => {
    const cookie = await all.signInAs('ada')
    const before = provider.people.get('ada')!
    provider.people.set('ada', { ...before, groups: ['cooks'] })
    all.later(3 * 60_000)
    await all.people.run()
    expect(all.signIn.whoIs(cookie)?.who.groups).toEqual(['dba'])
    all.later(61_000)
    await all.people.run()
    expect(all.signIn.whoIs(cookie)?.who.groups, JSON.stringify(all.logged)).toEqual(['cooks'])
    // The new refresh token works as the first one did.
    provider.people.set('ada', before)
    all.later(4 * 60_000)
    await all.people.run()
    expect(all.signIn.whoIs(cookie)?.who.groups, JSON.stringify(all.logged)).toEqual(['dba'])
  })

  it('are signed out within five minutes when they are gone; a provider that is down changes nothing', async () => {
    const cookie = await all.signInAs('lee')
    const lee = provider.people.get('lee')!
    provider.people.delete('lee')
    all.later(4 * 60_000)
    await all.people.run()
    provider.people.set('lee', lee)
    expect(all.signIn.whoIs(cookie), JSON.stringify(all.logged)).toBeUndefined()
  })

  it('are signed out when the provider says so: that browser, and once', async () => {
    const ada = await all.signInAs('ada')
    const emil = await all.signInAs('emil')
    const [session] = all.store.ofPerson(provider.issuer, 'ada')
    expect(session?.sid).toEqual(expect.any(String))
    await provider.logOut('ada', session?.sid ?? '')
    await expect.poll(() => statuses.at(-1), { timeout: 5000 }).toBe(200)
    expect(all.signIn.whoIs(ada)).toBeUndefined()
    expect(all.signIn.whoIs(emil)?.who.subject).toBe('emil')
    for (const token of ['', 'x.y.z', await provider.agentToken()]) {
      expect((await onLogout(new URLSearchParams({ logout_token: token }))).status).toBe(400)
    }
  })
})

describe('two agents', () => {
  it('an agent of its own, and one that holds a person’s token: neither has a role', async () => {
    const own = await all.identities.verify(await provider.agentToken())
    expect(own).toMatchObject({ kind: 'agent', subject: 'cursor-agent', onBehalfOf: undefined })
    const held = await all.identities.verify(await provider.delegatedToken('lee'))
    expect(held).toMatchObject({
      kind: 'agent',
      subject: 'lee',
      client: 'claude-code',
      groups: ['leads'],
      onBehalfOf: { issuer: provider.issuer, subject: 'lee' },
    })
    expect([own, held].flatMap((who) => rolesOf(who, all.config.current().roles))).toEqual([])
    expect(await all.identities.fallen(own)).toBeUndefined()
  })

  it('an opaque token is asked about, and its session ends within half a minute of its end', async () => {
    const token = await provider.opaqueToken()
    expect(token.split('.')).toHaveLength(1)
    const who = await all.identities.verify(token)
    expect(who, JSON.stringify(all.logged)).toMatchObject({ kind: 'agent', client: 'cursor-agent', groups: ['ai-agents', 'leads'] })
    expect(await all.identities.fallen(who)).toBeUndefined()
    await provider.revoke(token)
    all.later(30_000)
    expect(await all.identities.fallen(who)).toContain('ended its token')
    await expect(all.identities.verify(token)).rejects.toMatchObject({
      code: 'token-invalid',
      message: expect.stringContaining('not active'),
    })
    await expect(all.identities.verify('made-up')).rejects.toMatchObject({ message: expect.stringContaining('not active') })
  })

  it('a token that a person handed on falls with the person’s group, and a new one is good', async () => {
    await all.signInAs('emil')
    const who = await all.identities.verify(await provider.delegatedToken('emil'))
    const emil = provider.people.get('emil')!
    provider.people.set('emil', { ...emil, groups: ['engineering'] })
    all.later(4 * 60_000)
    await all.people.run()
    expect(await all.identities.fallen(who), JSON.stringify(all.logged)).toContain('no longer in ai-agents')
    provider.people.set('emil', emil)
  })

  it('a change of the configuration is looked at too', async () => {
    const who = await all.identities.verify(await provider.agentToken())
    const config = all.config.current()
    const [corp] = config.identity.providers
    all.config.replace({ ...config, identity: { ...config.identity, providers: [{ ...corp!, audience: 'another' }] } })
    expect(await all.identities.fallen(who)).toContain('audience')
    all.config.replace({ ...config, identity: { ...config.identity, providers: [] } })
    expect(await all.identities.fallen(who)).toContain('taken out of the configuration')
  })
})
