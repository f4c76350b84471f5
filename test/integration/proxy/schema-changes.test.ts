import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import type { Wire } from '../../helpers/wire-client.ts'

/** Everything is allowed, and still masked: a schema change must not become a way around the labels. */
const MASKED_ONLY = { ...READS_AND_ASKED_WRITES, rules: [{ effect: 'allow' as const }] }

describe('a view that is made on the way', () => {
  let fixture: GatewayFixture
  let wire: Wire

  beforeAll(async () => {
    fixture = await startGateway({ policy: MASKED_ONLY })
    const direct = await fixture.direct()
    await direct.query("CREATE VIEW public.harmless AS SELECT 'nothing'::text AS x FROM public.customers")
    wire = await fixture.through()
  })
  afterAll(() => fixture.stop())

  const REMAKE = 'CREATE OR REPLACE VIEW public.harmless AS SELECT ssn::text AS x FROM public.customers'
  const READ = 'SELECT substr(x, 1, 99) AS y FROM public.harmless'

  it('is read masked in the transaction that remade it', async () => {
    await wire.query('BEGIN')
    expect((await wire.query(REMAKE)).errors).toEqual([])
    for (const answer of [await wire.query(READ), await wire.extended(READ, [])]) {
      expect(answer).toMatchObject({ errors: [], status: 'T' })
      expect(new Set(answer.text.flat())).toEqual(new Set(['*redacted*']))
    }
    expect((await wire.query('ROLLBACK')).status).toBe('I')
    expect((await wire.query(READ)).text[0]).toEqual(['nothing'])
  })

  it('is read masked where a savepoint took its harmless form back', async () => {
    await wire.query(REMAKE)
    await wire.query('BEGIN; SAVEPOINT a')
    await wire.query("CREATE OR REPLACE VIEW public.harmless AS SELECT 'nothing'::text AS x FROM public.customers")
    expect((await wire.query(READ)).errors).toEqual([])
    await wire.query('ROLLBACK TO a')
    const { errors, text } = await wire.query(READ)
    expect(errors).toEqual([])
    expect(text[0]).toEqual(['*redacted*'])
    await wire.query('ROLLBACK')
  })

  it('keeps a label on its column in the transaction that renamed it', async () => {
    await wire.query('BEGIN')
    await wire.query('ALTER TABLE public.customers RENAME COLUMN ssn TO shoe')
    await wire.query('ALTER TABLE public.customers RENAME TO people')
    for (const sql of ['SELECT shoe FROM public.people LIMIT 1', 'SELECT lower(shoe) FROM public.people LIMIT 1']) {
      const { errors, text } = await wire.query(sql)
      expect(errors).toEqual([])
      expect(text).toEqual([['*redacted*']])
    }
    await wire.query('ROLLBACK')
  })

  it('is read masked where it is new, and not at all where it cannot be told what it shows', async () => {
    const made = 'CREATE VIEW public.brand_new AS SELECT ssn AS x FROM public.customers'
    await wire.query('BEGIN')
    await wire.query(made)
    expect((await wire.query('SELECT x FROM public.brand_new LIMIT 1')).text).toEqual([['*redacted*']])
    await wire.query('ROLLBACK')
    await wire.query('BEGIN')
    wire.send(m.parse(made), m.bind(), m.execute(), m.parse('SELECT x FROM public.brand_new'), m.bind(), m.execute(), m.sync())
    expect(await wire.answer()).toMatchObject({ errors: [{ C: '42501' }], rows: [], status: 'E' })
    await wire.query('ROLLBACK')
  })

  it('stays unread while a lock keeps us from looking, and the transaction goes on', async () => {
    const other = await fixture.direct()
    await other.query('CREATE VIEW public.lone AS SELECT 1 AS a')
    await wire.query('SELECT 1')
    await wire.query('BEGIN')
    await other.query('BEGIN; LOCK TABLE public.lone IN ACCESS EXCLUSIVE MODE')
    await wire.query(REMAKE)
    expect((await wire.query('SAVEPOINT a')).errors).toEqual([])
    const refused = await wire.query(READ)
    expect(refused).toMatchObject({ errors: [{ C: '42501', M: 'denied: this transaction has changed the schema' }], status: 'E' })
    expect((await wire.query('ROLLBACK TO a')).status).toBe('T')
    await other.query('ROLLBACK')
    expect((await wire.query(READ)).text[0]).toEqual(['*redacted*'])
    expect((await wire.query('ROLLBACK')).status).toBe('I')
  })

  it('is not read later in the same string', async () => {
    const { errors, rows } = await wire.query(`${REMAKE}; ${READ}`)
    expect(errors[0]).toMatchObject({ C: '42501' })
    expect(rows).toEqual([])
  })

  it('is read masked once the change is committed', async () => {
    expect((await wire.query(REMAKE)).errors).toEqual([])
    const { errors, text } = await wire.query('SELECT x FROM public.harmless LIMIT 1')
    expect(errors).toEqual([])
    expect(text).toEqual([['*redacted*']])
  })
})

describe('a script that makes what it uses', () => {
  let fixture: GatewayFixture
  let wire: Wire

  beforeAll(async () => {
    const [ask, read, write, deny] = READS_AND_ASKED_WRITES.rules
    if (ask === undefined || read === undefined || write === undefined || deny === undefined) throw new Error('the policy has other rules')
    const everyday = {
      ...read,
      statements: ['read', 'session', 'transaction', 'write', 'ddl'] as const,
      tables: ['public.*', 'pg_temp*.*', 'pg_catalog.*'],
    }
    fixture = await startGateway({
      policy: { ...READS_AND_ASKED_WRITES, rules: [ask, everyday, { ...deny, statements: ['privilege', 'admin', 'unknown'] }] },
    })
    wire = await fixture.through()
  })
  afterAll(() => fixture.stop())

  it('uses a temporary table in the transaction that made it', async () => {
    await wire.query('BEGIN')
    await wire.query('DECLARE c CURSOR FOR SELECT id FROM public.counters ORDER BY id')
    await wire.query('FETCH 2 FROM c')
    expect((await wire.query('CREATE TEMP TABLE t (a int, b text) ON COMMIT DROP')).errors).toEqual([])
    const path = await wire.query('SHOW search_path')
    for (const sql of ["INSERT INTO t VALUES (1, 'x')", 'CREATE INDEX ON t (a)', 'UPDATE t SET b = b || 1 WHERE a = 1'])
      expect((await wire.query(sql)).errors).toEqual([])
    expect((await wire.query('SELECT a, b FROM t')).text).toEqual([['1', 'x1']])
    expect((await wire.extended('SELECT b FROM t WHERE a = $1', ['1'])).text).toEqual([['x1']])
    expect((await wire.query('SHOW search_path')).text).toEqual(path.text)
    expect((await wire.query('SHOW lock_timeout')).text).toEqual([['0']])
    expect((await wire.query('FETCH 1 FROM c')).text).toEqual([['3']])
    expect((await wire.query('COMMIT')).status).toBe('I')
    expect((await wire.query('SELECT a FROM t')).errors[0]).toMatchObject({ C: '42P01' })
  })

  it('sees no message of our own questions', async () => {
    await wire.query('BEGIN')
    await wire.query('CREATE TABLE public.made (a int)')
    const { messages } = await wire.query('SELECT a FROM public.made')
    expect(messages.map(({ tag }) => tag).join('')).toBe('TCZ')
    await wire.query('ROLLBACK')
  })
})
