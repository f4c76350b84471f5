import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../../helpers/policy-literal.ts'

describe('limits of a connection', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: ALLOW_ALL, limits: { rows: 1_000, resultBytes: 1 << 20, statementTimeoutMs: 600 } })
  })
  afterAll(async () => fixture?.stop())

  it.each([
    ['rows', 'SELECT i FROM generate_series(1, 1001) i', '1000'],
    ['bytes', "SELECT repeat('x', 200000) FROM generate_series(1, 10)", ''],
  ])('more %s than the limit end as 54000 that names it, and the session goes on', async (_what, sql, value) => {
    const wire = await fixture.through()
    for (const answer of [await wire.query(sql), await wire.extended(sql)]) {
      expect(answer.errors).toMatchObject([{ S: 'ERROR', C: '54000', M: expect.stringContaining(value) }])
      expect(answer.status).toBe('I')
      expect(answer.rows.length).toBeLessThanOrEqual(1_000)
    }
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })

  it('exactly the limit passes', async () => {
    const wire = await fixture.through()
    const { rows, errors } = await wire.query('SELECT i FROM generate_series(1, 1000) i')
    expect({ rows: rows.length, errors }).toEqual({ rows: 1_000, errors: [] })
  })

  it('a statement that runs too long is ended, and the client cannot lift that', async () => {
    const wire = await fixture.through({ parameters: { statement_timeout: '0' } })
    expect((await wire.query('SELECT pg_sleep(5)')).errors).toMatchObject([{ C: '57014' }])
    await wire.query('SET statement_timeout = 0')
    expect((await wire.query('SELECT pg_sleep(5)')).errors).toMatchObject([{ C: '57014' }])
  })

  it('an endless result is stopped at the limit although the client reads nothing, and memory stays', async () => {
    const wire = await fixture.through()
    wire.pause()
    const before = process.memoryUsage().rss
    wire.send(m.query("SELECT repeat('x', 1000) FROM generate_series(1, 100000000)"))
    await new Promise((resolve) => setTimeout(resolve, 800))
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20)
    wire.resume()
    expect((await wire.answer()).errors).toHaveLength(1)
  })
})

describe('a slow client', () => {
  it('does not make memory grow with the result, and gets every row', async () => {
    const fixture = await startGateway({ policy: ALLOW_ALL, limits: { rows: 10_000_000, resultBytes: 1 << 30 } })
    try {
      const wire = await fixture.through()
      await wire.query("SELECT repeat('x', 1000) FROM generate_series(1, 1000)")
      wire.pause()
      const before = process.memoryUsage().rss
      // 300 MB, of which the client reads nothing for a while.
      const done = wire.discardUntil(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]), () =>
        wire.send(m.query("SELECT repeat('x', 1000) FROM generate_series(1, 300000)")),
      )
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(process.memoryUsage().rss - before).toBeLessThan(60 << 20)
      wire.resume()
      expect((await done).toString('latin1')).toContain('SELECT 300000')
    } finally {
      await fixture.stop()
    }
  })
})
