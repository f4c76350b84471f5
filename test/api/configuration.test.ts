import { expect, it } from 'vitest'
import { demandRecent } from '../../main/api/change-configuration.ts'
import { apiFixture, people } from './fixture.ts'

const json = async (answer: Response): Promise<Record<string, never>> => JSON.parse(await answer.text())
const SECRET = 'the-secret-credential'

it('the configuration is told without credentials, and put in force again as it stands', async () => {
  const api = apiFixture()
  const read = await api.call('viewer', 'GET', '/api/configuration')
  const text = await read.text()
  expect(read.status).toBe(200)
  expect(text).not.toContain(SECRET)
  const { version, yaml, json: value } = JSON.parse(text)
  expect(value.connections[0].password).toBe(`\${vault:connections.shop.password}`)
  const again = await api.call('admin', 'PUT', '/api/configuration', { version, yaml })
  expect(await json(again)).toMatchObject({ version, changed: false, endedSessions: 0 })
})

it.each([
  ['PUT', '/api/configuration', { version: 1, yaml: '' }],
  ['PUT', '/api/policies', { version: 1, policies: [] }],
  ['PUT', '/api/masking', { version: 1 }],
  ['PUT', '/api/connections', { version: 1, connections: [] }],
  ['PUT', '/api/connections/shop/credential', { password: 'x' }],
  ['POST', '/api/configuration/versions/1/restore', { version: 1 }],
  ['POST', '/api/connections/shop/test', undefined],
  ['POST', '/api/connections/test', { connection: {} }],
])('%s %s is for admins alone', async (method, path, body) => {
  const api = apiFixture()
  for (const who of ['viewer', 'approver', 'agent', 'nobody']) expect((await api.call(who, method, path, body)).status).toBe(403)
  expect((await api.call(undefined, method, path, body)).status).toBe(401)
})

it('faults come with their lines, another version with 409, a failing test with 422', async () => {
  const api = apiFixture()
  const { version, yaml } = (await json(await api.call('admin', 'GET', '/api/configuration'))) as unknown as {
    version: number
    yaml: string
  }
  const put = (text: string, more = {}) => api.call('admin', 'PUT', '/api/configuration', { version, yaml: text, ...more })
  const wrong = await put(yaml.replace('statements: [read]', 'statements: [raed]'))
  expect(wrong.status).toBe(400)
  expect(await json(wrong)).toMatchObject({
    type: 'urn:sallyport:problem:configuration',
    errors: [{ at: 'policies[0].rules[0].statements[0], line 9', message: expect.stringContaining('Did you mean "read"') }],
  })
  const tests = `${yaml}tests: [{ statement: "select 1", as: [ai-agents], connection: shop, expect: deny }]\n`
  const failing = await put(tests)
  expect(failing.status).toBe(422)
  expect(await json(failing)).toMatchObject({ errors: [{ at: 'tests[0], line 10' }] })
  expect(await json(await put(tests, { force: true }))).toMatchObject({ version: version + 1, changed: true })
  expect((await put(yaml)).status).toBe(409)
  const detail = await json(await api.call('viewer', 'GET', `/api/configuration/versions/${version + 1}`))
  expect(detail).toMatchObject({ source: 'api', author: { subject: 'admin' }, difference: { added: 1, removed: 0 } })
  expect((await api.call('viewer', 'GET', '/api/configuration/versions/99')).status).toBe(404)
})

it('a check changes nothing, and says what would be lost by it', async () => {
  const api = apiFixture()
  const { yaml } = (await json(await api.call('admin', 'GET', '/api/configuration'))) as unknown as { yaml: string }
  const end = { id: 's', reason: '' }
  api.live.push({
    id: 's',
    connection: 'shop',
    who: { ...people['agent']!, groups: ['ai-agents'] },
    startedAt: 0,
    end: (reason: string) => Object.assign(end, { reason }),
  } as never)
  const locked = yaml.replace('admin: [leads]', 'admin: [others]').replace('groups: [ai-agents] }', 'groups: [others] }')
  expect(await json(await api.call('admin', 'POST', '/api/configuration/check', { yaml: locked }))).toMatchObject({
    ok: false,
    endsSessions: 1,
    warnings: [{ kind: 'lock-out' }, { kind: 'unused' }, { kind: 'unused' }],
  })
  expect(end.reason).toBe('')
  const forced = await api.call('admin', 'PUT', '/api/configuration', { version: 1, yaml: locked, force: true })
  expect(await json(forced)).toMatchObject({ version: 2, endedSessions: 1 })
  expect(end.reason).toBe('the connection "shop" is no longer for your groups')
  expect((await api.call('admin', 'PUT', '/api/configuration', { version: 2, yaml })).status).toBe(403)
})

it('a browser whose sign-in is old changes nothing; a token is as fresh as its provider made it', () => {
  const { context } = apiFixture()
  const who = { ...people['admin']!, authTime: Date.now() - 3_600_000 }
  const caller = { who, roles: ['admin' as const], address: '127.0.0.1' }
  expect(() => demandRecent(context, { ...caller, cookieValue: 'x' })).toThrow(/sign-in is too old/)
  expect(() => demandRecent(context, { ...caller, cookieValue: undefined })).not.toThrow()
})
