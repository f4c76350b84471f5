/** Who may decide, from both sides: people sign in at a real provider in a browser's way, agents come with its tokens. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Approval, Me } from '../../../main/contract/index.ts'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { freePort, type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'
import { type RealProvider, startRealProvider, WEB_SECRET } from '../../identity/real-provider.ts'

let postgres: Postgres
let provider: RealProvider
let host: HostFixture
let origin: string

beforeAll(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  postgres = await startPostgres()
  await postgres.query(SHOP_ROLES)
  await postgres.query(`CREATE DATABASE ${SHOP.database}`)
  await postgres.query(SHOP_SQL, SHOP.database)
  provider = await startRealProvider(`${origin}/auth/callback`)
  provider.people.set('dora', { name: 'Dora Database', groups: ['dba'], email: 'dora@corp.example', email_verified: true })
  host = await startTestHost({
    issuer: provider.issuer,
    web: { listen: `127.0.0.1:${port}` },
    provider: {
      clientSecret: WEB_SECRET,
      scopes: ['openid', 'profile', 'groups', 'email'],
      agents: { clients: ['cursor-agent', 'claude-code'] },
    },
    connections: [{ name: 'shop', port: postgres.port, ...SHOP, groups: ['ai-agents', 'dba'] }],
    policies: [
      {
        name: 'all',
        groups: ['ai-agents', 'dba'],
        connections: ['shop'],
        rules: [
          { effect: 'ask', statements: ['write'], tables: ['public.orders'], approvers: ['dba'], approvals: 2 },
          { effect: 'ask', statements: ['write'], approvers: ['dba'] },
          { effect: 'allow', statements: ['read'], tables: ['*.*'] },
        ],
      },
    ],
  })
})
afterAll(async () => {
  await host?.stop()
  await provider?.stop()
  await postgres?.stop()
})

interface Browser {
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

async function signIn(person: string): Promise<Browser> {
  const started = await fetch(`${origin}/auth/sign-in?return=/approvals`, { redirect: 'manual' })
  const back = await provider.walk(started.headers.get('location') ?? '', person)
  const signedIn = await fetch(back, { redirect: 'manual', headers: { cookie: cookiesOf(started) } })
  const cookie = cookiesOf(signedIn)
  const me = (await (await fetch(`${origin}/api/me`, { headers: { cookie } })).json()) as Me
  const csrf: Record<string, string> = me.csrf === null ? {} : { [me.csrf.header]: me.csrf.token }
  return {
    call: async (method, path, body) => {
      const headers = { cookie, origin, ...csrf, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
      const response = await fetch(origin + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
      return { status: response.status, body: await response.json() }
    },
  }
}

/** Sends it through the gateway with this token; gives the request's number and what comes of it. */
async function ask(token: string, sql: string): Promise<{ wire: Wire; id: number; answer: ReturnType<Wire['query']> }> {
  const wire = await host.through(token)
  const answer = wire.query(sql, 60_000)
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const { body } = await host.call(token, 'GET', '/api/approvals?state=pending&order=newest&mine=true&limit=20')
    const found = (body as { items: Approval[] }).items.find((one) => one.sql === sql)
    if (found !== undefined) return { wire, id: found.id, answer }
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  throw new Error(`${sql} was not asked about`)
}
const decision = (id: number) => `/api/approvals/${id}/decision`
const yes = { decision: 'approve', reason: 'seen' }

it('an agent of its own: its token never decides, a person without the role neither, an approver does', async () => {
  const token = await provider.agentToken()
  const { wire, id, answer } = await ask(token, 'UPDATE public.counters SET n = 1 WHERE id = 1')
  expect((await host.call(token, 'POST', decision(id), yes)).status).toBe(403)
  expect((await (await signIn('emil')).call('POST', decision(id), yes)).status).toBe(403)
  expect((await (await signIn('lee')).call('POST', decision(id), yes)).status).toBe(403)
  const ada = await signIn('ada')
  expect((await ada.call('GET', `/api/approvals/${id}`)).body).toMatchObject({ mayDecide: true })
  expect((await ada.call('POST', decision(id), yes)).status).toBe(200)
  expect((await answer).tags).toEqual(['UPDATE 1'])
  await wire.end()
})

it('an agent that holds a person’s token: not that person, but another', async () => {
  const token = await provider.delegatedToken('ada')
  const { wire, id, answer } = await ask(token, 'UPDATE public.counters SET n = 2 WHERE id = 2')
  expect((await host.call(token, 'POST', decision(id), yes)).status).toBe(403)
  const ada = await signIn('ada')
  expect((await ada.call('GET', `/api/approvals/${id}`)).body).toMatchObject({
    mayDecide: false,
    whyNot: expect.stringContaining('your own agent'),
  })
  expect((await ada.call('POST', decision(id), yes)).status).toBe(403)
  expect((await (await signIn('dora')).call('POST', decision(id), yes)).status).toBe(200)
  expect((await answer).tags).toEqual(['UPDATE 1'])
  await wire.end()
})

it('two have to agree: the first who has lost the group meanwhile counts no more', async () => {
  const token = await provider.agentToken()
  const { wire, id, answer } = await ask(token, "UPDATE public.orders SET tags = '{y}' WHERE id = 2")
  const ada = await signIn('ada')
  expect((await ada.call('POST', decision(id), yes)).body).toMatchObject({ state: 'pending' })
  const known = provider.people.get('ada')
  if (known === undefined) throw new Error('ada is gone')
  provider.people.set('ada', { ...known, groups: [] })
  // She signs in again, and the host learns that she is in no group any more.
  expect((await (await signIn('ada')).call('GET', `/api/approvals/${id}`)).status).toBe(403)
  const dora = await signIn('dora')
  expect((await dora.call('POST', decision(id), yes)).body).toMatchObject({
    state: 'pending',
    needs: { given: [{ by: { name: 'Dora Database' } }] },
  })
  provider.people.set('ada', known)
  expect((await (await signIn('ada')).call('POST', decision(id), yes)).body).toMatchObject({ state: 'approved' })
  expect((await answer).tags).toEqual(['UPDATE 1'])
  await wire.end()
})
