import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../../proxy/catalog/catalog.ts'
import { catalogFingerprint, readCatalog } from '../../../proxy/catalog/read.ts'
import { GatewayError } from '../../../proxy/errors.ts'
import { type Analyst, createAnalyst } from '../../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../../proxy/statement/facts.ts'
import { decide } from '../../../proxy/verdict/decide.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { policyOf } from '../../verdict/policy-fixture.ts'

const SCHEMA = `
CREATE SCHEMA private; CREATE SCHEMA log;
CREATE TABLE customers (id int PRIMARY KEY, name text, ssn text);
CREATE TABLE orders (id int, customer_id int, total numeric);
CREATE TABLE private.notes (id int, body text);
CREATE TABLE log.changes (what text);
CREATE FUNCTION name_of(who int) RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM customers WHERE id = who';
CREATE FUNCTION ssn_of(who int) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE s text; BEGIN SELECT c.ssn INTO s FROM customers c WHERE c.id = who; RETURN s; END $$;
CREATE FUNCTION atomic_note(n int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT body FROM private.notes WHERE id = n; END;
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(t) || '!';
CREATE FUNCTION clear_orders() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM orders; END $$;
CREATE FUNCTION outer_clear() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM clear_orders(); RETURN 1; END $$;
CREATE FUNCTION at_run_time(t text) RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM ' || t INTO n; RETURN n; END $$;
CREATE FUNCTION rows_of() RETURNS TABLE (id int, secret text) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT c.id, c.ssn FROM customers c; id := 1; RETURN NEXT; END $$;
CREATE FUNCTION again(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF n > 0 THEN RETURN again(n - 1); END IF; RETURN 0; END $$;
CREATE FUNCTION joined(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE AGGREGATE glue (text) (SFUNC = joined, STYPE = text);
CREATE FUNCTION same_ssn(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM customers WHERE ssn = $1)';
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same_ssn);
CREATE PROCEDURE archive(INOUT n int) LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log.changes VALUES (n::text); COMMIT; n := 2; END $$;
CREATE VIEW v_names AS SELECT id, name_of(id) AS name FROM orders;
`

