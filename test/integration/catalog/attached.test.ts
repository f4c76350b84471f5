import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../../proxy/catalog/catalog.ts'
import { readCatalog } from '../../../proxy/catalog/read.ts'
import { GatewayError } from '../../../proxy/errors.ts'
import { type Analyst, createAnalyst } from '../../../proxy/statement/analyst.ts'
import { decide } from '../../../proxy/verdict/decide.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { policyOf } from '../../verdict/policy-fixture.ts'

const SCHEMA = `
CREATE SCHEMA log;
CREATE TABLE log.changes (what text);
CREATE TABLE settings (tenant int);
CREATE TABLE orders (id int, total numeric, tenant int);
CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE FUNCTION log_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log.changes VALUES (TG_OP || NEW.id); PERFORM tenant FROM settings; RETURN NEW; END $$;
CREATE TRIGGER audit_orders AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION log_change();
CREATE TRIGGER audit_part AFTER INSERT ON parted_1 FOR EACH ROW EXECUTE FUNCTION log_change();
CREATE TRIGGER off_orders AFTER DELETE ON orders FOR EACH ROW EXECUTE FUNCTION log_change(); ALTER TABLE orders DISABLE TRIGGER off_orders;
CREATE FUNCTION my_tenant() RETURNS int LANGUAGE plpgsql AS $$ DECLARE t int; BEGIN SELECT tenant INTO t FROM settings; RETURN t; END $$;
CREATE TABLE plain (id int, tenant int); ALTER TABLE plain ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON plain USING (tenant = my_tenant());
CREATE FUNCTION noting() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log.changes VALUES ('read'); RETURN true; END $$;
CREATE TABLE watched (id int); ALTER TABLE watched ENABLE ROW LEVEL SECURITY; CREATE POLICY noted ON watched FOR SELECT USING (noting());
CREATE FUNCTION runs(t text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN EXECUTE t; RETURN true; END $$;
CREATE FUNCTION calls_runs() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT runs('SELECT 1') $$;
CREATE TABLE hidden (id int); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; CREATE POLICY odd ON hidden USING (calls_runs());
CREATE TABLE unused (id int); CREATE POLICY odd ON unused USING (calls_runs());
CREATE VIEW v_hidden AS SELECT id FROM hidden;
`

describe('code that a table runs by itself, on a real server', () => {
  let postgres: Postgres
  let client: pg.Client
  let analyst: Analyst
  let catalog: Catalog

  beforeAll(async () => {
    postgres = await startPostgres({ sql: SCHEMA })
    client = new pg.Client({ connectionString: postgres.url(), types: { getTypeParser: () => (value: string) => value } })
    await client.connect()
    catalog = await readCatalog(async (sql) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows)
    analyst = await createAnalyst()
  })
  afterAll(async () => {
    await client.end()
    await analyst.close()
    await postgres.stop()
  })

  async function analyse(sql: string) {
    const analysis = await analyst.analyse(Buffer.from(sql), catalog)
    if (analysis instanceof GatewayError) throw analysis
    return analysis.statements
  }

  const facts = async (sql: string) => {
    const [one] = await analyse(sql)
    if (one === undefined) throw new Error('no statement')
    return {
      verbs: [...one.verbs].sort().join(' '),
      unknown: one.unknown.map((found) => found.what).join(),
      via: one.relations.filter((use) => use.by !== undefined).map((use) => `${use.access} ${use.relation} via ${use.via}`),
    }
  }

  async function effect(sql: string, rules: Parameters<typeof policyOf>[0], vouch: readonly string[] = []) {
    const vouched = [...catalog.functions()]
      .filter((fn) => vouch.includes(fn.name) && !fn.system)
      .map((fn) => ({ function: fn.signature, source: fn.source ?? '' }))
    return decide(await analyse(sql), policyOf(rules, { vouched, sensitive: [] }), catalog, { groups: ['agents'] }, new Date()).effect
  }

  it('what a trigger writes is told, and its table needs no leave', async () => {
    expect(await facts('UPDATE orders SET total = 1 WHERE id = 1')).toEqual({
      verbs: 'write',
      unknown: '',
      via: ['write log.changes via trigger audit_orders on public.orders'],
    })
    expect(await effect('UPDATE orders SET total = 1', [{ effect: 'allow', statements: ['write'], tables: ['public.*'] }])).toBe('allow')
  })

  it('only the triggers of what is done', async () => {
    expect((await facts('INSERT INTO orders VALUES (1)')).via).toEqual([])
    expect((await facts('DELETE FROM orders WHERE id = 1')).via).toEqual([])
    expect((await facts('INSERT INTO orders VALUES (1) ON CONFLICT DO NOTHING')).via).toHaveLength(1)
    expect((await facts('MERGE INTO orders o USING settings s ON o.id = s.tenant WHEN MATCHED THEN DELETE')).via).toHaveLength(1)
    expect((await facts('INSERT INTO parted VALUES (1)')).via).toEqual(['write log.changes via trigger audit_part on public.parted_1'])
    expect((await facts('SELECT id FROM orders')).via).toEqual([])
  })

  it('a rule that names the table holds, until an admin vouches for the trigger', async () => {
    const rules = [
      { effect: 'deny', statements: ['write'], tables: ['log.*'] },
      { effect: 'allow', statements: ['write'], tables: ['public.*'] },
    ] as const
    expect(await effect('UPDATE orders SET total = 1', rules)).toBe('deny')
    expect(await effect('UPDATE orders SET total = 1', rules, ['log_change'])).toBe('allow')
  })

  it('a read whose policy calls a function of the team’s that only reads is a read', async () => {
    expect(await facts('SELECT id FROM plain')).toEqual({ verbs: 'read', unknown: '', via: [] })
  })

  it('a read whose policy writes is a write', async () => {
    expect(await facts('SELECT id FROM watched')).toMatchObject({
      verbs: 'read write',
      via: ['write log.changes via policy noted on public.watched'],
    })
    expect(await effect('SELECT id FROM watched', [{ effect: 'allow', statements: ['read'] }])).toBe('deny')
  })

  it('a read whose policy runs what nobody can read is unknown until vouched for, also through a view', async () => {
    expect((await facts('SELECT id FROM hidden')).unknown).toContain('function public.runs(text), which policy odd on public.hidden runs,')
    expect((await facts('SELECT id FROM v_hidden')).unknown).toContain('public.runs(text)')
    expect((await facts('SELECT id FROM unused')).unknown).toBe('')
    const reading = [{ effect: 'allow', statements: ['read'] }] as const
    expect(await effect('SELECT id FROM hidden', reading)).toBe('deny')
    expect(await effect('SELECT id FROM hidden', reading, ['runs'])).toBe('allow')
  })
})
