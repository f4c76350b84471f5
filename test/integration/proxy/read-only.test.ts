import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import type { PolicyLiteral } from '../../helpers/policy-literal.ts'

const READERS: PolicyLiteral = { rules: [{ effect: 'allow', statements: ['read', 'session', 'transaction'] }] }
const ASKED: PolicyLiteral = { rules: [...READERS.rules, { effect: 'ask', statements: ['write'] }] }
const INSERT = "INSERT INTO customers (id, name) VALUES (9001, 'Nils')"

let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await startGateway({ policy: READERS })
})
afterAll(async () => fixture?.stop())

const lockOf = async (wire: Awaited<ReturnType<GatewayFixture['through']>>) => (await wire.query('SHOW default_transaction_read_only')).text

it('where no rule lets anything be changed, the server holds a second lock', async () => {
  fixture.setPolicy(READERS)
  const wire = await fixture.through()
  expect(await lockOf(wire)).toEqual([['on']])
  expect((await wire.query(INSERT)).errors).toMatchObject([{ C: '42501' }])
})

it('a policy that allows more reaches a session that began before as an error that says to connect again, and nobody is asked', async () => {
  fixture.setPolicy(READERS)
  const wire = await fixture.through()
  fixture.setPolicy(ASKED)
  const asked = fixture.approvals.all.length
  for (const answer of [await wire.query(INSERT), await wire.extended(INSERT)]) {
    expect(answer).toMatchObject({ status: 'I', errors: [{ C: '25006', H: expect.stringContaining('Connect again') }] })
  }
  await wire.query('BEGIN')
  expect(await wire.query(INSERT)).toMatchObject({ status: 'E', errors: [{ C: '25006' }] })
  await wire.query('ROLLBACK')
  expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  expect(fixture.approvals.all).toHaveLength(asked)
})

it('an approved write inside the client’s own transaction is not stopped by it', async () => {
  fixture.setPolicy(ASKED)
  const wire = await fixture.through()
  expect(await lockOf(wire)).toEqual([['off']])
  await wire.query('BEGIN')
  const running = wire.query(INSERT)
  const request = await fixture.approvals.next()
  request.approve()
  expect(await running).toMatchObject({ tags: ['INSERT 0 1'], errors: [], status: 'T' })
  expect((await wire.query('ROLLBACK')).errors).toEqual([])
})

it('a client that made its own transaction read-only is told what the server tells', async () => {
  fixture.setPolicy({ rules: [{ effect: 'allow' }] })
  const wire = await fixture.through()
  const direct = await fixture.direct()
  for (const sql of ['SET default_transaction_read_only = on', 'BEGIN']) await Promise.all([wire.query(sql), direct.query(sql)])
  const [ours, theirs] = await Promise.all([wire.query(INSERT), direct.query(INSERT)])
  expect(ours.errors).toMatchObject([{ C: '25006' }])
  expect([ours.errors[0]?.['M'], ours.status]).toEqual([theirs.errors[0]?.['M'], theirs.status])
})

it('a policy that allows less holds at once, whatever the lock is', async () => {
  fixture.setPolicy({ rules: [{ effect: 'allow' }] })
  const wire = await fixture.through()
  fixture.setPolicy(READERS)
  expect((await wire.query(INSERT)).errors).toMatchObject([{ C: '42501' }])
})
