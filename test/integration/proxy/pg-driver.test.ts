import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL, READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { cancel } from '../../helpers/wire-client.ts'

describe('the pg driver', () => {
  let fixture: GatewayFixture
  const pools: pg.Pool[] = []
  const pool = (connectionString: string, max = 4): pg.Pool => {
    const made = new pg.Pool({ connectionString, max })
    made.on('error', () => undefined)
    pools.push(made)
    return made
  }
  beforeAll(async () => {
    fixture = await startGateway()
  })
  afterAll(async () => {
    await Promise.all(pools.map((each) => each.end()))
    await fixture?.stop()
  })

  it.each([
    ['plain', { text: 'SELECT id, name, balance FROM public.customers ORDER BY id' }],
    ['parameters', { text: 'SELECT $1::int + id AS n, $2::text AS t FROM public.counters ORDER BY id LIMIT 3', values: [5, 'x'] }],
    ['a named statement', { name: 'by-id', text: 'SELECT * FROM public.orders WHERE id = $1', values: [3] }],
    ['arrays and JSON', { text: 'SELECT tags, data, placed_at FROM public.orders ORDER BY id LIMIT 4' }],
    ['rows as arrays', { text: 'SELECT 1 a, 2 a', rowMode: 'array' }],
    ['no rows', { text: 'SELECT id FROM public.counters WHERE false' }],
  ])('gets the same for %s', async (_name, query) => {
    fixture.setPolicy(ALLOW_ALL)
    const [direct, through] = [pool(fixture.directUrl, 1), pool(fixture.url, 1)]
    for (let i = 0; i < 2; i++) {
      const [expected, found] = [await direct.query(query), await through.query(query)]
      expect(found.rows).toEqual(expected.rows)
      expect(found.fields).toEqual(expected.fields)
      expect([found.command, found.rowCount]).toEqual([expected.command, expected.rowCount])
    }
  })

  it('keeps a pool usable after refusals', async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const one = pool(fixture.url, 1)
    for (const text of ['DROP TABLE public.orders', 'CREATE TABLE public.x (a int)', 'GRANT ALL ON public.orders TO public']) {
      await expect(one.query(text)).rejects.toMatchObject({ code: '42501', message: 'denied by rule "test-shop/4"' })
      await expect(one.query(text, [])).rejects.toMatchObject({ code: '42501' })
      await expect(one.query({ name: text, text, values: [] })).rejects.toMatchObject({ code: '42501' })
      expect((await one.query('SELECT $1::int AS n', [1])).rows).toEqual([{ n: 1 }])
    }
    expect(one.totalCount).toBe(1)
  })

  it('rolls back after a refusal inside a transaction, and the server agrees', async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const client = await pool(fixture.url, 1).connect()
    await client.query('BEGIN')
    await expect(client.query('DROP TABLE public.orders', [])).rejects.toMatchObject({ code: '42501' })
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
    client.release()
  })

  it('gets its parameter types for a statement that will be asked about, and is held at Bind with its values', async () => {
    fixture.setPolicy(READS_AND_ASKED_WRITES)
    const running = pool(fixture.url, 1).query('UPDATE public.counters SET n = $1 WHERE id = $2 RETURNING n', [77, 6])
    const asked = await fixture.approvals.next()
    expect(asked.request.parameters).toMatchObject([
      { text: '77', hidden: false },
      { text: '6', hidden: false },
    ])
    asked.approve()
    const { rows, rowCount } = await running
    expect({ rows, rowCount }).toEqual({ rows: [{ n: 77 }], rowCount: 1 })
  })

  it('runs many at once on one pool', async () => {
    fixture.setPolicy(ALLOW_ALL)
    const many = pool(fixture.url, 10)
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => many.query('SELECT $1::int AS n', [i])))
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 200 }, (_, i) => i))
  })

  it('cancels what runs', async () => {
    fixture.setPolicy(ALLOW_ALL)
    const client = new pg.Client({ connectionString: fixture.url, query_timeout: 60_000 })
    await client.connect()
    const running = client.query('SELECT pg_sleep(30)')
    const expected = expect(running).rejects.toMatchObject({ code: '57014' })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
    const secret = Buffer.alloc(4)
    secret.writeInt32BE(secretKey)
    await cancel({ port: fixture.port }, { pid: processID, secret })
    await expected
    expect((await client.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }])
    await client.end()
  })
})
