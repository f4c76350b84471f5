import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ACCESS } from '../../main/api/access.ts'
import { calls } from '../../main/contract/calls.ts'
import { problemSchema } from '../../main/contract/problem.ts'
import { findSession } from '../../main/recordings/read-sessions.ts'
import { allowed, maya, noFacts, runStatement } from '../recordings/fixtures.ts'
import { type ApiFixture, apiFixture, people } from './fixture.ts'

type Who = 'none' | 'admin' | 'approver' | 'viewer' | 'nobody' | 'requester' | 'agent'

/** What each is answered: the status, for a request and a session of `requester` (asked through `agent`, who is the same subject). */
const TABLE: Readonly<Record<string, Readonly<Record<Who, number>>>> = {
  'get /api/health': { none: 200, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  'get /api/sign-in': { none: 200, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  // 403: no code is out.
  'post /api/sign-in/set-up-code': { none: 403, admin: 403, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'get /api/me/passkeys': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 403 },
  // 409: this host is reached by an address, and passkeys need a name.
  'post /api/me/passkeys/options': { none: 401, admin: 409, approver: 409, viewer: 409, nobody: 409, requester: 409, agent: 403 },
  'post /api/me/passkeys': { none: 401, admin: 409, approver: 409, viewer: 409, nobody: 409, requester: 409, agent: 403 },
  // 403: they have none to prove.
  'delete /api/me/passkeys/{id}': { none: 401, admin: 403, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'post /api/people/passkeys/remove': { none: 401, admin: 200, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  // 409: the rule demands none.
  'post /api/approvals/{id}/passkey': { none: 401, admin: 409, approver: 409, viewer: 409, nobody: 403, requester: 409, agent: 403 },
  'get /api/me': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  'get /api/agents': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'post /api/agents/pause': { none: 401, admin: 200, approver: 200, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  // 409: nobody was paused.
  'post /api/agents/resume': { none: 401, admin: 409, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'get /api/approvals': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  'get /api/approvals/{id}': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'post /api/approvals/{id}/decision': { none: 401, admin: 200, approver: 200, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'get /api/sessions': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  'get /api/sessions/{id}': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'get /api/sessions/{id}/events': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'get /api/sessions/{id}/export': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'get /api/sessions/{id}/timeline': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'get /api/statements': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  'post /api/people/terminate': { none: 401, admin: 200, approver: 403, viewer: 403, nobody: 403, requester: 200, agent: 200 },
  'get /api/retention': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'post /api/retention': { none: 401, admin: 200, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'post /api/what-if': { none: 401, admin: 503, approver: 503, viewer: 503, nobody: 403, requester: 503, agent: 403 },
  'get /api/evidence': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'post /api/sessions/{id}/terminate': { none: 401, admin: 200, approver: 403, viewer: 403, nobody: 403, requester: 200, agent: 200 },
  'get /api/policies': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'get /api/masking': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'get /api/masking/followed': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  // 404: none has that number.
  'delete /api/masking/followed/{id}': { none: 401, admin: 404, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  // 503: the fixture's database is not there.
  'post /api/masking/preview': { none: 401, admin: 503, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  // 400: it does not say which connection.
  'get /api/masking/unprotected': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'get /api/connections': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'put /api/policies': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'put /api/masking': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'put /api/connections': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  // 404: the connection is not called that.
  'get /api/connections/{name}/functions': { none: 401, admin: 404, approver: 404, viewer: 404, nobody: 403, requester: 404, agent: 403 },
  'post /api/connections/{name}/functions/{fn}/vouch': {
    none: 401,
    admin: 404,
    approver: 403,
    viewer: 403,
    nobody: 403,
    requester: 403,
    agent: 403,
  },
  'delete /api/connections/{name}/functions/{fn}/vouch': {
    none: 401,
    admin: 404,
    approver: 403,
    viewer: 403,
    nobody: 403,
    requester: 403,
    agent: 403,
  },
  // 503: the database behind the connection of this test is not there.
  'post /api/explain': { none: 401, admin: 503, approver: 503, viewer: 503, nobody: 403, requester: 503, agent: 403 },
  // 409: no rule lets it be rehearsed.
  'post /api/approvals/{id}/rehearsal': { none: 401, admin: 409, approver: 409, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'get /api/standing': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  // 404: there is none of that number.
  'delete /api/standing/{id}': { none: 401, admin: 404, approver: 404, viewer: 404, nobody: 403, requester: 404, agent: 403 },
  'get /api/sessions/{id}/outline': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'get /api/sessions/{id}/proof': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 200 },
  'get /api/activity': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
  'get /api/configuration': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  // 400 where nothing was sent.
  'put /api/configuration': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'post /api/configuration/check': { none: 401, admin: 400, approver: 400, viewer: 400, nobody: 403, requester: 400, agent: 403 },
  'get /api/configuration/versions': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'get /api/configuration/versions/{version}': {
    none: 401,
    admin: 200,
    approver: 200,
    viewer: 200,
    nobody: 403,
    requester: 200,
    agent: 403,
  },
  'post /api/configuration/versions/{version}/restore': {
    none: 401,
    admin: 400,
    approver: 403,
    viewer: 403,
    nobody: 403,
    requester: 403,
    agent: 403,
  },
  'get /api/configuration/schema': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'get /api/connections/{name}/catalog': { none: 401, admin: 404, approver: 404, viewer: 404, nobody: 403, requester: 404, agent: 403 },
  'get /api/masking/patterns': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'post /api/masking/patterns/test': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'put /api/connections/{name}/credential': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'post /api/connections/test': { none: 401, admin: 400, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'post /api/connections/{name}/test': { none: 401, admin: 404, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  // 404: there is no such record.
  'get /api/audit/{record}/export': { none: 401, admin: 404, approver: 403, viewer: 403, nobody: 403, requester: 403, agent: 403 },
  'get /api/audit': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 403, requester: 200, agent: 403 },
  'get /api/stream': { none: 401, admin: 200, approver: 200, viewer: 200, nobody: 200, requester: 200, agent: 200 },
}

const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key' }
const proof = { ...credential, response: { clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' } }

const QUERIES: Readonly<Record<string, string>> = { 'get /api/activity': `?from=${Date.now() - 3_600_000}&to=${Date.now()}&step=60000` }

const BODIES: Readonly<Record<string, unknown>> = {
  'post /api/sign-in/set-up-code': { code: 'AAAAA-AAAAA-AAAAA-AAAAA' },
  'post /api/me/passkeys/options': { for: 'add' },
  'post /api/me/passkeys': {
    name: 'key',
    registration: { ...credential, response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA' } },
  },
  'delete /api/me/passkeys/{id}': { proof },
  'post /api/people/passkeys/remove': { issuer: people['agent']?.issuer, subject: 'another', reason: 'lost' },
  'post /api/approvals/{id}/passkey': { decision: 'approve', revision: 1 },
  'post /api/agents/pause': { agent: { issuer: people['agent']?.issuer, subject: 'another' }, reason: 'enough' },
  'post /api/agents/resume': {},
  'post /api/approvals/{id}/decision': { decision: 'approve', reason: 'fine' },
  'post /api/sessions/{id}/terminate': { reason: 'enough' },
  'post /api/people/terminate': { issuer: people['agent']?.issuer, subject: 'requester', reason: 'enough' },
  'post /api/what-if': { draft: { policies: [] }, from: 0, to: 9_999_999_999_999 },
  'post /api/masking/preview': { connection: 'shop', table: 'public.customers', before: true },
  'post /api/explain': { connection: 'shop', sql: 'SELECT 1' },
  'post /api/masking/patterns/test': { text: 'a', patterns: [] },
  'post /api/connections/{name}/functions/{fn}/vouch': { sha256: 'a'.repeat(64), reason: 'read it' },
  'put /api/policies': {},
  'put /api/configuration': {},
  'post /api/configuration/check': {},
  'post /api/configuration/versions/{version}/restore': {},
  'put /api/connections/{name}/credential': {},
  'post /api/connections/test': {},
  'post /api/connections/{name}/test': {},
  'put /api/masking': {},
  'put /api/connections': {},
}

const requester = { ...maya, issuer: people['agent']?.issuer ?? '', subject: 'requester' }

let api: ApiFixture
let session: string
let asked = 0
const ends: (() => void)[] = []

beforeAll(async () => {
  api = apiFixture((end) => ends.push(end))
  const { recorder, db } = api.context.recordings
  const record = recorder.opened({
    connection: 'shop',
    who: requester,
    clientAddress: '::1',
    applicationName: 'cursor',
    tls: false,
    at: Date.now(),
  })
  session = record.id
  runStatement(recorder, record, 'SELECT 1', ['x'])
  recorder.commit()
  api.live.push({ id: session, connection: 'shop', who: requester, startedAt: Date.now(), end: () => undefined, drain: () => undefined })
  await vi.waitUntil(() => findSession(db, session) !== undefined, { timeout: 20_000, interval: 50 })
}, 30_000)

afterAll(async () => {
  for (const end of ends) end()
})

/** A new request of the requester's agent. */
function ask(): number {
  asked += 1
  return api.context.approvals.ask({
    session,
    connection: 'shop',
    who: requester,
    applicationName: 'cursor',
    sql: 'UPDATE customers SET email = 1',
    parameters: [],
    key: `k${asked}`,
    verdict: { ...allowed, effect: 'ask', rule: api.context.policies.current('shop').policies[0]?.rules[1] },
    facts: [noFacts],
    statement: 1,
  }).number
}

test.each(Object.entries(TABLE))('%s', async (call, expected) => {
  const [method = '', path = ''] = call.split(' ')
  for (const [who, status] of Object.entries(expected)) {
    const place = path
      .replace('{id}', path.includes('approvals') ? String(ask()) : path.includes('/sessions/') ? session : '1')
      .replace('{version}', '1')
    const response = await api.call(who === 'none' ? undefined : who, method.toUpperCase(), `${place}${QUERIES[call] ?? ''}`, BODIES[call])
    expect(response.status, `${who}: ${response.status === status ? '' : await response.clone().text()}`).toBe(status)
    if (status >= 400) {
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      problemSchema.parse(await response.json())
    } else {
      await response.body?.cancel()
    }
  }
})

test('every call of the contract and of the OpenAPI document has its row in the table', async () => {
  for (const call of Object.values(calls)) expect(TABLE).toHaveProperty([`${call.method} ${call.path}`])
  const document = (await (await api.call(undefined, 'GET', '/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
  expect(documented.length).toBeGreaterThanOrEqual(Object.keys(calls).length)
  for (const call of documented) expect(TABLE).toHaveProperty([call])
})

test('someone without a role sees only their own requests and sessions in the lists', async () => {
  ask()
  for (const [who, some] of [
    ['nobody', false],
    ['agent', true],
    ['viewer', true],
  ] as const) {
    for (const path of ['/api/approvals', '/api/sessions', '/api/statements', '/api/statements?q=select']) {
      const { items } = (await (await api.call(who, 'GET', path)).json()) as { items: unknown[] }
      expect(items.length > 0, `${who} ${path}`).toBe(some)
    }
  }
})

test('not even an admin decides their own agent’s request', async () => {
  const approval = ask()
  const response = await api.call('requester', 'POST', `/api/approvals/${approval}/decision`, { decision: 'approve' })
  expect(response.status).toBe(403)
  expect(((await response.json()) as { detail: string }).detail).toBe('This is your own agent. Someone else from dba has to decide.')
})

test('a decision on an old revision answers 409 and changes nothing', async () => {
  const approval = ask()
  const response = await api.call('approver', 'POST', `/api/approvals/${approval}/decision`, { decision: 'approve', revision: 9 })
  expect(response.status).toBe(409)
  expect(api.context.approvals.read(approval)?.state).toBe('pending')
})

test('a call in the name of a browser counts only from our own page: another site’s is refused, whatever it is', async () => {
  const cookie = api.signIn('admin')
  let tried = 0
  for (const call of Object.keys(TABLE)) {
    const [method = '', path = ''] = call.split(' ')
    if (method === 'get') continue
    tried += 1
    const headers = { cookie, origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
    const response = await api.call(
      undefined,
      method.toUpperCase(),
      path.replace('{id}', '1').replace('{version}', '1'),
      BODIES[call] ?? {},
      headers,
    )
    expect([call, response.status]).toEqual([call, 403])
    expect(((await response.json()) as { type: string }).type).toBe('urn:sallyport:problem:other-site')
  }
  expect(tried).toBeGreaterThan(15)
})

test('there are enough cases, and none is decided by chance', () => {
  const cases = Object.values(TABLE).reduce((sum, row) => sum + Object.keys(row).length, 0)
  expect(cases).toBeGreaterThanOrEqual(80)
  for (const [name, { method, path }] of Object.entries(calls)) {
    const row = TABLE[`${method} ${path}`]
    if (row === undefined) throw new Error(`${name} has no row`)
    const access = ACCESS[name as keyof typeof ACCESS]
    if (access !== 'anyone') expect([name, row.none]).toEqual([name, 401])
    if (access === 'role' || access === 'admin') expect([name, row.nobody, row.agent]).toEqual([name, 403, 403])
    if (access === 'admin') expect([name, row.approver, row.viewer]).toEqual([name, 403, 403])
  }
})
