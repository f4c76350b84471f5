import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { decide, type Verdict } from '../../proxy/verdict/decide.ts'
import type { Policy, Rule } from '../../proxy/verdict/policy.ts'
import { EVERYDAY } from '../cases/everyday.ts'
import { shopCatalog } from '../cases/shop.ts'
import { policyOf } from './policy-fixture.ts'

const catalog = shopCatalog()
beforeAll(() => loadModule())

const FREE: readonly Partial<Rule>[] = [{ effect: 'allow' }]

function judge(sql: string, rules: readonly Partial<Rule>[] = FREE, more: Partial<Policy> = {}): Verdict {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  return decide(analysis.statements, policyOf(rules, more), catalog, { groups: ['agents'] }, new Date(0))
}
const carried = (sql: string) => (judge(sql).carried ?? []).map(({ from, to, plain }) => `${from} → ${to}${plain ? '' : ' (computed)'}`)

describe('where everything is allowed, a labelled value is not stored without its label', () => {
  it.each([
    ['INSERT INTO audit (id, actor) SELECT id, ssn FROM customers', ['public.customers.ssn → public.audit.actor']],
    ['INSERT INTO audit SELECT id, now(), upper(ssn) FROM customers', ['public.customers.ssn → public.audit.actor (computed)']],
    ['INSERT INTO audit (actor) VALUES ((SELECT ssn FROM customers LIMIT 1))', ['public.customers.ssn → public.audit.actor']],
    [
      "INSERT INTO audit (actor) SELECT CASE WHEN ssn LIKE '9%' THEN 'y' END FROM customers",
      ['public.customers.ssn → public.audit.actor (computed)'],
    ],
    ['UPDATE customers SET name = ssn', ['public.customers.ssn → public.customers.name']],
    ['UPDATE customers SET (name, city) = (ssn, status) FROM orders', ['public.customers.ssn → public.customers.name']],
    ['UPDATE customers SET (name, city) = (SELECT body, author FROM private.notes)', ['private.notes.body → public.customers.name']],
    ['UPDATE orders o SET status = c.ssn FROM customers c WHERE c.id = o.customer_id', ['public.customers.ssn → public.orders.status']],
    [
      "INSERT INTO customers (id, ssn) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = customers.ssn",
      ['public.customers.ssn → public.customers.name'],
    ],
    [
      "INSERT INTO customers (id, ssn) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = excluded.ssn",
      ['public.customers.ssn → public.customers.name'],
    ],
    [
      'MERGE INTO audit a USING customers c ON a.id = c.id WHEN NOT MATCHED THEN INSERT (id, actor) VALUES (c.id, c.ssn)',
      ['public.customers.ssn → public.audit.actor'],
    ],
    [
      'MERGE INTO audit a USING customers c ON a.id = c.id WHEN MATCHED THEN UPDATE SET actor = c.ssn',
      ['public.customers.ssn → public.audit.actor'],
    ],
    ['WITH x AS (SELECT ssn s FROM customers) INSERT INTO audit (actor) SELECT s FROM x', ['public.customers.ssn → public.audit.actor']],
    ['CREATE TABLE made AS SELECT id, ssn FROM customers', ['public.customers.ssn → made.ssn']],
    ['CREATE TEMP TABLE made (a, b) AS SELECT id, ssn || name FROM customers', ['public.customers.ssn → made.b (computed)']],
    ['SELECT remark AS x INTO private.made FROM v_staff', ['public.employees.diagnosis, public.v_staff.remark → private.made.x']],
    ['SELECT ssn INTO made FROM customers UNION ALL SELECT name FROM customers', ['public.customers.ssn → made.ssn']],
    ['INSERT INTO audit (actor) SELECT c::text FROM customers c', ['public.customers → public.audit.actor (computed)']],
    ["SELECT set_config('application_name', ssn, false) FROM customers", ['public.customers.ssn → a setting (computed)']],
    ["SELECT pg_notify('ears', ssn) FROM customers", ['public.customers.ssn → a notification (computed)']],
    ["COPY customers TO '/tmp/x'", ['public.customers.ssn → a file or program of the server']],
    ['ALTER TABLE customers ALTER COLUMN name TYPE text USING ssn', ['public.customers.ssn → public.customers.name']],
    [
      'CREATE RULE r AS ON INSERT TO audit DO ALSO INSERT INTO notes (body) SELECT ssn FROM customers',
      ['public.customers.ssn → rule r (computed)'],
    ],
    ['EXPLAIN ANALYZE INSERT INTO audit (actor) SELECT ssn FROM customers', ['public.customers.ssn → public.audit.actor']],
  ])('%s', (sql, expected) => {
    const verdict = judge(sql)
    expect(carried(sql).sort()).toEqual([...expected].sort())
    expect(verdict).toMatchObject({ effect: 'deny', rule: undefined })
    expect(verdict.because[0]?.what).toContain('would be kept in')
    expect(verdict.hint).toContain('the label goes with the value')
  })

  it('nor by way of what an earlier part of the string has stored', () => {
    expect(
      carried(
        'WITH x AS (INSERT INTO audit (actor) SELECT ssn FROM customers RETURNING actor) INSERT INTO notes (body) SELECT actor FROM x',
      ),
    ).toEqual(['public.customers.ssn → public.audit.actor', 'public.audit.actor → public.notes.body'])
    expect(
      carried('INSERT INTO audit (actor) SELECT ssn FROM customers; UPDATE orders SET status = (SELECT max(actor) FROM audit)'),
    ).toContain('public.audit.actor → public.orders.status (computed)')
  })

  it('nor by a variable of a block, which may hold whatever the block reads', () => {
    expect(judge('DO $$ DECLARE s text; BEGIN SELECT ssn INTO s FROM customers; UPDATE orders SET status = s; END $$').effect).toBe('deny')
    expect(judge('DO $$ DECLARE n int; BEGIN SELECT id INTO n FROM customers; UPDATE orders SET total = n; END $$').effect).toBe('allow')
  })
})

