import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { IN_PLACE_BYTES, parseHere, refuseBytes } from '../../proxy/statement/parse.ts'
import { shopCatalog } from '../cases/shop.ts'

beforeAll(() => loadModule())

/** Shapes that nest as deep as their length allows: prefix, opening, middle, closing. */
const SHAPES: readonly (readonly [string, string, string, string, string])[] = [
  ['subscripts', 'select ', 'a[', '1', ']'],
  ['calls', 'select ', 'f(', '1', ')'],
  ['array constructors', 'select array', '[', '1', ']'],
  ['parentheses', 'select ', '(', '1', ')'],
  ['subqueries', 'select ', '(select ', '1', ')'],
  ['negations', 'select ', 'not ', 'true', ''],
  ['signs', 'select ', '- ', '1', ''],
  ['sums', 'select ', '1+', '1', ''],
  ['casts', 'select 1', '', '', '::a'],
  ['tests', 'select 1', '', '', ' isnull'],
  ['joins', 'select 1 from ', '(', 'a', ' cross join b)'],
  ['unions', 'select ', 'union select ', '', ''],
  ['cases', 'select ', 'case when 1=1 then ', '1', ' end'],
  ['conjunctions', 'select ', '(a and ', 'b', ')'],
  ['nested comments', 'select 1', '/*', '', '*/'],
]

describe('a text that is parsed in place', () => {
  it.each(SHAPES)('cannot overflow the parser with %s', (_name, prefix, open, middle, close) => {
    const levels = Math.floor((IN_PLACE_BYTES - prefix.length - middle.length) / (open.length + close.length))
    const sql = prefix + open.repeat(levels) + middle + close.repeat(levels)
    expect(Buffer.byteLength(sql)).toBeLessThanOrEqual(IN_PLACE_BYTES)
    // Anything that is not a tree or a refusal is thrown, and fails the test.
    const parsed = parseHere(sql)
    if ('tree' in parsed) {
      const analysis = analyseTree(parsed.tree, sql.length, shopCatalog())
      if (analysis instanceof GatewayError) expect(analysis.code).toBe('limit')
    }
    expect(parseHere('SELECT 1')).toHaveProperty('tree')
  })
})

describe('a text that the server would read otherwise than the grammar', () => {
  it('is refused for a NUL, which ends the grammar’s input', () => {
    expect(refuseBytes(Buffer.from('SELECT 1\0; DROP TABLE x'), 1000)?.fields.sqlstate).toBe('22021')
  })

  it('is refused for bytes that are not UTF-8', () => {
    expect(refuseBytes(Buffer.from([0x53, 0xbf, 0x5c]), 1000)?.fields.sqlstate).toBe('22021')
  })

  it('is refused over the limit, with the limit', () => {
    const refused = refuseBytes(Buffer.alloc(11, 0x20), 10)
    expect(refused?.fields).toMatchObject({ code: 'limit', sqlstate: '54000' })
    expect(refused?.message).toContain('10')
  })
})

describe('a syntax error', () => {
  it('has the parser’s words and a position in characters from 1', () => {
    const parsed = parseHere('select é, from')
    expect('refused' in parsed && parsed.refused.fields).toMatchObject({
      sqlstate: '42601',
      message: 'syntax error at or near "from"',
      position: 11,
    })
  })
})
