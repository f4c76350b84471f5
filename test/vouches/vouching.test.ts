import { loadModule } from 'libpg-query'
import { beforeAll, expect, test } from 'vitest'
import { teamFunctionListSchema, teamFunctionSchema } from '../../main/contract/functions.ts'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { type ApiFixture, apiFixture, people } from '../api/fixture.ts'
import { shopCatalog } from '../cases/shop.ts'

const SIGNATURE = 'public.touch_customer(integer)'
const SHA = 'ab'.repeat(32)
const PATH = `/api/connections/shop/functions/${encodeURIComponent(SIGNATURE)}/vouch`

beforeAll(() => loadModule())

/** The shop's functions, one of them with a text that this test knows. */
function shop(source: string): Catalog {
  const catalog = shopCatalog()
  const functions = [...catalog.functions()].map((fn) => (fn.signature === SIGNATURE ? { ...fn, source } : fn))
  return { ...catalog, functions: () => functions, fn: (oid) => functions.find((fn) => fn.oid === oid) }
}

function withCatalog(source = SHA): ApiFixture {
  const api = apiFixture()
  Object.assign(api.context.gateway, { catalog: async () => shop(source) })
  return api
}

const vouched = (api: ApiFixture) => api.context.policies.current('shop').vouched

test('the list shows every function of the team’s own, and none of PostgreSQL’s', async () => {
  const response = await withCatalog().call('viewer', 'GET', '/api/connections/shop/functions')
  const { items } = teamFunctionListSchema.parse(await response.json())
  expect(items.map((one) => one.signature)).toContain(SIGNATURE)
  expect(items.map((one) => one.signature).join()).not.toContain('pg_catalog.')
  expect(items.find((one) => one.signature === SIGNATURE)).toMatchObject({ state: 'not', vouch: null, sha256: SHA, language: 'plpgsql' })
})

test('an admin vouches for what they read: it is in the policy at once, and it says who, when and why', async () => {
  const api = withCatalog()
  const before = api.context.policies.current('shop').version
  const response = await api.call('admin', 'POST', PATH, { sha256: SHA, reason: 'reads one row' })
  expect(teamFunctionSchema.parse(await response.json())).toMatchObject({
    state: 'vouched',
    vouch: { by: { name: 'Admin' }, reason: 'reads one row', sha256: SHA },
  })
  expect(vouched(api)).toEqual([{ function: SIGNATURE, source: SHA }])
  expect(api.context.policies.current('shop').version).not.toBe(before)
})

test('it may be named by its oid', async () => {
  const api = withCatalog()
  expect((await api.call('admin', 'POST', '/api/connections/shop/functions/40000/vouch', { sha256: SHA, reason: 'x' })).status).toBe(200)
  expect((await api.call('admin', 'POST', '/api/connections/shop/functions/100/vouch', { sha256: SHA, reason: 'x' })).status).toBe(404)
})

test('a text that has changed since it was read is not vouched for', async () => {
  const api = withCatalog('cd'.repeat(32))
  expect((await api.call('admin', 'POST', PATH, { sha256: SHA, reason: 'x' })).status).toBe(409)
  expect(vouched(api)).toEqual([])
})

test('a changed text is no longer vouched for, and is said to have changed', async () => {
  const api = withCatalog()
  await api.call('admin', 'POST', PATH, { sha256: SHA, reason: 'x' })
  Object.assign(api.context.gateway, { catalog: async () => shop('cd'.repeat(32)) })
  const { items } = teamFunctionListSchema.parse(await (await api.call('admin', 'GET', '/api/connections/shop/functions')).json())
  expect(items.find((one) => one.signature === SIGNATURE)).toMatchObject({ state: 'changed' })
})

test('a vouch is taken back, and a second one takes the place of the first', async () => {
  const api = withCatalog()
  await api.call('admin', 'POST', PATH, { sha256: SHA, reason: 'first' })
  await api.call('admin', 'POST', PATH, { sha256: SHA, reason: 'second' })
  expect(vouched(api)).toHaveLength(1)
  expect(await (await api.call('admin', 'DELETE', PATH)).json()).toMatchObject({ state: 'not', vouch: null })
  expect(vouched(api)).toEqual([])
  expect((await api.call('admin', 'DELETE', PATH)).status).toBe(404)
})

test.each(['approver', 'viewer', 'agent', 'nobody'])('%s may not', async (who) => {
  const api = withCatalog()
  expect((await api.call(who, 'POST', PATH, { sha256: SHA, reason: 'x' })).status).toBe(403)
  expect((await api.call(who, 'DELETE', PATH)).status).toBe(403)
  expect(vouched(api)).toEqual([])
})

test('an admin whose sign-in is old may not', async () => {
  const api = withCatalog()
  const admin = people['admin']
  if (admin === undefined) throw new Error('there is no admin')
  Object.assign(api.context.identities, { verify: async () => ({ ...admin, authTime: Date.now() - 86_400_000 }) })
  const response = await api.call('admin', 'POST', PATH, { sha256: SHA, reason: 'x' })
  expect(response.status).toBe(403)
  expect(await response.json()).toMatchObject({ type: 'urn:sallyport:problem:sign-in-old' })
  expect(vouched(api)).toEqual([])
})

test('it wants a reason and the whole hash', async () => {
  const api = withCatalog()
  expect((await api.call('admin', 'POST', PATH, { sha256: SHA, reason: ' ' })).status).toBe(400)
  expect((await api.call('admin', 'POST', PATH, { sha256: 'ab', reason: 'x' })).status).toBe(400)
})
