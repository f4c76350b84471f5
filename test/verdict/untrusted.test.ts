import { loadModule } from 'libpg-query'
import { beforeAll, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { decide } from '../../proxy/verdict/decide.ts'
import { untrustedTables } from '../../proxy/verdict/untrusted.ts'
import { shopCatalog } from '../cases/shop.ts'
import { policyOf } from './policy-fixture.ts'

const catalog = shopCatalog()
beforeAll(() => loadModule())

function factsOf(sql: string): readonly StatementFacts[] {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  return analysis.statements
}
const policy = { ...policyOf([]), untrusted: ['public.orders', 'private.*'] }

it.each([
  ['SELECT 1', []],
  ['SELECT id FROM customers', []],
  ['SELECT id FROM orders', ['public.orders']],
  ['SELECT 1 FROM customers WHERE id IN (SELECT customer_id FROM orders)', ['public.orders']],
  ['SELECT author FROM private.notes', ['private.notes']],
  ['UPDATE orders SET total = 0', []],
  ['UPDATE orders SET total = 0 RETURNING id', ['public.orders']],
  ['INSERT INTO customers (id) SELECT id FROM orders', ['public.orders']],
])('%s reads %j', (sql, tables) => {
  expect(untrustedTables(factsOf(sql), policy, catalog)).toEqual(tables)
})

it('a rule can speak of what follows such a read only', () => {
  const asking = policyOf([
    { effect: 'ask', statements: ['write'], afterUntrusted: true },
    { effect: 'allow', statements: ['read', 'write'] },
  ])
  const facts = factsOf('UPDATE orders SET total = 0')
  const after = (untrusted: boolean) => decide(facts, asking, catalog, { groups: ['agents'] }, new Date(), undefined, { untrusted }).effect
  expect(after(false)).toBe('allow')
  expect(after(true)).toBe('ask')
})
