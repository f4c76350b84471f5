import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL, READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import type { Wire } from '../../helpers/wire-client.ts'

const DENIED = 'DROP TABLE public.imported'

/** Each is refused by the grammar, in the words of its own that PostgreSQL has for it. */
const UNREADABLE = [
  'SELECT 1 FORM x',
  'SELEC',
  "SELECT 'žluťoučký' FORM",
  "SELECT 'open",
  'SELECT (1',
  'SELECT $$a',
  'SELECT 1 LIMIT 1, 2',
  'SELECT 1::float(0)',
  'SELECT 1::float(54)',
  "SELECT E'\\u00'",
  'SELECT 1 FETCH FIRST 1 ROW WITH TIES',
  'SELECT sum(1) OVER (ROWS UNBOUNDED FOLLOWING)',
  'CREATE ASSERTION a CHECK (true)',
  "ALTER ROLE x UNENCRYPTED PASSWORD 'y'",
  'DROP OPERATOR = (int)',
  'CREATE SCHEMA IF NOT EXISTS x CREATE TABLE y ()',
  'CREATE ROLE none',
  'CREATE TABLE x (a int CHECK (a > 0) DEFERRABLE INITIALLY DEFERRED, b int, CHECK (b > 0) DEFERRABLE)',
]

describe('a statement that a rule denies', () => {
  let fixture: GatewayFixture
  let wire: Wire
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES })
    wire = await fixture.through()
  })
  afterAll(async () => fixture?.stop())

  const refusal = {
    S: 'ERROR',
    C: '42501',
    M: 'denied by rule "test-shop/4"',
    H: expect.stringContaining('Schema changes go through migrations.'),
  }

  it('is refused with the rule, what met it, where, and a hint', async () => {
    const { errors, status } = await wire.query(`  ${DENIED}`)
    expect(errors).toMatchObject([refusal])
    expect(errors[0]?.['D']).toMatch(/DROP.*public\.imported/)
    expect(status).toBe('I')
  })

  it('one denied statement among several denies the whole text, and none of it runs', async () => {
    const { errors, tags, rows } = await wire.query(`SELECT 1; ${DENIED}; SELECT 2`)
    expect({ errors, tags, rows }).toMatchObject({ errors: [refusal], tags: [], rows: [] })
  })

  it('is refused at Parse in the extended protocol, and the rest up to Sync is skipped', async () => {
    wire.send(m.parse(DENIED), m.describeStatement(), m.bind(), m.execute(), m.parse('SELECT 1'), m.bind(), m.execute(), m.sync())
    const answer = await wire.answer()
    expect(answer.messages.map(({ tag }) => tag)).toEqual(['E', 'Z'])
    expect(answer.errors).toMatchObject([refusal])
    expect(await wire.query('SELECT 1')).toMatchObject({ text: [['1']], status: 'I' })
  })

  it('a refusal in a pipeline before one Sync undoes what ran before it, as an error of the server would', async () => {
    fixture.setPolicy({ rules: [{ effect: 'deny', statements: ['ddl'] }, { effect: 'allow' }] })
    wire.send(m.parse('UPDATE public.counters SET n = 9 WHERE id = 50'), m.bind(), m.execute(), m.parse(DENIED), m.sync())
    const answer = await wire.answer()
    expect(answer.tags).toEqual(['UPDATE 1'])
    expect(answer.errors).toMatchObject([{ C: '42501' }])
    expect(await fixture.postgres.query('SELECT n FROM public.counters WHERE id = 50', 'shop')).toEqual([{ n: 0 }])
    fixture.setPolicy(READS_AND_ASKED_WRITES)
  })

  it.each(['simple', 'extended'])(
    'inside a transaction (%s) fails it upstream too, so that what the client is told is true',
    async (protocol) => {
      expect((await wire.query('BEGIN')).status).toBe('T')
      const refused = protocol === 'simple' ? await wire.query(DENIED) : await wire.extended(DENIED)
      expect(refused).toMatchObject({ errors: [refusal], status: 'E' })
      expect(await wire.query('SELECT 1')).toMatchObject({ errors: [{ C: '25P02' }], status: 'E' })
      expect(await wire.query('ROLLBACK')).toMatchObject({ tags: ['ROLLBACK'], status: 'I' })
      expect(await wire.query('SELECT 2')).toMatchObject({ text: [['2']], status: 'I' })
    },
  )

  it('a savepoint rolls back to before it', async () => {
    for (const sql of ['BEGIN', 'SAVEPOINT a']) await wire.query(sql)
    expect((await wire.query(DENIED)).status).toBe('E')
    expect(await wire.query('ROLLBACK TO a')).toMatchObject({ tags: ['ROLLBACK'], status: 'T' })
    expect(await wire.query('SELECT 3')).toMatchObject({ text: [['3']], status: 'T' })
    expect((await wire.query('COMMIT')).status).toBe('I')
  })

  it.each([
    ['a write hidden in a CTE', 'WITH w AS (DELETE FROM public.counters RETURNING 1) SELECT * FROM w', 'held'],
    ['EXPLAIN ANALYZE of a write', 'EXPLAIN ANALYZE DELETE FROM public.counters', 'held'],
    ['a lock', 'SELECT * FROM public.counters FOR UPDATE', 'held'],
    ['SELECT INTO', 'SELECT 1 INTO public.made', 'denied'],
    ['COPY TO PROGRAM', "COPY public.counters TO PROGRAM 'cat'", 'denied'],
    ['COPY FROM a server file', "COPY public.imported FROM '/etc/passwd'", 'denied'],
    ['a server file read', "SELECT pg_read_file('/etc/passwd')", 'denied'],
    ['a back end ended', 'SELECT pg_terminate_backend(1)', 'denied'],
    ['the team’s own function', 'SELECT public.bump(1)', 'denied'],
    ['DO', "DO $$BEGIN EXECUTE 'DROP TABLE public.imported'; END$$", 'denied'],
    ['SET ROLE', 'SET ROLE postgres', 'denied'],
    ['SET SESSION AUTHORIZATION', 'SET SESSION AUTHORIZATION postgres', 'denied'],
    ['standard_conforming_strings', 'SET standard_conforming_strings = off', 'denied'],
    ['client_encoding', "SET client_encoding = 'SJIS'", 'denied'],
    ['set_config of a setting that changes reading', "SELECT set_config('standard_conforming_strings', 'off', false)", 'denied'],
    ['LISTEN', 'LISTEN x', 'denied'],
    ['a prepared transaction', "PREPARE TRANSACTION 'x'", 'denied'],
    ['a sensitive column in a predicate', "SELECT id FROM public.customers WHERE ssn LIKE '987%'", 'held'],
    ['a table out of the allowed schemas', 'SELECT * FROM private.nothing', 'denied'],
    ['a table that does not exist', 'SELECT * FROM public.nothing', 'denied'],
  ])('%s does not pass as a read', async (_name, sql, how) => {
    const one = await fixture.through()
    const running = one.query(sql)
    if (how === 'held') (await fixture.approvals.next()).deny('no')
    const { errors, rows, status } = await running
    expect(errors).toHaveLength(1)
    expect(['42501', '0A000', '42P01', '3F000', '42883', '42704']).toContain(errors[0]?.['C'])
    expect({ rows, status }).toEqual({ rows: [], status: 'I' })
    one.destroy()
  })

  it('says where the grammar failed, as PostgreSQL does', async () => {
    const direct = await fixture.direct()
    for (const sql of UNREADABLE) {
      const [expected, found] = [await direct.query(sql), await wire.query(sql)]
      const pick = ({ errors }: typeof found) => errors.map(({ S, C, M, D, H, P }) => ({ S, C, M, D, H, P }))
      expect(pick(found)).toEqual(pick(expected))
    }
  })

  it.each([
    "SET client_encoding = 'LATIN1'",
    "SET NAMES 'SJIS'",
    'SET standard_conforming_strings = off',
    'SET LOCAL standard_conforming_strings TO off',
    "SELECT set_config('client_encoding', 'SQL_ASCII', false)",
    "SELECT set_config('standard_conforming_strings', lower('OFF'), true)",
    'SELECT 1; SET standard_conforming_strings = off; SELECT 2',
  ])('refuses %s as an SQL error even where all is allowed, and the session goes on', async (sql) => {
    fixture.setPolicy(ALLOW_ALL)
    try {
      const one = await fixture.through()
      expect(await one.query(sql)).toMatchObject({ errors: [{ S: 'ERROR', C: '0A000' }], rows: [], status: 'I' })
      one.send(m.parse(sql.split('; ').at(-1) === sql ? sql : "SET NAMES 'LATIN1'"), m.sync())
      expect(await one.answer()).toMatchObject({ errors: [{ S: 'ERROR', C: '0A000' }], status: 'I' })
      expect((await one.query("SHOW client_encoding; SHOW standard_conforming_strings; SET NAMES 'UTF8'")).text).toEqual([['UTF8'], ['on']])
      one.destroy()
    } finally {
      fixture.setPolicy(READS_AND_ASKED_WRITES)
    }
  })

  it('refuses a function call by the wire as an SQL error, and the session goes on', async () => {
    wire.send(m.functionCall(1598, []))
    const { errors, status } = await wire.answer()
    expect(errors).toMatchObject([{ S: 'ERROR', C: '0A000', M: expect.stringContaining('function call') }])
    expect(status).toBe('I')
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
  })
})
