import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { type Analysis, type Analyst, createAnalyst } from '../../proxy/statement/analyst.ts'
import { shopCatalog } from '../cases/shop.ts'

const catalog = shopCatalog()
let analyst: Analyst

beforeAll(async () => {
  analyst = await createAnalyst({ threads: 1, parseLimitMs: 2000 })
}, 30_000)
afterAll(() => analyst.close())

const statements = (analysis: Analysis) => {
  if (analysis instanceof GatewayError) throw analysis
  return analysis.statements
}
const long = (sql: string): Buffer => Buffer.from(`${sql} ${'-- x\n'.repeat(1000)}`)

describe('the analyst', () => {
  it('answers at once for a short text, and with the same facts again', () => {
    const text = Buffer.from('SELECT id FROM orders')
    const first = analyst.analyse(text, catalog)
    expect(first).not.toBeInstanceOf(Promise)
    expect(analyst.analyse(Buffer.from(text), catalog)).toBe(first)
    expect(analyst.analyse(text, shopCatalog())).not.toBe(first)
  })

  it('parses a long text on another thread, and knows it afterwards', async () => {
    const text = long('DELETE FROM audit')
    const first = analyst.analyse(text, catalog)
    expect(first).toBeInstanceOf(Promise)
    const facts = statements(await first)
    expect(facts[0]?.verbs).toEqual(['write'])
    expect(analyst.analyse(text, catalog)).not.toBeInstanceOf(Promise)
  })

  it('tells different bytes apart that decode alike', () => {
    const rubbish = analyst.analyse(Buffer.from([0x53, 0xff]), catalog)
    expect(rubbish).toBeInstanceOf(GatewayError)
    expect(analyst.analyse(Buffer.from([0x53, 0xfe]), catalog)).toBeInstanceOf(GatewayError)
  })

  it('reads every statement of a string, with its place', () => {
    const facts = statements(analyst.analyse(Buffer.from('SELECT 1; DELETE FROM audit'), catalog) as Analysis)
    expect(facts.map((one) => [one.kind, one.span.offset])).toEqual([
      ['SELECT', 0],
      ['DELETE', 10],
    ])
    expect(statements(analyst.analyse(Buffer.from(' ;; -- nothing'), catalog) as Analysis)).toEqual([])
  })

  it('finds the write in a long list of constants, and does not trip over its length', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => `(${i}, 'a', 'b')`).join(',')
    expect(statements(await analyst.analyse(Buffer.from(`INSERT INTO notes VALUES ${rows}`), catalog))[0]?.verbs).toEqual(['write'])
    const hidden = `${rows}, ((WITH d AS (DELETE FROM audit RETURNING id) SELECT id FROM d), 'a', 'b')`
    const analysis = await analyst.analyse(Buffer.from(`INSERT INTO notes VALUES ${hidden}`), catalog)
    expect(statements(analysis)[0]?.relations.map((use) => use.relation)).toContain('public.audit')
  })

  it('refuses what is nested too deeply, and goes on', async () => {
    const deep = await analyst.analyse(Buffer.from(`SELECT ${Array(15_000).fill('1').join('+')}`), catalog)
    expect(deep).toBeInstanceOf(GatewayError)
    expect((deep as GatewayError).code).toBe('limit')
    expect(statements(await analyst.analyse(long('SELECT 1 AS after'), catalog))).toHaveLength(1)
  })

  it('refuses columns that multiply through nested stars', () => {
    const ctes = Array.from({ length: 30 }, (_, i) => `a${i + 1} AS (SELECT * FROM a${i} x, a${i} y)`).join(', ')
    const analysis = analyst.analyse(Buffer.from(`WITH a0 AS (SELECT 1 AS c), ${ctes} SELECT * FROM a30`), catalog)
    expect(analysis).toBeInstanceOf(GatewayError)
    expect((analysis as GatewayError).code).toBe('limit')
  })
})

describe('a parser that takes too long', () => {
  it('is ended, and nobody waits for its successor', async () => {
    const hasty = await createAnalyst({ threads: 2, parseLimitMs: 150 })
    const slow = hasty.analyse(Buffer.from(`SELECT 1 ${'/*'.repeat(60_000)}${'*/'.repeat(60_000)}`), catalog)
    const other = hasty.analyse(long('SELECT id FROM orders'), catalog)
    expect(((await slow) as GatewayError).fields).toMatchObject({ code: 'limit', sqlstate: '54000' })
    expect(await other).toBeDefined()
    await hasty.close()
  }, 30_000)
})
