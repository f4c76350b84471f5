import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { type Analyst, createAnalyst } from '../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { shopCatalog } from '../cases/shop.ts'

const catalog = shopCatalog()
let analyst: Analyst
beforeAll(async () => {
  analyst = await createAnalyst()
})
afterAll(() => analyst.close())

function factsOf(sql: string): StatementFacts {
  const analysis = analyst.analyse(Buffer.from(sql), catalog)
  if (analysis instanceof Promise || analysis instanceof GatewayError) throw new Error(`not read: ${sql}`)
  return analysis.statements[0] as StatementFacts
}

/** Columns that are only compared, with what each is compared with, as the text has it. */
function compared(sql: string): string[] {
  return factsOf(sql).columns.flatMap(({ column, equals }) =>
    equals === undefined
      ? []
      : [`${column} ${[...equals.constants.map((from) => sql.slice(from, from + 3)), ...equals.parameters.map((n) => `$${n}`)].join(' ')}`],
  )
}

describe('a column that is only compared with constants', () => {
  it.each([
    ["SELECT 1 FROM customers WHERE ssn = 'a'", ["ssn 'a'"]],
    ["SELECT 1 FROM customers WHERE 'a' = ssn", ["ssn 'a'"]],
    ["SELECT 1 FROM customers c WHERE c.ssn <> 'a'", ["ssn 'a'"]],
    ["SELECT 1 FROM customers WHERE ssn != 'a'", ["ssn 'a'"]],
    ["SELECT 1 FROM customers WHERE ssn IN ('a', $1, 'b')", ["ssn 'a' 'b' $1"]],
    ["SELECT 1 FROM customers WHERE ssn NOT IN ('a', 'b')", ["ssn 'a' 'b'"]],
    ["SELECT 1 FROM customers WHERE ssn IS DISTINCT FROM 'a'", ["ssn 'a'"]],
    ["SELECT 1 FROM customers WHERE ssn IS NOT DISTINCT FROM 'a'", ["ssn 'a'"]],
    ["SELECT 1 FROM customers WHERE ssn = 'a'::text OR ssn = CAST($2 AS varchar)", ["ssn 'a'", 'ssn $2']],
    ["SELECT 1 FROM customers WHERE ssn = ANY (ARRAY['a', $1])", ["ssn 'a' $1"]],
    ["SELECT 1 FROM customers WHERE ssn = ANY (ARRAY['a', 'b']::text[])", ["ssn 'a' 'b'"]],
    ['SELECT 1 FROM customers WHERE ssn = ANY ($1)', ['ssn $1']],
    ["SELECT 1 FROM customers WHERE ssn = ANY ('{a,b}'::text[])", ["ssn '{a"]],
    ["SELECT 1 FROM (SELECT ssn AS s FROM customers) q WHERE q.s = 'a'", ["ssn 'a'"]],
    ["WITH q AS (SELECT ssn FROM customers) SELECT 1 FROM q WHERE ssn = 'a'", ["ssn 'a'"]],
    ["UPDATE customers SET name = 'x' WHERE ssn = 'a'", ["ssn 'a'"]],
    ["DELETE FROM customers WHERE ssn = 'a'", ["ssn 'a'"]],
  ])('%s', (sql, expected) => expect([...new Set(compared(sql))]).toEqual(expected))

  it.each([
    "SELECT 1 FROM customers WHERE ssn LIKE 'a'",
    "SELECT 1 FROM customers WHERE ssn > 'a'",
    "SELECT 1 FROM customers WHERE ssn = 'a' || 'b'",
    "SELECT 1 FROM customers WHERE lower(ssn) = 'a'",
    "SELECT 1 FROM customers WHERE ssn || 'x' = 'a'",
    "SELECT 1 FROM customers WHERE ssn = 'a'::varchar(3)",
    "SELECT 1 FROM customers WHERE ssn = 'a'::char",
    "SELECT 1 FROM customers WHERE ssn = text 'a'",
    "SELECT 1 FROM customers WHERE ssn = 'a'::name",
    'SELECT 1 FROM customers WHERE ssn = \'a\' COLLATE "C"',
    'SELECT 1 FROM customers WHERE ssn COLLATE "C" = \'a\'',
    "SELECT 1 FROM customers WHERE ssn OPERATOR(pg_catalog.=) 'a'",
    "SELECT 1 FROM customers WHERE (ssn, id) = ('a', 1)",
    "SELECT 1 FROM customers WHERE ssn IN ('a', lower('b'))",
    'SELECT 1 FROM customers WHERE id = 1',
    "SELECT 1 FROM customers WHERE 'a' = 'b'",
    "SELECT ssn, 'a' FROM customers",
    "UPDATE customers SET ssn = 'a'",
    "SELECT 1 FROM customers GROUP BY ssn HAVING max(ssn) = 'a'",
    "SELECT 1 FROM customers WHERE ssn BETWEEN 'a' AND 'b'",
    "SELECT 1 FROM customers WHERE (SELECT ssn) = 'a'",
  ])('not in %s', (sql) => expect(compared(sql)).toEqual([]))

  it('is told beside every other use of it', () => {
    const uses = factsOf("SELECT upper(ssn) FROM customers WHERE ssn = 'a'").columns.filter((use) => use.column === 'ssn')
    expect(uses.map((use) => [use.how, use.equals !== undefined])).toEqual([
      ['uses', false],
      ['uses', true],
    ])
  })
})

describe('parameters', () => {
  it.each([
    ['SELECT 1 FROM customers WHERE ssn = $1', 1, []],
    ['SELECT $1::text FROM customers WHERE ssn = $1', 1, [1]],
    ['SELECT 1 FROM customers WHERE ssn = $1 AND ssn <> $1', 1, []],
    ['SELECT 1 FROM customers WHERE ssn = $1 AND $1 LIKE $2', 2, [1, 2]],
    ['SELECT 1 FROM customers WHERE ssn = $3 LIMIT $1', 3, [1]],
    ['WITH q AS (SELECT ssn FROM customers WHERE ssn = $1) SELECT 1 FROM q a, q b WHERE a.ssn = $1', 1, []],
    ['SELECT 1 FROM customers c WHERE ssn = $1 ORDER BY (SELECT max(o.note) FROM orders o WHERE o.note = $1 || c.name)', 1, [1]],
  ])('%s', (sql, highest, elsewhere) => {
    const { parameters } = factsOf(sql)
    expect(parameters?.highest).toBe(highest)
    expect([...(parameters?.elsewhere ?? [])].sort()).toEqual(elsewhere)
  })
})
