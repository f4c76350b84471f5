import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { createTokenBooks, type TokenBook } from '../../proxy/mask/token-book.ts'
import { type Bound, findTokens } from '../../proxy/session/find-tokens.ts'
import { Judge } from '../../proxy/session/judge.ts'
import { type Analyst, createAnalyst, type Recognised } from '../../proxy/statement/analyst.ts'
import { shopCatalog } from '../cases/shop.ts'
import { compilePolicy } from '../helpers/policy-literal.ts'
import { randomSource } from '../helpers/random.ts'

const catalog = shopCatalog()
const policy = compilePolicy('shop', {
  groups: ['ai-agents'],
  rules: [{ effect: 'deny', uses: ['pii', 'other'] }, { effect: 'allow' }],
  sensitive: [
    { label: 'pii', mask: 'token', predicates: true, columns: ['public.customers.ssn', 'public.customers.name'] },
    { label: 'other', mask: 'token', columns: ['public.customers.city'] },
  ],
})
const who = { issuer: 'i', subject: 's', name: 'n', groups: ['ai-agents'], kind: 'agent', client: undefined, expiresAt: 0 } as const
const KNOWN = ['tok_aaaaaaaaaaaaaaaaaaaa', 'tok_bbbbbbbbbbbbbbbbbbbb']
const UNKNOWN = 'tok_cccccccccccccccccccc'
const OTHERS = 'tok_dddddddddddddddddddd'
const VALUES = ["it's", 'b']

let analyst: Analyst
let book: TokenBook
beforeAll(async () => {
  analyst = await createAnalyst()
  book = createTokenBooks().of(who, 'shop', Buffer.alloc(32))
  for (const [i, token] of KNOWN.entries()) book.page('pii').learn(token, VALUES[i] as string)
  book.page('other').learn(OTHERS, 'others')
})
afterAll(() => analyst.close())

function find(sql: string, bound?: Bound, declared: readonly number[] = []) {
  const text = Buffer.from(sql)
  const { analysis, moved } = analyst.recognise(text, catalog) as Recognised
  if (analysis instanceof GatewayError) throw analysis
  const { statements: facts } = analysis
  const tokens = findTokens({ text, facts, moved, policy, catalog, book, bound, declared, lifted: undefined })
  return { text, facts, moved, tokens }
}

const put = (sql: string, bound?: Bound, declared?: readonly number[]): string[] =>
  find(sql, bound, declared).tokens?.substitution?.literals.map(({ start, value }) => `${start} ${value}`) ?? []

describe('where a token is put back', () => {
  const sql = (token: string) => `SELECT id FROM customers WHERE ssn = '${token}'`
  it('is told by the place in this very text, not in the one whose facts it shares', () => {
    const longer = `SELECT 'a longer constant' FROM customers WHERE ssn = '${KNOWN[0]}'`
    const shorter = `SELECT 'x' FROM customers WHERE ssn = '${KNOWN[0]}'`
    expect(find(longer).facts).toBe(find(shorter).facts)
    expect(put(longer)).toEqual([`${longer.indexOf("'tok")} it's`])
    expect(put(shorter)).toEqual([`${shorter.indexOf("'tok")} it's`])
  })

  it('only for tokens of this label', () => {
    expect(put(sql(KNOWN[1] as string))).toEqual(['37 b'])
    for (const other of [UNKNOWN, OTHERS, 'b', '']) expect(put(sql(other)), other).toEqual([])
    expect(put(`SELECT id FROM customers WHERE city = '${OTHERS}'`)).toEqual([])
  })

  it.each([
    'SELECT id FROM customers WHERE ssn = $1 AND $1 = 1',
    'SELECT $1::text FROM customers WHERE ssn = $1',
    'SELECT id FROM customers WHERE ssn = $1 AND city = $1',
    'SELECT id FROM customers WHERE ssn = ANY ($1) OR ssn = $1',
  ])('not for a parameter in %s', (text) => {
    expect([...(find(text, 'any').tokens?.told.keys() ?? [])].filter((one) => one.parameters.length > 0)).toEqual([])
  })

  it('not for a parameter of a type that could run code', () => {
    expect(find('SELECT id FROM customers WHERE ssn = $1', 'any', [25]).tokens?.told.size).toBe(1)
    for (const type of [3802, 17, 99999]) expect(find('SELECT id FROM customers WHERE ssn = $1', 'any', [type]).tokens?.told.size).toBe(0)
  })

  it.each(['EXPLAIN ', 'COPY (', 'PREPARE p AS ', 'DECLARE c CURSOR FOR ', 'CREATE TABLE t AS ', 'SELECT 1; '])(
    'not after %s',
    (before) => {
      expect(put(`${before}${sql(KNOWN[0] as string)}${before === 'COPY (' ? ') TO STDOUT' : ''}`)).toEqual([])
    },
  )
})

