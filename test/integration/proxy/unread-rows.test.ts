import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL, READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { SHOP } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

const UPDATE = 'UPDATE public.counters SET n = n + 1 WHERE id <= 10 RETURNING id'
const OTHER = 'INSERT INTO public.imported VALUES (1)'

describe('a write whose rows the client leaves unread', () => {
  let fixture: GatewayFixture
  let wire: Wire
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
  })
  afterAll(async () => fixture?.stop())
  beforeEach(async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    await fixture.postgres.query('UPDATE public.counters SET n = 0; DELETE FROM public.imported', SHOP.database)
    wire = await fixture.through()
  })

  const changed = async () => {
    const [row] = await fixture.postgres.query<{ n: number; m: number }>(
      'SELECT (SELECT count(*)::int FROM public.counters WHERE n > 0) AS n, (SELECT count(*)::int FROM public.imported) AS m',
      SHOP.database,
    )
    return [row?.n, row?.m]
  }
  const partly = (...behind: Buffer[]) => [m.parse(UPDATE), m.bind(), m.describePortal(), m.execute('', 3), ...behind, m.sync()]

  it.each([
    ['a Sync', []],
    ['a Close of the portal', [m.closePortal()]],
    ['another statement', [m.parse(OTHER, 'other'), m.bind([], { statement: 'other', portal: 'other' }), m.execute('other')]],
    ['the next part', [m.execute('', 3)]],
  ])('is rolled back over its ceiling, whatever stands behind it: %s', async (_name, behind) => {
    wire.send(...partly(...behind))
    ;(await fixture.approvals.next()).approve({ maxRows: 5 })
    const { errors, tags, status } = await wire.answer()
    expect(errors).toMatchObject([{ C: '54000', M: expect.stringContaining('5 were approved') }])
    expect({ tags, status }).toEqual({ tags: [], status: 'I' })
    expect(await changed()).toEqual([0, 0])
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })

  it('fails its transaction over its ceiling, and nothing of it stays', async () => {
    await wire.query('BEGIN')
    wire.send(...partly(m.parse('SELECT 1'), m.bind(), m.execute()))
    ;(await fixture.approvals.next()).approve({ maxRows: 5 })
    expect(await wire.answer()).toMatchObject({ errors: [{ C: '54000' }], status: 'E' })
    expect((await wire.query('COMMIT')).tags).toEqual(['ROLLBACK'])
    expect(await changed()).toEqual([0, 0])
  })

  it('is as direct where all its rows were read', async () => {
    wire.send(m.parse(UPDATE), m.bind(), m.describePortal(), m.execute('', 50), m.closePortal(), m.sync())
    ;(await fixture.approvals.next()).approve({ maxRows: 10 })
    expect(await wire.answer()).toMatchObject({ errors: [], tags: ['UPDATE 10'], status: 'I' })
    expect((await changed())[0]).toBe(10)
  })

  it('is as direct where there is no ceiling: the rows come in parts, and it has written them all', async () => {
    fixture.setPolicy(ALLOW_ALL)
    wire.send(...partly(m.execute('', 3), m.closePortal()))
    const { rows, errors, status } = await wire.answer()
    expect({ rows: rows.length, errors, status }).toEqual({ rows: 6, errors: [], status: 'I' })
    expect((await changed())[0]).toBe(10)
  })
})

describe('a result over the connection’s limit, with more behind it in the pipeline', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: ALLOW_ALL, limits: { rows: 5 } })
  })
  afterAll(async () => fixture?.stop())

  it.each([
    ['that the server had done by then', UPDATE],
    ['that the server was still making', 'SELECT g FROM generate_series(1, 3000000) g'],
  ])('%s: one error, then nothing more of the pipeline', async (_name, sql) => {
    const wire = await fixture.through()
    wire.send(m.parse(sql), m.bind(), m.describePortal(), m.execute())
    wire.send(
      m.parse('SELECT id FROM public.customers WHERE id < 4', 'b'),
      m.bind([], { statement: 'b' }),
      m.describePortal(),
      m.execute(),
      m.sync(),
    )
    const messages = await wire.until('Z')
    const after = messages.slice(messages.findIndex(({ tag }) => tag === 'E'))
    expect(after.map(({ tag }) => tag).join('')).toBe('EZ')
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })
})

describe('a statement whose Describe was skipped', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: { ...ALLOW_ALL, sensitive: READS_AND_ASKED_WRITES.sensitive ?? [] } })
  })
  afterAll(async () => fixture?.stop())

  it.each([
    ['the statement', () => m.describeStatement('kept')],
    ['a portal', () => m.describePortal('p')],
  ])('is described anew for the next batch, which was on its way already: %s', async (_name, describe) => {
    const wire = await fixture.through()
    wire.send(m.parse('SELECT id, ssn FROM public.customers WHERE id < 3', 'kept'), m.sync())
    await wire.answer()
    wire.send(
      ...[m.parse('SELECT 1/0'), m.bind(), m.bind([], { statement: 'kept', portal: 'p' }), m.execute(), describe(), m.sync()],
      ...[m.bind([], { statement: 'kept' }), m.execute(), m.sync()],
    )
    expect((await wire.answer()).errors).toMatchObject([{ C: '22012' }])
    const { errors, rows, status } = await wire.answer()
    expect({ errors, status, rows: rows.length }).toEqual({ errors: [], status: 'I', rows: 2 })
    expect(JSON.stringify(rows.map((row) => row.map(String)))).not.toContain('987-65')
  })
})
