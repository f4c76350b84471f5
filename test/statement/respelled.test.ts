import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { DASHLESS, ENCODED, LETTERS, RECASED, REGROUPED, REVERSED, SPLIT, SPREAD } from '../../proxy/statement/respelled.ts'
import { shopCatalog } from '../cases/shop.ts'

beforeAll(() => loadModule())

const catalog = shopCatalog()

/** Of the first output column of the last statement. */
function bitsOf(sql: string): number | undefined {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  const outputs = analysis.statements.at(-1)?.outputs
  expect(outputs).toBeDefined()
  return outputs?.[0]?.respelled
}

describe('what an output column came through', () => {
  it.each([
    ['SELECT id FROM orders', undefined],
    ["SELECT id || '' FROM orders", undefined],
    ['SELECT lower(status) FROM orders', undefined],
    ['SELECT reverse(status) FROM orders', REVERSED],
    ["SELECT encode(status::bytea, 'base64') FROM orders", ENCODED],
    ["SELECT upper(reverse(encode(status::bytea, 'hex'))) FROM orders", REVERSED | ENCODED | RECASED],
    ["SELECT replace(status, ' ', '') FROM orders", REGROUPED],
    ["SELECT replace(status, '-', '') FROM orders", REGROUPED | DASHLESS],
    ["SELECT replace(status, '-', '.') FROM orders", REGROUPED],
    ["SELECT translate(status, ' -', '') FROM orders", REGROUPED | DASHLESS],
    ["SELECT translate(status, '-', '.') FROM orders", REGROUPED],
    ["SELECT string_to_array(status, ',') FROM orders", SPREAD | SPLIT],
    ['SELECT unnest(string_to_array(status, NULL)) FROM orders', SPREAD | SPLIT | LETTERS],
    ['SELECT ascii(substr(status, g, 1)) FROM orders, generate_series(1, 9) g', LETTERS],
    ['SELECT get_byte(status::bytea, g) FROM orders, generate_series(1, 9) g', LETTERS],
    ['SELECT substr(status, 1, 1) FROM orders', undefined],
    ["SELECT substr(status, strpos(status, ' ') + 1, 1) FROM orders", undefined],
    ["SELECT substr('abcdef', g, 1) FROM generate_series(1, 6) g", undefined],
    ['SELECT substr(status, g) FROM orders, generate_series(1, 9) g', undefined],
    ['SELECT x FROM (SELECT reverse(status) AS x FROM orders) q', REVERSED],
    ['WITH q AS (SELECT reverse(status) AS x FROM orders) SELECT max(x) FROM q', REVERSED],
    ['SELECT status FROM orders UNION ALL SELECT reverse(status) FROM orders', REVERSED],
    ['SELECT CASE WHEN true THEN reverse(status) END FROM orders', REVERSED],
    ['SELECT xmlelement(name a, status::bytea) FROM orders', ENCODED],
    ['SELECT xmlelement(name a, status) FROM orders', undefined],
    [
      'WITH RECURSIVE t(n, b) AS (SELECT 1, status FROM orders UNION ALL SELECT n + 1, reverse(b) FROM t WHERE n < 2) SELECT b FROM t',
      REVERSED,
    ],
  ])('%s', (sql, bits) => {
    expect(bitsOf(sql)).toBe(bits)
  })
})