/** Conditions on `ssn`; `told`: allowed as long as its strings are tokens that are known. */
const CONDITIONS: readonly { readonly sql: (a: string, b: string) => string; readonly told: boolean }[] = [
  { sql: (a) => `ssn = '${a}'`, told: true },
  { sql: (a) => `'${a}'::text <> ssn`, told: true },
  { sql: (a, b) => `ssn IN ('${a}', '${b}')`, told: true },
  { sql: (a, b) => `c.ssn = ANY (ARRAY['${a}', '${b}'])`, told: true },
  { sql: (a) => `name IS DISTINCT FROM '${a}'`, told: true },
  { sql: (a) => `ssn LIKE '${a}'`, told: false },
  { sql: (a) => `ssn = '${a}' || ''`, told: false },
  { sql: (a) => `ssn = '${a}'::varchar(2)`, told: false },
  { sql: (a) => `upper(ssn) = '${a}'`, told: false },
  { sql: (a) => `(ssn, id) = ('${a}', 1)`, told: false },
  { sql: (a) => `city = '${a}'`, told: false },
]

it('the verdict is that of the very tokens in the text, in whatever order texts of a shape come', () => {
  const random = randomSource(51)
  const judge = new Judge({
    reads: [],
    analyst,
    catalog: () => catalog,
    policies: { current: () => policy },
    connection: 'shop',
    who,
    clock: { now: () => 0 },
  })
  const strings = [...KNOWN, ...KNOWN, ...KNOWN, UNKNOWN, OTHERS, 'plain', "it''s"]
  let allowed = 0
  for (let round = 0; round < 3000; round++) {
    const parts = Array.from({ length: 1 + random.below(3) }, () => {
      const one = random.pick(CONDITIONS)
      const [a, b] = [random.pick(strings), random.pick(strings)]
      const sql = one.sql(a, b)
      const used = [a, b].filter((text) => sql.includes(`'${text}'`))
      return { sql, free: one.told && used.every((text) => KNOWN.includes(text)) }
    })
    const decoy = random.pick(strings)
    const sql = `SELECT id, '${decoy}' FROM customers c WHERE ${parts.map((part) => part.sql).join(' AND ')}`
    const { text, facts, moved, tokens } = find(sql)
    const judged = judge.judge(text, facts, moved, tokens)
    const expected = parts.every((part) => part.free) ? 'allow' : 'deny'
    expect(judged.verdict.effect, sql).toBe(expected)
    if (expected === 'allow') allowed++
    // What is put back is a known token each time, and never the one in the select list.
    for (const { start, end, value } of judged.substitution?.literals ?? []) {
      expect(start).toBeGreaterThan(sql.indexOf('WHERE'))
      expect(value.toString()).toBe(VALUES[KNOWN.indexOf(sql.slice(start + 1, end - 1))])
    }
    if (expected === 'allow') {
      const inPlace = parts.reduce((sum, part) => sum + (part.sql.match(/tok_/g)?.length ?? 0), 0)
      expect(judged.substitution?.literals.length).toBe(inPlace)
    }
  }
  expect(allowed).toBeGreaterThan(300)
})
