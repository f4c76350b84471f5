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
  const shape = JSON.stringify(analysis.statements, (key, value: unknown) => {
    if (key === 'offset' || key === 'length') return undefined
    return key === 'constants' && Array.isArray(value) ? value.length : value
  })
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

  it('not other ways to write a constant', () => {
    const literals = (write: (text: string) => string) => (sql: string) =>
      sql.replace(/(?<![\w"])'((?:[^'\\]|'')*)'|"(?:[^"]|"")*"|\$[^$]*\$[\s\S]*?\$[^$]*\$/g, (token, text: string | undefined) =>
        text === undefined ? token : write(text),
      )
    expectSame(literals((text) => `E'${text}'`))
    expectSame(literals((text) => `$q1$${text.replaceAll("''", "'")}$q1$`))
    expectSame(literals((text) => `U&'${text.replaceAll(/[a-z]/g, (char) => `\\00${char.charCodeAt(0).toString(16)}`)}'`))
  })

  it('not parentheses that change nothing', () => {
    expectSame((sql) => sql.replace(/(?<![\w"&])'(?:[^']|'')*'/g, '($&)'))
    expectSame((sql) => sql.replace(/\bWHERE ([^()]+)$/i, 'WHERE (($1))'))
  })

  it('not the way a cast is written', () => {
    expectSame((sql) => sql.replace(/(?<![\w.)\]'"])(\w+(?:\.\w+)?)::(\w+)(?![\w.([])/g, 'CAST($1 AS $2)'))
  })
})

/** Of the texts that the mutation changes and that still can be read; some must remain. */
function expectSame(mutation: (sql: string) => string): void {
  let compared = 0
  for (const sql of texts) {
    const other = mutation(sql)
    if (other === sql || 'refused' in parseHere(other)) continue
    expect(shapeOf(other), other).toBe(shapeOf(sql))
    compared += 1
  }
  expect(compared).toBeGreaterThan(1)
}
