import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { cancel, type Wire } from '../../helpers/wire-client.ts'

const bump = (id: number, by = 1): string => `UPDATE public.counters SET n = n + ${by} WHERE id = ${id}`

describe('a statement that a person must decide on', () => {
  let fixture: GatewayFixture
  const n = async (id: number): Promise<number> =>
    (await fixture.postgres.query<{ n: number }>(`SELECT n FROM public.counters WHERE id = ${id}`, 'shop'))[0]?.n ?? -1
  const idle = (wire: Wire) => wire.query('SELECT 1').then(({ text, status }) => ({ text, status }))
  const USABLE = { text: [['1']], status: 'I' }

  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
  })
  afterEach(() => fixture.setPolicy(READS_AND_ASKED_WRITES))
  afterAll(async () => fixture?.stop())

  const send = {
    simple: (wire: Wire, sql: string) => wire.query(sql),
    extended: (wire: Wire, sql: string) => wire.extended(sql),
  }

  describe.each(['simple', 'extended'] as const)('in the %s protocol', (protocol) => {
    const id = protocol === 'simple' ? 10 : 20

    it('is sent once approved, and answers as the server does', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, bump(id))
      const asked = await fixture.approvals.next()
      expect(await n(id)).toBe(0)
      expect(asked.request).toMatchObject({ sql: bump(id), connection: 'shop', who: { subject: 'cursor-agent' } })
      expect(asked.request.verdict).toMatchObject({ effect: 'ask', rule: { id: 'test-shop/3' } })
      asked.approve({ by: 'Ada', reason: 'as discussed' })
      const answer = await running
      expect({ tags: answer.tags, errors: answer.errors, status: answer.status }).toEqual({ tags: ['UPDATE 1'], errors: [], status: 'I' })
      expect(answer.notices[0]).toMatchObject({ M: expect.stringContaining(`held for approval #${asked.number} (rule "test-shop/3")`) })
      expect(await n(id)).toBe(1)
      expect(asked.state).toBe('used')
    })

    it('is refused with the person’s words when denied, and never runs', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, bump(id + 1))
      ;(await fixture.approvals.next()).deny('use the staging database', 'Ada Approver')
      const { errors, status, tags } = await running
      expect(errors).toMatchObject([{ S: 'ERROR', C: '42501', M: expect.stringContaining('use the staging database') }])
      expect({ status, tags }).toEqual({ status: 'I', tags: [] })
      expect(await n(id + 1)).toBe(0)
      expect(await idle(wire)).toEqual(USABLE)
    })

    it('is refused when nobody decides in time, and runs when it is sent again after a late approval', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, bump(id + 2))
      const asked = await fixture.approvals.next()
      asked.expire(Date.UTC(2030, 0, 1))
      const { errors, status } = await running
      expect(errors).toMatchObject([{ C: '57014', H: expect.stringContaining('2030-01-01') }])
      expect(status).toBe('I')
      expect(await n(id + 2)).toBe(0)
      const again = send[protocol](wire, bump(id + 2))
      const second = await fixture.approvals.next()
      expect(second.number).toBe(asked.number)
      second.approve()
      expect((await again).tags).toEqual(['UPDATE 1'])
      expect(await n(id + 2)).toBe(1)
    })

    it('is withdrawn by CancelRequest', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, bump(id + 3))
      const asked = await fixture.approvals.next()
      await cancel({ port: fixture.port }, wire.key)
      expect((await running).errors).toMatchObject([{ C: '57014', M: 'canceling statement due to user request' }])
      expect(asked.state).toBe('withdrawn')
      expect(await n(id + 3)).toBe(0)
      expect(await idle(wire)).toEqual(USABLE)
    })

    it('does not run when the client is gone, whatever is decided then', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, bump(id + 4)).catch(() => undefined)
      const asked = await fixture.approvals.next()
      wire.destroy()
      await running
      await expect.poll(() => asked.waiting).toBe(0)
      expect(asked.state).toBe('withdrawn')
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(await n(id + 4)).toBe(0)
    })

    it('is decided again by the policy of the moment when it is approved', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, bump(id + 5))
      const asked = await fixture.approvals.next()
      fixture.setPolicy({ rules: [{ effect: 'deny', statements: ['write'] }, { effect: 'allow' }] })
      asked.approve()
      expect((await running).errors).toMatchObject([{ C: '42501' }])
      expect(await n(id + 5)).toBe(0)
    })

    it('is rolled back when it touches more rows than were approved', async () => {
      const wire = await fixture.through()
      const running = send[protocol](wire, `UPDATE public.counters SET n = n + 100 WHERE id BETWEEN ${id} AND ${id + 6}`)
      ;(await fixture.approvals.next()).approve({ maxRows: 3 })
      const { errors, status } = await running
      expect(errors).toMatchObject([{ C: '54000', M: expect.stringMatching(/7 rows.*3/) }])
      expect(status).toBe('I')
      expect(await n(id + 6)).toBe(0)
      expect(await idle(wire)).toEqual(USABLE)
    })

    it('holds inside a transaction: the client’s view of it stays true, approved or denied', async () => {
      const wire = await fixture.through()
      await wire.query('BEGIN')
      let running = send[protocol](wire, bump(id + 7))
      ;(await fixture.approvals.next()).approve()
      expect(await running).toMatchObject({ tags: ['UPDATE 1'], status: 'T' })
      running = send[protocol](wire, bump(id + 7, 10))
      ;(await fixture.approvals.next()).deny('no')
      expect((await running).status).toBe('E')
      expect(await wire.query('SELECT 1')).toMatchObject({ errors: [{ C: '25P02' }], status: 'E' })
      expect(await wire.query('COMMIT')).toMatchObject({ tags: ['ROLLBACK'], status: 'I' })
      expect(await n(id + 7)).toBe(0)
    })
  })

  it('in a pipeline: what stands before it is answered, what stands behind it waits, in order', async () => {
    const wire = await fixture.through()
    wire.send(
      ...[m.parse('SELECT 1'), m.bind(), m.execute(), m.sync()],
      ...[m.parse(bump(40)), m.bind(), m.execute(), m.sync()],
      ...[m.parse('SELECT n FROM public.counters WHERE id = 40'), m.bind(), m.execute(), m.sync()],
    )
    expect((await wire.answer()).text).toEqual([['1']])
    const asked = await fixture.approvals.next()
    expect(wire.messages.filter(({ tag }) => tag === 'D')).toHaveLength(1)
    asked.approve()
    expect((await wire.answer()).tags).toEqual(['UPDATE 1'])
    expect((await wire.answer()).text).toEqual([['1']])
  })

  it('denied in a pipeline before one Sync: all behind it in that run is skipped, and nothing of the run stays', async () => {
    const wire = await fixture.through()
    const write = (sql: string) => [m.parse(sql), m.bind(), m.execute()]
    wire.send(...write(bump(41)), ...write(bump(42)), ...write('SELECT 1'), m.sync())
    ;(await fixture.approvals.next()).approve()
    ;(await fixture.approvals.next()).deny('no')
    const { errors, tags, status, rows } = await wire.answer()
    expect({ tags, status, rows }).toEqual({ tags: ['UPDATE 1'], status: 'I', rows: [] })
    expect(errors).toHaveLength(1)
    expect([await n(41), await n(42)]).toEqual([0, 0])
    expect(await idle(wire)).toEqual(USABLE)
  })

  describe('with much behind it', () => {
    const MANY = 200
    /** 20 MB of statements: more than the queue and the sockets of the system take. */
    const flood = Buffer.concat(Array.from({ length: MANY }, () => m.query(`SELECT 1 /* ${'x'.repeat(100_000)} */`)))
    const start = async () => {
      const wire = await fixture.through()
      wire.send(m.query(bump(50)))
      const asked = await fixture.approvals.next()
      wire.send(flood)
      await new Promise((resolve) => setTimeout(resolve, 500))
      return { wire, asked }
    }

    it('takes only a bounded part of it, and all of it in order once approved; others are served meanwhile', async () => {
      const before = process.memoryUsage().arrayBuffers
      const { wire, asked } = await start()
      expect(wire.unsent).toBeGreaterThan(0)
      await new Promise((resolve) => setTimeout(resolve, 2_500))
      expect(wire.unsent).toBeGreaterThan(0)
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(flood.length + (24 << 20))
      expect(await idle(await fixture.through())).toEqual(USABLE)
      asked.approve()
      expect((await wire.answer()).tags).toEqual(['UPDATE 1'])
      const { text, errors } = await wire.answer(MANY, 30_000)
      expect({ rows: text.length, errors }).toEqual({ rows: MANY, errors: [] })
      expect(wire.unsent).toBe(0)
    })

    it('is withdrawn by CancelRequest, and what stands behind it is answered', async () => {
      const { wire, asked } = await start()
      await cancel({ port: fixture.port }, wire.key)
      expect((await wire.answer()).errors).toMatchObject([{ C: '57014' }])
      expect((await wire.answer(MANY, 30_000)).text).toHaveLength(MANY)
      expect(asked.state).toBe('withdrawn')
    })

    it('is withdrawn when the client goes, although it was not read any more', async () => {
      const wire = await fixture.through()
      wire.send(m.query(bump(51)))
      const asked = await fixture.approvals.next()
      wire.send(flood.subarray(0, 3 << 20))
      await new Promise((resolve) => setTimeout(resolve, 500))
      wire.destroy()
      await expect.poll(() => asked.state, { timeout: 15_000 }).toBe('withdrawn')
      expect(await n(51)).toBe(0)
    })
  })

  it('cancelled in a pipeline in a transaction: the rest is skipped, the transaction has failed, and it can be rolled back', async () => {
    const wire = await fixture.through()
    await wire.query('BEGIN')
    wire.send(m.parse(bump(52)), m.bind(), m.execute(), m.parse('SELECT 1'), m.bind(), m.execute(), m.sync())
    await fixture.approvals.next()
    await cancel({ port: fixture.port }, wire.key)
    const { errors, tags, status } = await wire.answer()
    expect({ errors: errors.map(({ C }) => C), tags, status }).toEqual({ errors: ['57014'], tags: [], status: 'E' })
    expect((await wire.query('ROLLBACK')).status).toBe('I')
  })

  it('waits by itself: another that was asked about later may go first', async () => {
    const [one, two] = [await fixture.through(), await fixture.through()]
    const first = one.query(bump(53))
    const asked = await fixture.approvals.next()
    const second = two.query(bump(54))
    ;(await fixture.approvals.next()).approve()
    expect((await second).tags).toEqual(['UPDATE 1'])
    asked.approve()
    expect((await first).tags).toEqual(['UPDATE 1'])
  })

  it('a COPY that is held takes its data once approved, and none of it when denied', async () => {
    const wire = await fixture.through()
    for (const yes of [true, false]) {
      wire.send(m.query('COPY public.imported FROM STDIN'))
      const asked = await fixture.approvals.next()
      if (yes) asked.approve({ maxRows: 2 })
      else asked.deny('no')
      const opening = await wire.until('GZ')
      if (yes) wire.send(m.copyData('1\ta\n2\tb\n'), m.copyDone())
      expect(opening.at(-1)?.tag).toBe(yes ? 'G' : 'Z')
      if (yes) expect((await wire.answer()).tags).toEqual(['COPY 2'])
    }
    expect(await fixture.postgres.query('SELECT count(*)::int AS n FROM public.imported', 'shop')).toEqual([{ n: 2 }])
  })

  it('other sessions do not notice', async () => {
    const [held, other] = [await fixture.through(), await fixture.through()]
    const running = held.query(bump(43))
    const asked = await fixture.approvals.next()
    for (let i = 0; i < 20; i++) expect((await other.query('SELECT 1')).text).toEqual([['1']])
    asked.approve()
    await running
  })

  it('an approval runs once: the same statement again is asked again', async () => {
    const wire = await fixture.through()
    const first = wire.query(bump(44))
    const asked = await fixture.approvals.next()
    asked.approve()
    await first
    const second = wire.query(bump(44))
    const again = await fixture.approvals.next()
    expect(again.number).not.toBe(asked.number)
    again.deny('once is enough')
    await second
    expect(await n(44)).toBe(1)
  })

  it('a late approval is for the same person, text and parameters only', async () => {
    const [wire, other] = [await fixture.through(), await fixture.through({ password: 'other-token' })]
    const update = 'UPDATE public.counters SET n = $1 WHERE id = $2'
    const numbers = new Set<string>()
    for (const [client, sql, values] of [
      [wire, update, ['1', '45']],
      [wire, update, ['2', '45']],
      [wire, `${update} `, ['1', '45']],
      [other, update, ['1', '45']],
    ] as const) {
      const running = client.extended(sql, values)
      const asked = await fixture.approvals.next()
      numbers.add(asked.request.key)
      asked.deny('no')
      await running
    }
    expect(numbers.size).toBe(4)
  })

  it('a shutdown withdraws it and says so', async () => {
    const own = await startGateway({ policy: READS_AND_ASKED_WRITES })
    try {
      const wire = await own.through()
      wire.send(m.query(bump(1)))
      const asked = await own.approvals.next()
      await own.gateway.close(2_000)
      const error = (await wire.until('E')).at(-1)
      expect(
        error &&
          new Map(
            error.body
              .toString('utf8')
              .split('\0')
              .map((field) => [field[0], field.slice(1)]),
          ).get('C'),
      ).toBe('57P01')
      expect(asked.state).toBe('withdrawn')
      expect(await own.postgres.query('SELECT n FROM public.counters WHERE id = 1', 'shop')).toEqual([{ n: 0 }])
    } finally {
      await own.stop()
    }
  })

  it('is recorded with its question and its answer before it is sent', async () => {
    const wire = await fixture.through()
    const running = wire.query(bump(46))
    const asked = await fixture.approvals.next()
    asked.approve({ by: 'Ada', reason: 'why not' })
    await running
    const { session } = fixture.recorder.of('statement').findLast(({ sql }) => sql === bump(46)) ?? { session: '' }
    const kinds = fixture.recorder.events.filter((event) => event.session === session).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind !== 'response')).toEqual(['opened', 'statement', 'asked', 'answered', 'sent', 'finished'])
  })
})