describe('everyday writes carry nothing', () => {
  it.each([
    'INSERT INTO orders (customer_id, status) SELECT id, name FROM customers',
    "INSERT INTO customers (name, ssn) VALUES ('a', '1')",
    'INSERT INTO customers (name, ssn) VALUES ($1, $2)',
    'INSERT INTO customers (name, ssn) SELECT * FROM unnest($1::text[], $2::text[])',
    "UPDATE customers SET ssn = '1' WHERE id = 1",
    "UPDATE customers SET name = 'x' WHERE ssn = '1'",
    'UPDATE customers SET ssn = trim(ssn)',
    'UPDATE customers SET ssn = NULL, card_number = ssn',
    "INSERT INTO audit (actor, at) SELECT 'x', now() FROM customers WHERE ssn IS NOT NULL",
    'UPDATE orders SET total = (SELECT count(*) FROM customers)',
    'INSERT INTO audit (id, at, actor) VALUES (1, now(), current_user) RETURNING *',
    "INSERT INTO orders (id, status) VALUES (1, 'new') ON CONFLICT (id) DO UPDATE SET status = excluded.status, total = orders.total + 1",
    'MERGE INTO orders o USING audit a ON a.id = o.id WHEN MATCHED THEN UPDATE SET status = a.actor WHEN NOT MATCHED THEN INSERT VALUES (a.id)',
    'CREATE TABLE made AS SELECT id, name FROM customers',
    'CREATE TABLE made (id int PRIMARY KEY, at timestamptz DEFAULT now())',
    "ALTER TABLE customers ADD COLUMN note text DEFAULT ''",
    'ALTER TABLE orders ALTER COLUMN total TYPE text USING total::text',
    'CREATE VIEW made AS SELECT ssn FROM customers',
    "SELECT set_config('application_name', 'x', false)",
    "SELECT setval('s', (SELECT max(id) FROM orders))",
    'DELETE FROM customers WHERE ssn IS NULL',
    'COPY customers FROM STDIN',
    'CREATE INDEX ON customers (ssn)',
    'ALTER TABLE customers RENAME COLUMN ssn TO ssn2',
    'CREATE RULE r AS ON INSERT TO audit DO INSTEAD NOTHING',
  ])('%s', (sql) => {
    expect(judge(sql)).toMatchObject({ effect: 'allow' })
    expect(judge(sql).carried).toBeUndefined()
  })

  it.each(EVERYDAY.map((one) => [one.sql]))('%s', (sql) => {
    expect(judge(sql).effect).toBe('allow')
  })
})

describe('who speaks of it', () => {
  const CARRY = 'INSERT INTO audit (actor) SELECT ssn FROM customers'

  it('a rule that asks about uses of the label, wherever it stands', () => {
    const verdict = judge(CARRY, [{ effect: 'allow' }, { effect: 'ask', uses: ['pii'] }])
    expect(verdict).toMatchObject({ effect: 'ask', rule: { place: 2 } })
    expect(verdict.because.at(-1)?.what).toBe(
      'public.customers.ssn (pii) would be kept in public.audit.actor, which does not have that label',
    )
  })

  it('a rule that asks for another reason, and then the person is told', () => {
    const verdict = judge(CARRY, [{ effect: 'ask', statements: ['write'] }, { effect: 'allow' }])
    expect(verdict).toMatchObject({ effect: 'ask', rule: { place: 1 }, carried: [{ label: 'pii', to: 'public.audit.actor' }] })
  })

  it('a rule that allows uses of this label by its name', () => {
    expect(judge(CARRY, [{ effect: 'allow', uses: ['pii'] }, { effect: 'allow' }])).toMatchObject({
      effect: 'allow',
      carried: [{ label: 'pii' }],
    })
    expect(judge(CARRY, [{ effect: 'allow', uses: ['other'] }, { effect: 'allow' }]).effect).toBe('deny')
  })

  it('nobody, where the label is there already, or has followed', () => {
    const oid = catalog.relationsNamed('audit')[0]?.oid ?? 0
    const followed = [{ label: 'pii', plain: true, oid, attnum: 3, schema: 'public', name: 'audit', column: 'actor' }]
    expect(judge(CARRY, FREE, { followed })).toMatchObject({ effect: 'allow' })
    expect(judge('SELECT * INTO made FROM audit', FREE, { followed }).effect).toBe('deny')
  })
})
