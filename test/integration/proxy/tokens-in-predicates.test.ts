import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import type { PolicyLiteral } from '../../helpers/policy-literal.ts'
import { hasPsql, psql } from '../../helpers/psql.ts'
import type { Answer, Wire } from '../../helpers/wire-client.ts'

const POLICY: PolicyLiteral = {
  rules: [
    { effect: 'deny', uses: ['pii', 'secret'] },
    { effect: 'allow', statements: ['read', 'write', 'session', 'transaction'], tables: ['public.*', 'pg_catalog.*'] },
    { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'] },
  ],
  sensitive: [
    { label: 'pii', mask: 'token', predicates: true, columns: ['public.customers.email', 'public.people.id', 'public.people.code'] },
    { label: 'secret', mask: 'token', columns: ['public.customers.ssn'] },
  ],
}

/** Awkward on purpose: quotes, backslashes, commas, braces, not only ASCII. */
const ODD = 'o\'clo"ck\\n,{}ü$1@example.com'

let fixture: GatewayFixture
let wire: Wire

const everything = ({ messages }: Pick<Answer, 'messages'>): string => Buffer.concat(messages.map(({ body }) => body)).toString('latin1')

async function tokenOf(id: number, through = wire): Promise<string> {
  const { text } = await through.query(`SELECT email FROM public.customers WHERE id = ${id}`)
  return String(text[0]?.[0])
}

async function ids(sql: string, through = wire): Promise<(string | null)[]> {
  const { text, errors } = await through.query(sql)
  expect(errors, sql).toEqual([])
  return text.map((row) => row[0] ?? null)
}

beforeAll(async () => {
  fixture = await startGateway({ policy: POLICY })
  await fixture.postgres.query(
    `SET ROLE app_rw;
     UPDATE public.customers SET email = '${ODD.replaceAll("'", "''")}' WHERE id = 9;
     CREATE TABLE public.people (id uuid, code char(30), note text);
     INSERT INTO public.people VALUES ('3f333df6-90a4-4fda-8dd3-9485d27cee36', 'secret code 1', 'c1@example.com'), (gen_random_uuid(), 'code 2', 'x');
     CREATE VIEW public.mails AS SELECT id, email FROM public.customers UNION ALL SELECT 0, note FROM public.people;
     CREATE VIEW public.addresses AS SELECT id AS number, email AS address FROM public.customers`,
    'shop',
  )
  await fixture.postgres.query("ALTER SYSTEM SET log_statement = 'all'")
  await fixture.postgres.query('ALTER SYSTEM SET log_min_duration_statement = 0')
  await fixture.postgres.query('SELECT pg_reload_conf()')
  fixture.setPolicy(POLICY)
  wire = await fixture.through()
})
afterAll(async () => fixture?.stop())
beforeEach(() => {
  fixture.recorder.events.length = 0
})

describe('a token that was shown finds its rows', () => {
  it.each([
    ['=', (t: string) => `SELECT id FROM public.customers WHERE email = '${t}'`],
    ['the other way round', (t: string) => `SELECT id FROM public.customers WHERE '${t}'='tok_x' OR '${t}' = email`],
    ['no space anywhere', (t: string) => `SELECT id FROM public.customers WHERE email='${t}'AND(email='${t}')`],
    ['a cast to text', (t: string) => `SELECT id FROM public.customers WHERE email = '${t}'::text AND email = CAST('${t}' AS varchar)`],
    ['IN', (t: string) => `SELECT id FROM public.customers WHERE email IN ('${t}', '${t}')`],
    ['ANY of an ARRAY', (t: string) => `SELECT id FROM public.customers WHERE email = ANY (ARRAY['${t}'])`],
    ['ANY of a literal', (t: string) => `SELECT id FROM public.customers WHERE email = ANY ('{${t}}')`],
    ['IS NOT DISTINCT FROM', (t: string) => `SELECT id FROM public.customers WHERE email IS NOT DISTINCT FROM '${t}'`],
    ['a view', (t: string) => `SELECT number FROM public.addresses a WHERE a.address = '${t}'`],
    ['a subselect', (t: string) => `SELECT s.n FROM (SELECT id AS n, email AS e FROM public.customers) s WHERE s.e = '${t}'`],
    ['a CTE', (t: string) => `WITH c AS (SELECT * FROM public.customers WHERE email = '${t}') SELECT id FROM c`],
    ['a join', (t: string) => `SELECT c.id FROM public.orders o JOIN public.customers c ON c.id = o.customer_id AND c.email = '${t}'`],
    [
      'NOT IN',
      (t: string) =>
        `SELECT id FROM public.customers WHERE id IN (9, 10) AND id NOT IN (SELECT id FROM public.customers WHERE email NOT IN ('${t}'))`,
    ],
  ])('%s', async (_, sql) => {
    const token = await tokenOf(9)
    expect(token).toMatch(/^tok_[a-z2-7]{20}$/)
    if (sql === undefined) return
    expect(await ids(_ === 'the other way round' ? sql(token).replace(/'[^']+'='tok_x' OR /, '') : sql(token))).toEqual(['9'])
  })

  it('changes rows: UPDATE and DELETE with RETURNING', async () => {
    const token = await tokenOf(9)
    await wire.query('BEGIN')
    const updated = await wire.query(`UPDATE public.customers SET note = 'seen' WHERE email = '${token}' RETURNING id, email, note`)
    expect(updated.text).toEqual([['9', token, 'seen']])
    expect(updated.tags).toEqual(['UPDATE 1'])
    await wire.query(`DELETE FROM public.orders USING public.customers c WHERE c.id = customer_id AND c.email = '${token}'`)
    await wire.query('ROLLBACK')
    expect(everything(updated)).not.toContain('clo')
  })

  it('uuid and character(n)', async () => {
    const { text } = await wire.query("SELECT id, code FROM public.people WHERE note = 'c1@example.com'")
    const [id, code] = text[0] as string[]
    expect(id).not.toBe('3f333df6-90a4-4fda-8dd3-9485d27cee36')
    expect(await ids(`SELECT 1 FROM public.people WHERE id = '${id}' AND code = '${code}'`)).toEqual(['1'])
    expect(await ids(`SELECT 1 FROM public.people WHERE id = '${id}'::uuid AND code = '${code?.trimEnd()}'`)).toEqual(['1'])
    const raw = Buffer.from(String(id).replaceAll('-', ''), 'hex')
    const bound = await wire.extended('SELECT 1 FROM public.people WHERE id = $1', [raw], { parameterFormats: [1] })
    expect(bound.text).toEqual([['1']])
  })

  it('bound as a parameter, in text and in binary, alone and in arrays', async () => {
    const [nine, two] = [await tokenOf(9), await tokenOf(2)]
    const sql = 'SELECT id FROM public.customers WHERE email = $1'
    for (const parameterFormats of [[], [0], [1]]) expect((await wire.extended(sql, [nine], { parameterFormats })).text).toEqual([['9']])
    const many = 'SELECT id FROM public.customers WHERE email = ANY ($1) ORDER BY 1'
    expect((await wire.extended(many, [`{${nine},"${two}"}`])).text).toEqual([['2'], ['9']])
    const head = Buffer.from('00000001000000000000001900000002000000010000001800000000', 'hex').subarray(0, 20)
    const element = (token: string) => Buffer.concat([m.int32(token.length), Buffer.from(token)])
    const binary = await wire.extended(many, [Buffer.concat([head, element(nine), element(two)])], { parameterFormats: [1] })
    expect(binary.text).toEqual([['2'], ['9']])
    const mixed = await wire.extended(`SELECT id, $2::int FROM public.customers WHERE email IN ($1, '${two}') AND id > $3 ORDER BY 1`, [
      nine,
      '7',
      '0',
    ])
    expect(mixed.text).toEqual([
      ['2', '7'],
      ['9', '7'],
    ])
  })

  it('a prepared statement is bound again with other tokens, and tells the client of its own parameters only', async () => {
    const [nine, two, three] = [await tokenOf(9), await tokenOf(2), await tokenOf(3)]
    wire.send(
      m.parse(`SELECT id FROM public.customers WHERE email = '${nine}' OR email = $1 ORDER BY 1`, 'p'),
      m.describeStatement('p'),
      m.sync(),
    )
    const described = await wire.answer()
    expect(described.errors).toEqual([])
    expect(described.messages.find(({ tag }) => tag === 't')?.body.toString('hex')).toBe('000100000019')
    for (const [token, id] of [
      [two, '2'],
      [three, '3'],
    ]) {
      wire.send(m.bind([token as string], { statement: 'p' }), m.describePortal(), m.execute(), m.sync())
      const answer = await wire.answer()
      expect(answer.text).toEqual([[id], ['9']])
    }
    wire.send(m.bind(['c2@example.com'], { statement: 'p' }), m.execute(), m.sync())
    expect((await wire.answer()).errors[0]).toMatchObject({ C: '42501' })
    wire.send(m.closeStatement('p'), m.sync())
    await wire.answer()
  })

  it('pg and psql', async () => {
    const client = new pg.Client({ connectionString: fixture.url })
    await client.connect()
    const [{ email }] = (await client.query('SELECT email FROM public.customers WHERE id = 4')).rows as [{ email: string }]
    expect((await client.query('SELECT id FROM public.customers WHERE email = $1', [email])).rows).toEqual([{ id: 4 }])
    expect((await client.query('SELECT id FROM public.customers WHERE email = ANY ($1)', [[email]])).rows).toEqual([{ id: 4 }])
    await client.end()
    if (hasPsql())
      expect(await psql(fixture.url, ['-Atc', `SELECT id FROM public.customers WHERE email = '${email}'`])).toMatchObject({ out: '4\n' })
  })

  it('is recorded with the token, and the value is nowhere', async () => {
    const token = await tokenOf(9)
    await wire.query(`SELECT id, email FROM public.customers WHERE email = '${token}'`)
    await wire.extended('SELECT id FROM public.customers WHERE email = $1', [token])
    const kept = fixture.recorder.events.map((event) => {
      if (event.kind === 'response') return event.frames.toString('latin1')
      return event.kind === 'statement'
        ? `${event.sql} ${event.bind?.toString('latin1') ?? ''} ${JSON.stringify(event.judged.verdict)}`
        : ''
    })
    expect(kept.filter((one) => one.includes(`email = '${token}'`))).toHaveLength(1)
    expect(kept.join('\n')).not.toContain('clo"ck')
  })

  it('its errors point into the text that the client sent', async () => {
    const token = await tokenOf(2)
    for (const sql of [
      `SELECT id FROM public.customers WHERE email = '${token}' AND id = now()`,
      `SELECT 'ü', id = now() FROM public.customers WHERE email = '${token}'`,
    ]) {
      const { errors } = await wire.query(sql)
      expect(errors[0]).toMatchObject({ P: String(sql.indexOf('= now()') + 1) })
      const extended = await wire.extended(sql)
      expect(extended.errors[0]).toMatchObject({ P: String(sql.indexOf('= now()') + 1) })
    }
  })
})

describe('a token is refused', () => {
  it('when it was not shown, and says so', async () => {
    const sql = "SELECT id FROM public.customers WHERE email = 'tok_aaaaaaaaaaaaaaaaaaaa'"
    for (const answer of [
      await wire.query(sql),
      await wire.extended(sql),
      await wire.extended('SELECT id FROM public.customers WHERE email = $1', ['tok_aaaaaaaaaaaaaaaaaaaa']),
    ]) {
      expect(answer.errors[0]).toMatchObject({
        C: '42501',
        H: expect.stringContaining('was not shown to you on this connection') as string,
      })
    }
  })

  it('when it was shown to somebody else', async () => {
    const other = await fixture.through({ password: 'other-token' })
    const token = await tokenOf(11, other)
    expect(await ids(`SELECT id FROM public.customers WHERE email = '${token}'`, other)).toEqual(['11'])
    expect((await wire.query(`SELECT id FROM public.customers WHERE email = '${token}'`)).errors[0]).toMatchObject({ C: '42501' })
  })

  it('and is known in another session of the same person', async () => {
    const again = await fixture.through({ password: AGENT_TOKEN })
    expect(await ids(`SELECT id FROM public.customers WHERE email = '${await tokenOf(12)}'`, again)).toEqual(['12'])
  })

  it('when the label does not allow it', async () => {
    const { text } = await wire.query('SELECT ssn FROM public.customers WHERE id = 2')
    expect((await wire.query(`SELECT id FROM public.customers WHERE ssn = '${text[0]?.[0]}'`)).errors[0]).toMatchObject({ C: '42501' })
  })

  it('one text is judged by its tokens, not by what was judged of another text of its shape', async () => {
    const token = await tokenOf(2)
    const sql = (value: string) => `SELECT id FROM public.customers WHERE email = '${value}' -- shape`
    for (const round of [0, 1, 2]) {
      expect((await wire.query(sql('c2@example.com'))).errors, String(round)).toHaveLength(1)
      expect(await ids(sql(token))).toEqual(['2'])
      expect((await wire.query(sql('tok_aaaaaaaaaaaaaaaaaaaa'))).errors).toHaveLength(1)
      expect((await wire.query(sql(token.replace('tok_', 'TOK_')))).errors).toHaveLength(1)
    }
  })
})

describe('no way gets the value out', () => {
  const ATTACKS: Readonly<Record<string, (t: string) => string>> = {
    'the token in the select list': (t) => `SELECT '${t}' FROM public.customers WHERE email = '${t}'`,
    'a column of no label': (t) => `SELECT note FROM public.people WHERE note = '${t}'`,
    'a union with a column of no label': (t) => `SELECT id FROM public.mails WHERE email = '${t}'`,
    concatenated: (t) => `SELECT id FROM public.customers WHERE email = '${t}' || ''`,
    LIKE: (t) => `SELECT id FROM public.customers WHERE email LIKE '${t}'`,
    cut: (t) => `SELECT id FROM public.customers WHERE email = '${t}'::varchar(1)`,
    'a cast that fails': (t) => `SELECT id FROM public.customers WHERE email = '${t}' AND ('${t}')::int = 1`,
    'text before the literal': (t) => `SELECT id FROM public.customers WHERE email = text '${t}'`,
    'a literal that goes on': (t) => `SELECT id FROM public.customers WHERE email = '${t}'\n''`,
    current_query: (t) => `SELECT current_query() FROM public.customers WHERE email = '${t}'`,
    EXPLAIN: (t) => `EXPLAIN (VERBOSE) SELECT id FROM public.customers WHERE email = '${t}'`,
    'EXPLAIN ANALYZE': (t) => `EXPLAIN ANALYZE SELECT id FROM public.customers WHERE email = '${t}'`,
    COPY: (t) => `COPY (SELECT id FROM public.customers WHERE email = '${t}') TO STDOUT`,
    'an error in the same statement': (t) => `SELECT (email || '')::int FROM public.customers WHERE email = '${t}'`,
    CASE: (t) => `SELECT CASE WHEN email = '${t}' THEN email END FROM public.customers`,
    'a number too big': (t) => `SELECT 1/(id-9), email FROM public.customers WHERE email = '${t}'`,
    'two statements': (t) => `SELECT 1; SELECT id FROM public.customers WHERE email = '${t}'`,
    PREPARE: (t) => `PREPARE q AS SELECT id FROM public.customers WHERE email = '${t}'`,
    DECLARE: (t) => `BEGIN; DECLARE c CURSOR FOR SELECT id FROM public.customers WHERE email = '${t}'; COMMIT`,
    pg_stat_activity: (t) =>
      `SELECT a.query FROM pg_stat_activity a, public.customers c WHERE c.email = '${t}' AND a.pid = pg_backend_pid()`,
    pg_prepared_statements: (t) => `SELECT s.* FROM pg_prepared_statements s, public.customers c WHERE c.email = '${t}'`,
    pg_cursors: (t) => `SELECT s.* FROM pg_cursors s, public.customers c WHERE c.email = '${t}'`,
    xml: (t) => `SELECT query_to_xml('SELECT 1', true, true, '') FROM public.customers WHERE email = '${t}'`,
    'a dollar quote': (t) => `SELECT id FROM public.customers WHERE email = $q$${t}$q$`,
    'an escape string': (t) => `SELECT id FROM public.customers WHERE email = E'${t}'`,
    'SELECT INTO': (t) => `SELECT '${t}' AS x INTO TEMP t FROM public.customers WHERE email = '${t}'`,
    'RETURNING of another value': (t) => `UPDATE public.customers SET note = '${t}' WHERE email = '${t}' RETURNING note`,
    'INSERT of the token': (t) =>
      `INSERT INTO public.people (note) SELECT '${t}' FROM public.customers WHERE email = '${t}' RETURNING note`,
    'INSERT of the column': (t) =>
      `INSERT INTO public.people (note) SELECT email FROM public.customers WHERE email = '${t}' RETURNING note`,
    'sorting by it': (t) => `SELECT id FROM public.customers ORDER BY email = '${t}', email`,
  }

  /** These run; the token stays a token in them. All others are refused. */
  const RUN = new Set([
    'the token in the select list',
    'a column of no label',
    'pg_stat_activity',
    'pg_prepared_statements',
    'pg_cursors',
    'RETURNING of another value',
    'INSERT of the token',
  ])

  it.each(Object.keys(ATTACKS))('%s', async (name) => {
    const token = await tokenOf(9)
    const attacker = await fixture.through()
    const sql = (ATTACKS[name] as (t: string) => string)(token)
    const seen: Answer[] = []
    for (const setting of ['SET client_min_messages = log', 'SET client_min_messages = debug1']) seen.push(await attacker.query(setting))
    seen.push(await attacker.query(sql), await attacker.extended(sql))
    seen.push(await attacker.query('SELECT count(*) FROM public.people'), await attacker.query('ROLLBACK'))
    expect(seen[2]?.errors.length === 0, JSON.stringify(seen[2]?.errors)).toBe(RUN.has(name))
    for (const answer of seen) expect(everything(answer)).not.toMatch(/clo"ck|clo\\"ck|636c6f22/)
    await attacker.end()
  })

  const PARAMETERS: Readonly<Record<string, string>> = {
    shown: 'SELECT $1::text FROM public.customers WHERE email = $1',
    concatenated: "SELECT id FROM public.customers WHERE email = $1 AND ($1 || 'x')::int = 1",
    'compared with a column of no label': 'SELECT note FROM public.people p, public.customers c WHERE c.email = $1 AND p.note = $1',
    cast: 'SELECT id FROM public.customers WHERE email = $1::varchar(2)',
    'limited by': 'SELECT id FROM public.customers WHERE email = $1 LIMIT length($1)',
  }
  it.each(Object.keys(PARAMETERS))('a parameter that is also %s', async (name) => {
    const token = await tokenOf(9)
    const answer = await wire.extended(PARAMETERS[name] as string, [token])
    expect(answer.errors[0]).toMatchObject({ C: '42501' })
  })

  it('what the server logs of parameters, at once and when the portal ends', async () => {
    const token = await tokenOf(9)
    const attacker = await fixture.through()
    await attacker.query('SET client_min_messages = log')
    const sql = 'SELECT id FROM public.customers WHERE email = $1'
    attacker.send(m.parse(sql), m.bind([token]), m.sync())
    const bound = await attacker.answer()
    await attacker.query('BEGIN')
    const run = await attacker.extended(sql, [token])
    const after = [
      await attacker.query('SELECT 1'),
      await attacker.query('COMMIT'),
      await attacker.query(`SELECT id FROM public.customers WHERE email = '${token}'`),
    ]
    const all = [bound, run, ...after]
    expect(all.flatMap(({ notices }) => notices).length).toBeGreaterThan(3)
    for (const answer of all) expect(everything(answer)).not.toContain('clo"ck')
    await attacker.end()
  })
})

it('a statement with tokens that a person approves runs under its ceiling, and the person reads the token', async () => {
  const [first, , ...rest] = POLICY.rules
  fixture.setPolicy({
    ...POLICY,
    rules: [
      ...(first === undefined ? [] : [first]),
      { effect: 'allow', statements: ['read', 'session', 'transaction'], tables: ['public.*'] },
      { effect: 'ask', statements: ['write'], maxRows: 1 },
      ...rest,
    ],
  })
  const token = await tokenOf(9)
  const sql = `UPDATE public.customers SET note = 'held' WHERE email = '${token}' RETURNING id, email`
  const running = wire.query(sql)
  const asked = await fixture.approvals.next()
  expect(asked.request.sql).toBe(sql)
  asked.approve()
  expect(await running).toMatchObject({ errors: [], text: [['9', token]], tags: ['UPDATE 1'] })
  const bound = wire.extended('UPDATE public.customers SET note = $2 WHERE email <> $1', [token, 'all'])
  ;(await fixture.approvals.next()).approve()
  expect((await bound).errors[0]).toMatchObject({ C: '54000' })
})