describe("the team's own functions, on a real server", () => {
  let postgres: Postgres
  let client: pg.Client
  let analyst: Analyst
  let catalog: Catalog
  const query = async (sql: string) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows

  beforeAll(async () => {
    postgres = await startPostgres({ sql: SCHEMA })
    client = new pg.Client({ connectionString: postgres.url(), types: { getTypeParser: () => (value: string) => value } })
    await client.connect()
    catalog = await readCatalog(query)
    analyst = await createAnalyst()
  })
  afterAll(async () => {
    await client.end()
    await analyst.close()
    await postgres.stop()
  })

  async function factsOf(sql: string): Promise<StatementFacts> {
    const analysis = await analyst.analyse(Buffer.from(sql), catalog)
    if (analysis instanceof GatewayError) throw analysis
    return analysis.statements[0] as StatementFacts
  }

  const RULES = [
    { effect: 'ask', uses: ['pii'] },
    { effect: 'allow', statements: ['read', 'session', 'transaction'], tables: ['public.*'] },
    { effect: 'ask', statements: ['write'], tables: ['public.orders'] },
  ] as const

  async function judge(sql: string, vouch: readonly string[], rules: Parameters<typeof policyOf>[0] = RULES) {
    const vouched = [...catalog.functions()]
      .filter((fn) => fn.source !== undefined && vouch.includes(fn.name))
      .map((fn) => ({ function: fn.signature, source: fn.source ?? '' }))
    const policy = policyOf(rules, { vouched, sensitive: [{ label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] }] })
    const analysis = await analyst.analyse(Buffer.from(sql), catalog)
    if (analysis instanceof GatewayError) throw analysis
    return decide(analysis.statements, policy, catalog, { groups: ['agents'] }, new Date())
  }

  const columns = (facts: StatementFacts) =>
    [...new Set(facts.columns.map((one) => `${one.relation}.${one.column}:${one.how}`))].sort().join(' ')
  const unknown = (facts: StatementFacts) => facts.unknown.map((one) => one.what).join('; ')

  it.each([
    ['SELECT name_of(1)', 'public.customers.id:uses public.customers.name:uses', 'read unknown', 'derived'],
    ['SELECT ssn_of(1)', 'public.customers.id:uses public.customers.ssn:uses', 'read unknown', 'derived'],
    ['SELECT atomic_note(1)', 'private.notes.body:uses private.notes.id:uses', 'read unknown', 'derived'],
    ["SELECT shout('a')", '', 'read unknown', 'derived'],
    ['SELECT clear_orders()', '', 'read unknown write', 'derived'],
    ['SELECT outer_clear()', '', 'read unknown write', 'derived'],
    ["SELECT at_run_time('x')", '', 'read unknown', 'unknown'],
    ['SELECT again(3)', '', 'read unknown', 'derived'],
    ["SELECT glue('a')", '', 'read unknown', 'derived'],
    ["SELECT 'a'::text === 'b'::text", 'public.customers.ssn:uses', 'read unknown', 'unknown'],
    [
      'SELECT name FROM v_names',
      'public.customers.id:uses public.customers.name:uses public.orders.id:uses public.v_names.name:shows',
      'read unknown',
      'derived',
    ],
  ])('%s does what its body does', async (sql, touched, verbs, from) => {
    const facts = await factsOf(sql)
    expect(columns(facts)).toBe(touched)
    expect([...facts.verbs].sort().join(' ')).toBe(verbs)
    expect(facts.outputs?.[0]?.from).toBe(from)
  })

  it('names what each function is, and where its tables are reached', async () => {
    const facts = await factsOf('SELECT outer_clear()')
    expect(unknown(facts)).toBe('function public.outer_clear(); function public.clear_orders() (in public.outer_clear())')
    expect(facts.withoutWhere).toBe(true)
    expect(facts.relations).toMatchObject([{ relation: 'public.orders', access: 'write', via: 'public.clear_orders()', by: 'function' }])
  })

  it('gives every column of a set of rows the columns that the body touches', async () => {
    const facts = await factsOf('SELECT id, secret FROM rows_of()')
    const ssn = catalog.relationsNamed('customers')[0]?.column('ssn')?.attnum
    expect(facts.outputs?.map((one) => one.sources.some((source) => source.attnum === ssn))).toEqual([true, true])
  })

  it('a procedure ends the transaction where its body does', async () => {
    const facts = await factsOf('CALL archive(1)')
    expect([...facts.verbs].sort()).toEqual(['transaction', 'unknown', 'write'])
    expect(facts.relations).toMatchObject([{ relation: 'log.changes', access: 'write' }])
  })

  it('an unvouched one is denied, a vouched one is judged by what it does', async () => {
    expect(await judge('SELECT name_of(1)', [])).toMatchObject({ effect: 'deny' })
    expect(await judge('SELECT name_of(1)', ['name_of'])).toMatchObject({ effect: 'allow' })
    expect(await judge('SELECT ssn_of(1)', ['ssn_of'])).toMatchObject({ effect: 'ask', labels: ['pii'] })
    expect(await judge('SELECT clear_orders()', ['clear_orders'])).toMatchObject({ effect: 'ask' })
    expect(await judge("SELECT at_run_time('x')", ['at_run_time'])).toMatchObject({ effect: 'allow' })
    expect(await judge('SELECT shout(name) FROM customers', ['shout'])).toMatchObject({ effect: 'allow' })
    expect(await judge('SELECT glue(name) FROM customers', ['joined'])).toMatchObject({ effect: 'allow' })
    expect(await judge("SELECT name === 'x'::text FROM customers", ['same_ssn'])).toMatchObject({ effect: 'ask' })
  })

  it('a vouch does not cover another function that the body calls', async () => {
    expect(await judge('SELECT outer_clear()', ['outer_clear'])).toMatchObject({
      effect: 'deny',
      because: [{ what: expect.stringContaining('clear_orders') }],
    })
    expect(await judge('SELECT outer_clear()', ['outer_clear', 'clear_orders'])).toMatchObject({ effect: 'ask' })
  })

  it('what a vouched function reads needs no leave of its own, but a rule that names it holds', async () => {
    expect(await judge('SELECT atomic_note(1)', ['atomic_note'])).toMatchObject({ effect: 'allow' })
    const strict = [{ effect: 'deny', tables: ['private.*'] }, ...RULES] as const
    expect(await judge('SELECT atomic_note(1)', ['atomic_note'], strict)).toMatchObject({ effect: 'deny' })
  })

  it('what a vouched function writes needs leave of its own', async () => {
    const other = [RULES[0], RULES[1], { effect: 'allow', statements: ['write'], tables: ['public.scratch'] }] as const
    expect(await judge('SELECT clear_orders()', ['clear_orders'], other)).toMatchObject({ effect: 'deny' })
  })

  it('the fingerprint changes with the catalog and only then', async () => {
    const before = await catalogFingerprint(query)
    await client.query('INSERT INTO orders VALUES (1, 1, 1); SELECT pg_current_xact_id(); UPDATE orders SET total = 2')
    expect(await catalogFingerprint(query)).toBe(before)
    await client.query('ALTER TABLE orders RENAME total TO amount')
    const renamed = await catalogFingerprint(query)
    expect(renamed).not.toBe(before)
    await client.query('ALTER TABLE orders RENAME amount TO total')
    expect(await catalogFingerprint(query)).not.toBe(renamed)
    const steps = [
      'CREATE TRIGGER g BEFORE INSERT ON orders EXECUTE FUNCTION suppress_redundant_updates_trigger()',
      'ALTER TABLE orders DISABLE TRIGGER g',
      'CREATE POLICY p ON orders',
      'ALTER TABLE orders ENABLE ROW LEVEL SECURITY',
      'ALTER TABLE orders ALTER id SET DEFAULT 1',
    ]
    for (const sql of steps) {
      const last = await catalogFingerprint(query)
      await client.query(sql)
      expect(await catalogFingerprint(query), sql).not.toBe(last)
    }
  })

  it('a body that has changed is unknown again', async () => {
    const before = catalog.functionsNamed('shout')[0]?.source
    const print = await catalogFingerprint(query)
    await client.query("CREATE OR REPLACE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(t) || '?'")
    expect(await catalogFingerprint(query)).not.toBe(print)
    expect((await readCatalog(query)).functionsNamed('shout')[0]?.source).not.toBe(before)
  })
})
