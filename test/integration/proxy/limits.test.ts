import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { heldBuffers } from '../../helpers/held-buffers.ts'
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

describe('a client that asks for much and reads nothing', () => {
  it('is not read from while too much is owed, and gets each of its million answers', async () => {
    const fixture = await startGateway({ policy: ALLOW_ALL })
    try {
      const wire = await fixture.through()
      await wire.query('SELECT 1')
      const received = wire.readRaw()
      wire.pause()
      const before = process.memoryUsage().heapUsed
      const syncs = Buffer.concat(Array.from({ length: 1_000 }, () => m.sync()))
      wire.send(m.query('SELECT pg_sleep(2)'))
      for (let i = 0; i < 1_000; i++) wire.send(syncs)
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(40 << 20)
      wire.resume()
      const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
      const answers = () => received().length - received().indexOf(ready)
      await expect.poll(answers, { timeout: 50_000, interval: 500 }).toBe(1_000_001 * ready.length)
    } finally {
      await fixture.stop()
    }
  })

  it('a pipeline of more than that, of which the server tells nothing before its Sync, goes on', async () => {
    const fixture = await startGateway({ policy: ALLOW_ALL })
    try {
      const wire = await fixture.through()
      const one = Buffer.concat([m.parse('SELECT 1', ''), m.closeStatement('nothing')])
      wire.send(...Array.from({ length: 20_000 }, () => one), m.sync())
      const { messages, errors } = await wire.answer(1, 50_000)
      expect(errors).toEqual([])
      expect(messages).toHaveLength(40_001)
    } finally {
      await fixture.stop()
    }
  })
})

describe('long values', () => {
  let fixture: GatewayFixture
  const SEARCHED = { rules: [{ effect: 'allow' as const }], patterns: [{ name: 'credit_card', mask: 'redact' as const }] }
  beforeAll(async () => {
    fixture = await startGateway({ policy: SEARCHED, limits: { resultBytes: 64 << 20 } })
    await fixture.postgres.query('CREATE TABLE long (what text); GRANT ALL ON long TO PUBLIC', 'shop')
  })
  afterAll(async () => fixture?.stop())

  it.each([
    ['beyond what can be searched', 40_000_000, 'search or mask'],
    ['beyond limits.resultBytes', 70_000_000, 'limits.resultBytes'],
  ])('one %s is refused before it has come, and the session goes on', async (_what, size, why) => {
    const wire = await fixture.through()
    const sql = `SELECT repeat('x', ${size})`
    const before = process.memoryUsage().arrayBuffers
    for (const answer of [await wire.query(sql, 30_000), await wire.extended(sql), await wire.query(`COPY (${sql}) TO STDOUT`, 30_000)]) {
      expect(answer.errors).toMatchObject([{ S: 'ERROR', C: '54000', M: expect.stringContaining(why) }])
      expect([answer.rows, answer.copied.length]).toEqual([[], 0])
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 << 20)
    expect((await wire.query("SELECT '4111 1111 1111 1111'")).text).toEqual([['*redacted*']])
  })

  it('one that can be searched is', async () => {
    const wire = await fixture.through()
    const sql = "SELECT repeat('x', 2000000) || ' 4111 1111 1111 1111'"
    for (const { text } of [await wire.query(sql, 30_000), await wire.extended(sql)])
      expect(text[0]?.[0]?.slice(-20)).toBe('xxxxxxxxx *redacted*')
  })

  it('one message of COPY data of any length goes on as it comes', async () => {
    const wire = await fixture.through()
    wire.send(m.query('COPY long FROM STDIN'))
    await wire.until('G')
    const line = Buffer.from(`${'y'.repeat(999_999)}\n`)
    const lines = 60
    const before = heldBuffers()
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, heldBuffers() - before)
    }, 20)
    const header = Buffer.from([0x64, 0, 0, 0, 0])
    header.writeInt32BE(4 + lines * line.length, 1)
    wire.send(header)
    for (let i = 0; i < lines; i++) wire.send(line)
    wire.send(m.copyDone())
    const answer = await wire.answer(1, 30_000)
    clearInterval(watch)
    expect([answer.tags, answer.errors]).toEqual([[`COPY ${lines}`], []])
    expect(most).toBeLessThan(40 << 20)
    expect((await wire.query('SELECT count(*), min(length(what)), max(length(what)) FROM long')).text).toEqual([['60', '999999', '999999']])
  })

  it('COPY data that goes on after its COPY has failed is passed over', async () => {
    const wire = await fixture.through()
    wire.send(m.query('COPY long FROM STDIN'))
    await wire.until('G')
    wire.send(m.copyData(`too\tmany\n${'z'.repeat(5_000_000)}\n`), m.copyDone())
    expect(await wire.answer(1, 30_000)).toMatchObject({ errors: [{ C: '22P04' }], status: 'I' })
    expect((await wire.query("SELECT 'still here'")).text).toEqual([['still here']])
  })

  it('a Bind beyond its limit is an error that names it, and the session goes on', async () => {
    const wire = await fixture.through()
    wire.send(m.parse('SELECT length($1)', '', [25]), m.bind(['x'.repeat((64 << 20) + 1)]), m.execute(), m.sync())
    expect(await wire.answer(1, 30_000)).toMatchObject({
      errors: [{ S: 'ERROR', C: '54000', M: expect.stringContaining('67108864') }],
      status: 'I',
    })
    expect((await wire.extended('SELECT length($1)', ['x'.repeat(1 << 20)], { types: [25] })).text).toEqual([['1048576']])
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
      // 150 MB, of which the client reads nothing for a while.
      const done = wire.discardUntil(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]), () =>
        wire.send(m.query("SELECT repeat('x', 1000) FROM generate_series(1, 150000)")),
      )
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(process.memoryUsage().rss - before).toBeLessThan(60 << 20)
      wire.resume()
      expect((await done).toString('latin1')).toContain('SELECT 150000')
    } finally {
      await fixture.stop()
    }
  })
})
