import net from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { heldBuffers } from '../../helpers/held-buffers.ts'
import { type PolicyLiteral, READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import type { Answer, Wire } from '../../helpers/wire-client.ts'

/** Reads run and are masked; writes are asked about, without a ceiling on rows. */
const MASKED_READS: PolicyLiteral = {
  ...READS_AND_ASKED_WRITES,
  rules: [
    { effect: 'allow', statements: ['read', 'session', 'transaction'], tables: ['public.*', 'pg_catalog.*'] },
    { effect: 'ask', statements: ['write'] },
  ],
  sensitive: [{ label: 'pii', mask: 'redact', columns: ['public.customers.name', 'public.customers.ssn'] }],
}

const bump = (id: number, by = 1): string => `UPDATE public.counters SET n = n + ${by} WHERE id = ${id}`
const everything = ({ messages }: Pick<Answer, 'messages'>): string => Buffer.concat(messages.map(({ body }) => body)).toString('latin1')
const FAILS_AT_PARSE = "SELECT 'x'::int"

describe('a client that speaks the protocol by hand', () => {
  let fixture: GatewayFixture
  const n = async (id: number): Promise<number> =>
    (await fixture.postgres.query<{ n: number }>(`SELECT n FROM public.counters WHERE id = ${id}`, 'shop'))[0]?.n ?? -1

  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
  })
  afterEach(() => fixture.setPolicy(READS_AND_ASKED_WRITES))
  afterAll(async () => fixture?.stop())

  const approved = async (wire: Wire, sql: string, options = {}): Promise<Answer> => {
    const running = wire.query(sql)
    ;(await fixture.approvals.next()).approve(options)
    return running
  }

  it('cannot bind again what a person approved once under a ceiling', async () => {
    const wire = await fixture.through()
    wire.send(m.parse('SELECT 1'), m.sync())
    await wire.answer()
    expect((await approved(wire, bump(1))).tags).toEqual(['UPDATE 1'])
    wire.send(m.bind(), m.execute(), m.sync())
    expect((await wire.answer()).errors).toMatchObject([{ C: '26000' }])
    expect(await n(1)).toBe(1)
  })

  it('gets nothing by a Query that the server skipped behind a failed Parse', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    wire.send(m.parse(FAILS_AT_PARSE), m.query("SELECT 'a'"))
    await wire.until('E')
    wire.send(m.query("SELECT 'b'"), m.sync())
    await wire.answer()
    wire.send(m.query('SELECT name::int FROM public.customers'))
    const error = await wire.answer()
    expect(everything(error)).not.toMatch(/Customer/)
    wire.send(m.query('SELECT substr(name, 1, 20) FROM public.customers'))
    const answer = await wire.answer()
    expect(everything(answer)).not.toMatch(/Customer/)
    expect(answer.tags).toEqual(['SELECT 50'])
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })

  it('cannot hide what EXECUTE runs behind a prepared EXECUTE', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    await wire.query('PREPARE inner_one AS SELECT substr(name, 1, 20) FROM public.customers')
    wire.send(m.parse('EXECUTE inner_one', 'outer_one'), m.sync())
    await wire.answer()
    const answer = await wire.query('EXECUTE outer_one')
    expect(everything(answer)).not.toMatch(/Customer/)
    expect(answer.errors).toMatchObject([{ C: '0A000' }])
  })

  it('cannot move a name behind a prepared PREPARE', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    await wire.query("PREPARE x AS SELECT 'harmless'")
    wire.send(m.parse('DEALLOCATE x', 'gone'), m.parse('PREPARE x AS SELECT substr(name, 1, 20) FROM public.customers', 'made'), m.sync())
    await wire.answer()
    await wire.query('EXECUTE gone')
    await wire.query('EXECUTE made')
    expect(everything(await wire.query('EXECUTE x'))).not.toMatch(/Customer/)
  })

  it('cannot read a cursor as another statement of the string that declared it', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    await wire.query('BEGIN')
    await wire.query("SELECT 'x'; DECLARE c CURSOR FOR SELECT substr(name, 1, 20) FROM public.customers")
    wire.send(m.execute('c'), m.sync())
    const answer = await wire.answer()
    expect(answer.rows).toHaveLength(50)
    expect(everything(answer)).not.toMatch(/Customer/)
  })

  it('cannot take the reveal of a cursor further than its DECLARE', async () => {
    fixture.setPolicy({ ...MASKED_READS, rules: [{ effect: 'ask', shows: ['pii'] }, { effect: 'allow' }] })
    const wire = await fixture.through()
    await wire.query('BEGIN')
    await approved(wire, 'DECLARE c CURSOR FOR SELECT name FROM public.customers', { reveal: true })
    wire.send(m.execute('c'), m.sync())
    const answer = await wire.answer()
    expect(everything(answer)).not.toMatch(/Customer/)
    expect(answer.errors).toMatchObject([{ C: '42501' }])
  })

  it('cannot have one approval of EXECUTE for two statements', async () => {
    fixture.setPolicy(MASKED_READS)
    const keys = new Set<string>()
    for (const id of [2, 3]) {
      const wire = await fixture.through()
      wire.send(m.parse(bump(id), 'x'), m.sync())
      await wire.answer()
      const running = wire.query('EXECUTE x')
      const asked = await fixture.approvals.next()
      keys.add(asked.request.key)
      asked.deny('no')
      await running
    }
    expect(keys.size).toBe(2)
  })

  it('cannot have one approval for two statements that one string prepared', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    await approved(wire, `PREPARE a AS ${bump(4)}; PREPARE b AS ${bump(5)}`)
    const keys = new Set<string>()
    for (const statement of ['a', 'b']) {
      wire.send(m.bind([], { statement }), m.execute(), m.sync())
      const asked = await fixture.approvals.next()
      keys.add(asked.request.key)
      asked.deny('no')
      await wire.answer()
    }
    expect(keys.size).toBe(2)
  })

  it('is masked also where a person approved the Bind of what SQL prepared', async () => {
    fixture.setPolicy({ ...MASKED_READS, rules: [{ effect: 'ask', tables: ['public.customers'] }, { effect: 'allow' }] })
    const wire = await fixture.through()
    await approved(wire, "SELECT 'x'; PREPARE a AS SELECT substr(name, 1, 20) FROM public.customers")
    wire.send(m.bind([], { statement: 'a' }), m.execute(), m.sync())
    ;(await fixture.approvals.next()).approve()
    const answer = await wire.answer()
    expect(answer.rows).toHaveLength(50)
    expect(everything(answer)).not.toMatch(/Customer/)
  })

  it('has rows of EXECUTE searched as what they are now, not as what the name stood for', async () => {
    const wire = await fixture.through()
    await wire.query('PREPARE x AS SELECT 1')
    wire.send(m.parse('EXECUTE x', 's'), m.bind([], { statement: 's' }), m.execute(), m.sync())
    expect((await wire.answer()).text).toEqual([['1']])
    await wire.query('DEALLOCATE x')
    await wire.query('PREPARE x AS SELECT note FROM public.customers WHERE id = 5')
    wire.send(m.bind([], { statement: 's' }), m.execute(), m.sync())
    expect(everything(await wire.answer())).not.toMatch(/4111 1111/)
  })

  it('reads no value from the error of a cursor that COMMIT fills', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    await wire.query('BEGIN')
    await wire.query('DECLARE c CURSOR WITH HOLD FOR SELECT name::int FROM public.customers')
    const commit = await wire.query('COMMIT')
    expect(commit.errors).toMatchObject([{ C: '22P02' }])
    expect(everything(commit)).not.toMatch(/Customer/)
    const atSync = await wire.extended('DECLARE c CURSOR WITH HOLD FOR SELECT name::int FROM public.customers')
    expect(atSync.errors).toMatchObject([{ C: '22P02' }])
    expect(everything(atSync)).not.toMatch(/Customer/)
  })

  it('cannot write more rows than were approved beside the counted ones', async () => {
    const wire = await fixture.through()
    const sql = `WITH more AS (UPDATE public.counters SET n = n + 1 WHERE id BETWEEN 60 AND 69) ${bump(70)}`
    const answer = await approved(wire, sql, { maxRows: 1 })
    expect(answer.errors).toMatchObject([{ C: '54000' }])
    expect(await n(60)).toBe(0)
    await approved(wire, `PREPARE many AS ${sql}`, { maxRows: 100 })
    expect((await approved(wire, 'EXECUTE many', { maxRows: 1 })).errors).toMatchObject([{ C: '54000' }])
    expect(await n(60)).toBe(0)
  })

  it('does not hang when it takes an approved RETURNING row by row', async () => {
    const wire = await fixture.through()
    wire.send(m.parse('UPDATE public.counters SET n = n + 1 WHERE id BETWEEN 80 AND 85 RETURNING id'), m.bind(), m.execute('', 2), m.sync())
    ;(await fixture.approvals.next()).approve({ maxRows: 3 })
    expect((await wire.answer()).errors).toMatchObject([{ C: '54000' }])
    expect(await n(80)).toBe(0)
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })

  it('may send one long message', async () => {
    const wire = await fixture.through()
    const long = 'x'.repeat(3_000_000)
    expect((await wire.extended('SELECT length($1::text)', [long])).text).toEqual([['3000000']])
  })

  it('is answered in order when its pipeline failed while a statement was held', async () => {
    const wire = await fixture.through()
    wire.send(m.parse(bump(90), 'later'), m.sync())
    await wire.answer()
    wire.send(m.parse(FAILS_AT_PARSE), m.bind([], { statement: 'later' }), m.execute(), m.sync())
    const asked = await fixture.approvals.next()
    await wire.until('E')
    asked.approve()
    expect((await wire.answer()).status).toBe('I')
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
    expect(await n(90)).toBe(0)
    expect(asked.state).not.toBe('used')
  })

  it('has no approval of one meaning for parameters of other types', async () => {
    fixture.setPolicy(MASKED_READS)
    const wire = await fixture.through()
    const keys = new Set<string>()
    for (const types of [
      [23, 23],
      [25, 25],
    ]) {
      const running = wire.extended('DELETE FROM public.counters WHERE $1 < $2', ['9', '10'], { types })
      const asked = await fixture.approvals.next()
      keys.add(asked.request.key)
      asked.deny('no')
      await running
    }
    expect(keys.size).toBe(2)
  })

  it('is told of a failed COPY also under a ceiling, and goes on', async () => {
    const wire = await fixture.through()
    wire.send(m.query('COPY public.imported FROM STDIN'))
    ;(await fixture.approvals.next()).approve({ maxRows: 5 })
    await wire.until('G')
    wire.send(m.copyData('not a number\tx\n'))
    const answer = await wire.answer(1, 3000)
    expect(answer.errors).toMatchObject([{ C: '22P02' }])
    expect(answer.status).toBe('I')
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })

  it('has the masks lifted for one answer only, also where the rule is gone by then', async () => {
    fixture.setPolicy({ ...MASKED_READS, rules: [{ effect: 'ask', shows: ['pii'] }, { effect: 'allow' }] })
    const wire = await fixture.through()
    wire.send(m.parse('SELECT name FROM public.customers', 'names'), m.sync())
    await wire.answer()
    const take = [m.bind([], { statement: 'names' }), m.execute(), m.sync()]
    wire.send(...take)
    const asked = await fixture.approvals.next()
    fixture.setPolicy(MASKED_READS)
    asked.approve({ reveal: true })
    expect(everything(await wire.answer())).toMatch(/Customer/)
    wire.send(...take)
    const answer = await wire.answer()
    expect(answer.rows).toHaveLength(50)
    expect(everything(answer)).not.toMatch(/Customer/)
  })

  it('waits for the people of the rule of now, when another rule asks after the approval', async () => {
    fixture.setPolicy({
      rules: [
        { effect: 'allow', statements: ['session', 'transaction'] },
        { effect: 'ask', statements: ['write'] },
      ],
    })
    const wire = await fixture.through()
    const running = wire.query(bump(91))
    const asked = await fixture.approvals.next()
    fixture.setPolicy({ rules: [{ effect: 'ask', statements: ['write'], approvers: ['owners'] }, { effect: 'allow' }] })
    asked.approve()
    const second = await fixture.approvals.next()
    expect(second.number).not.toBe(asked.number)
    second.deny('no')
    expect((await running).errors).toMatchObject([{ C: '42501' }])
    expect(await n(91)).toBe(0)
  })

  it('cannot run a domain’s code by declaring it as the type of a parameter', async () => {
    await fixture.postgres.query('CREATE DOMAIN public.touchy AS int CHECK (public.bump(value) IS NULL)', 'shop')
    const [{ oid } = { oid: 0 }] = await fixture.postgres.query<{ oid: number }>("SELECT 'public.touchy'::regtype::oid AS oid", 'shop')
    for (const type of [oid, 4_000_000_000]) {
      const wire = await fixture.through()
      const answer = await wire.extended('SELECT $1', ['92'], { types: [type] })
      expect(answer.errors).toMatchObject([{ C: '42501' }])
      expect(answer.rows).toEqual([])
    }
    expect(await n(92)).toBe(0)
    const wire = await fixture.through()
    expect((await wire.extended('SELECT $1', ['92'], { types: [23] })).text).toEqual([['92']])
    await fixture.postgres.query('DROP DOMAIN public.touchy', 'shop')
  })

  it('is not told of an error that undid nothing, when RETURNING gives more rows than it may have', async () => {
    const own = await startGateway({ policy: { rules: [{ effect: 'allow' }] }, limits: { rows: 5 } })
    try {
      const wire = await own.through()
      const answer = await wire.query('UPDATE public.counters SET n = n + 1 WHERE id BETWEEN 1 AND 20 RETURNING id')
      const [row] = await own.postgres.query<{ n: number }>('SELECT n FROM public.counters WHERE id = 1', 'shop')
      expect(answer.errors).toMatchObject([{ C: '54000' }])
      if (row?.n === 1) expect(answer.errors[0]?.['D']).toMatch(/what they changed stays/)
    } finally {
      await own.stop()
    }
  })

  it('cannot fill the memory by sending on after its session has ended', async () => {
    const socket = net.connect({ port: fixture.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    const ended = new Promise((resolve) => socket.once('end', resolve))
    socket.resume()
    socket.write(Buffer.concat([m.startup({ user: 'agent', database: 'shop' }), m.password(AGENT_TOKEN)]))
    socket.write(m.message('?'))
    await ended
    const before = heldBuffers()
    const chunk = Buffer.alloc(1 << 20)
    const gone = new Promise((resolve) => socket.once('close', resolve))
    for (let i = 0; i < 64 && !socket.destroyed; i++) {
      if (!socket.write(chunk)) await Promise.race([gone, new Promise((resolve) => socket.once('drain', resolve))])
    }
    // What is kept stays kept; what was only just read is let go in a moment.
    let after = heldBuffers()
    for (let i = 0; i < 30 && after - before >= 32 << 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      after = heldBuffers()
    }
    socket.destroy()
    expect(after - before).toBeLessThan(32 << 20)
  })
})
