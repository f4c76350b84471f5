import { loadModule, scanSync } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { liftConstants } from '../../proxy/statement/lift-constants.ts'
import { randomSource } from '../helpers/random.ts'

beforeAll(() => loadModule())

const lift = (sql: string) => liftConstants(Buffer.from(sql))

function constants(sql: string): string[] | undefined {
  const lifted = lift(sql)
  if (lifted === undefined) return undefined
  return [...lifted.starts.subarray(0, lifted.count)].map((start, i) => Buffer.from(sql).toString('utf8', start, lifted.ends[i]))
}

describe('constants are lifted', () => {
  it.each<[string, string[]]>([
    ['SELECT * FROM t WHERE id = 42', ['42']],
    ["SELECT 'it''s', 1.50, 7", ["'it''s'", '1.50', '7']],
    ['SELECT -5, a-5, a - 12', ['5', '5', '12']],
    ["SELECT $1, t1.c2, '$1'", ["'$1'"]],
    [`SELECT "a 1 'b'", '1'`, ["'1'"]],
    ['SELECT 1 -- 2\n, 3 /* 4 /* 5 */ 6 */, 7', ['1', '3', '7']],
    ['SELECT 1700000000000, 123456789', ['1700000000000', '123456789']],
    ["SELECT DATE '2026-01-01', INTERVAL '1' day", ["'2026-01-01'", "'1'"]],
    ["SELECT 'größe', 'x'::text", ["'größe'", "'x'"]],
    ["SELECT 'back\\slash', 2", ["'back\\slash'", '2']],
  ])('%s', (sql, expected) => expect(constants(sql)).toEqual(expected))

  it.each(['1e5', '0x1F', '1_000', '1.', '.5', '1..2', '1.2.3', '12abc', '2147483648', '0000000000001', '99999999999999999999'])(
    'the number %s stays in the shape',
    (number) => expect(constants(`SELECT ${number}`)).toEqual([]),
  )

  it('keeps apart what the grammar keeps apart', () => {
    const shapes = ["SELECT '1'", 'SELECT 1', 'SELECT 1.0', 'SELECT 12345678901'].map((sql) => shapeOf(sql))
    expect(new Set(shapes).size).toBe(4)
  })
})

describe('gives up on', () => {
  it.each([
    ["E'\\''", "SELECT E'\\'', '1'"],
    ['a lower-case e', "SELECT e'\\'; DROP TABLE t --'"],
    ['bits', "SELECT B'101'"],
    ['hexadecimal bits', "SELECT x'1F'"],
    ['national strings', "SELECT N'x'"],
    ['Unicode strings', "SELECT U&'\\0041'"],
    ['Unicode names', `SELECT U&"d!0061" UESCAPE '!'`],
    ['dollar quotes', 'SELECT $$1$$'],
    ['tagged dollar quotes', "SELECT $a$'$a$"],
    ['a string that does not end', "SELECT 'x"],
    ['a name that does not end', 'SELECT "x'],
    ['a comment that does not end', 'SELECT 1 /* /* */'],
    ['a number that runs into a string', "SELECT 1.E'\\''"],
    ['a string that goes on in the next line', "SELECT 'a' -- b\n 'c'"],
    ['a parameter that runs into a word', 'SELECT $1a'],
  ])('%s', (_, sql) => expect(lift(sql)).toBeUndefined())

  it('more constants than it keeps', () => expect(lift(`SELECT ${Array(300).fill('1').join(', ')}`)).toBeUndefined())
})

/** Pieces that are near each other in the lexer: strung together at random they make what nobody would write. */
const PIECES = [
  ...["'", "''", '"', '$', '$$', '$1', '$a$', '--', '/*', '*/', '\n', ' ', '\\', '.', '..', '-', '+', '&', '::', '(', ')', ','],
  ...['E', 'e', 'U&', 'u', 'N', 'B', 'x', 'a', 'SELECT', '_', 'é', '1', '42', '1.5', '1e', '1e5', '0x', '_0', '9999999999', '12345678901'],
]

it('lifts nothing that PostgreSQL does not read as that constant', () => {
  const random = randomSource(20261124)
  let read = 0
  for (let round = 0; round < 10_000; round++) {
    const sql = `SELECT ${Array.from({ length: 1 + random.below(9) }, () => random.pick(PIECES)).join('')}`
    const lifted = lift(sql)
    if (lifted === undefined || lifted.count === 0) continue
    const tokens = tokensOf(sql)
    if (tokens === undefined) continue
    read++
    const spans = tokens.filter(({ tokenName }) => /^[SIF]CONST$/.test(tokenName)).map(({ start, end }) => `${start}-${end}`)
    for (const [i, start] of lifted.starts.subarray(0, lifted.count).entries()) expect(spans, sql).toContain(`${start}-${lifted.ends[i]}`)
  }
  expect(read).toBeGreaterThan(500)
})

/** Undefined where PostgreSQL's lexer stops at an error, which the library then cannot word. */
function tokensOf(sql: string) {
  try {
    return scanSync(sql).tokens
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    return undefined
  }
}

function shapeOf(sql: string): string | undefined {
  const lifted = lift(sql)
  return lifted?.shape.toString('latin1', 0, lifted.length)
}
