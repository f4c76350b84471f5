import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { EFFECTS } from '../cases/effects.ts'
import { LINEAGE } from '../cases/lineage.ts'
import { SERVER } from '../cases/server.ts'
import { shopCatalog } from '../cases/shop.ts'

const catalog = shopCatalog()
beforeAll(() => loadModule())

/** Without offsets, which a mutation moves. */
function shapeOf(sql: string): string {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  const shape = JSON.stringify(analysis.statements, (key, value: unknown) => (key === 'offset' || key === 'length' ? undefined : value))
  // Two uses of one column differ only in their place.
  return JSON.stringify(JSON.parse(shape, (_key, value: unknown) => (Array.isArray(value) ? unique(value) : value)))
}

const unique = (all: unknown[]): unknown[] => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]

/** Outside of quotes, each word and blank. */
function mutate(sql: string, word: (text: string) => string, blank: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$[^$]*\$[\s\S]*?\$[^$]*\$|[A-Za-z_][A-Za-z_0-9]*|\s+/g, (token) =>
    /^[A-Za-z_]/.test(token) ? word(token) : /^\s/.test(token) ? blank : token,
  )
}

const texts = [...EFFECTS, ...SERVER, ...LINEAGE].map((one) => one.sql).filter((sql) => !/&|\be'/i.test(sql))

describe('no dressing changes the facts', () => {
  it('not case', () => {
    for (const sql of texts) expect(shapeOf(mutate(sql, (text) => text.toUpperCase(), ' ')), sql).toBe(shapeOf(sql))
  })

  it('not comments for blanks', () => {
    for (const sql of texts) expect(shapeOf(mutate(sql, (text) => text, " /* a ; ' */ ")), sql).toBe(shapeOf(sql))
  })

  it('not other white space and line comments', () => {
    for (const sql of texts) expect(shapeOf(mutate(sql, (text) => text, '\t--\'x"\n\f')), sql).toBe(shapeOf(sql))
  })

  it('not quoted or escaped names', () => {
    const names = ['customers', 'ssn', 'orders', 'audit', 'employees', 'diagnosis', 'salary', 'touch_customer', 'pg_read_file']
    const quote = (text: string) => (names.includes(text) ? `"${text}"` : text)
    const escaped = (text: string) => (names.includes(text) ? `U&"\\00${text.charCodeAt(0).toString(16)}${text.slice(1)}"` : text)
    for (const sql of texts) {
      expect(shapeOf(mutate(sql, quote, ' ')), sql).toBe(shapeOf(sql))
      expect(shapeOf(mutate(sql, escaped, ' ')), sql).toBe(shapeOf(sql))
    }
  })
})
