import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { type Moved, moveOffset } from '../../proxy/statement/alike.ts'
import { type Analysis, type Analyst, createAnalyst, type Recognised } from '../../proxy/statement/analyst.ts'
import type { Equality } from '../../proxy/statement/facts.ts'
import { liftConstants } from '../../proxy/statement/lift-constants.ts'
import { EFFECTS } from '../cases/effects.ts'
import { EVERYDAY } from '../cases/everyday.ts'
import { LINEAGE } from '../cases/lineage.ts'
import { SERVER } from '../cases/server.ts'
import { shopCatalog } from '../cases/shop.ts'
import { randomSource } from '../helpers/random.ts'

const catalog = shopCatalog()
let analyst: Analyst
beforeAll(async () => {
  analyst = await createAnalyst()
})
afterAll(() => analyst.close())

const recognise = (sql: string): Recognised => analyst.recognise(Buffer.from(sql), catalog) as Recognised
const analyse = (sql: string): Analysis => analyst.analyse(Buffer.from(sql), catalog) as Analysis

function shared(first: string, second: string): boolean {
  return recognise(first).analysis === recognise(second).analysis
}

describe('texts that differ in constants', () => {
  it.each([
    ['SELECT * FROM orders WHERE id = 1', 'SELECT * FROM orders WHERE id = 4711'],
    ["SELECT * FROM customers WHERE ssn = 'a'", "SELECT * FROM customers WHERE ssn = 'o''clock'"],
    ['SELECT * FROM orders LIMIT 10 OFFSET -5', 'SELECT * FROM orders LIMIT 100 OFFSET -50'],
    ["INSERT INTO notes VALUES (1, 'x')", "INSERT INTO notes VALUES (2, 'a much longer text')"],
    ["SELECT now() - INTERVAL '1 day', DATE '2026-01-01'", "SELECT now() - INTERVAL '12 hours', DATE '2027-01-01'"],
    ['SELECT 1 FROM orders ORDER BY 1', 'SELECT 2 FROM orders ORDER BY 1'],
  ])('%s / %s share their facts', (first, second) => expect(shared(first, second)).toBe(true))

  it.each([
    ['another output column to sort by', 'SELECT ssn, id FROM customers ORDER BY 1', 'SELECT ssn, id FROM customers ORDER BY 2'],
    ['another setting', "SELECT set_config('application_name', 'x', false)", "SELECT set_config('role', 'x', false)"],
    ['a command', "SELECT query_to_xml('SELECT 1', true, true, '')", "SELECT query_to_xml('SELECT 2', true, true, '')"],
    ['another file', "COPY orders TO '/tmp/a'", "COPY orders TO '/tmp/b'"],
    ['another body', "DO 'BEGIN END'", "DO 'BEGIN DELETE FROM audit; END'"],
    ['another kind of constant', 'SELECT 1', "SELECT '1'"],
    ['a column that a constant stands for', 'SELECT 1 FROM customers', 'SELECT ssn FROM customers'],
  ])('%s is another statement', (_, first, second) => {
    expect(shared(first, second)).toBe(false)
    expect(at(recognise(second))).toEqual(at({ analysis: analyse(second), moved: undefined }))
  })

  it('tells where each offset is', () => {
    recognise('SELECT 1, ssn FROM customers WHERE id = 7')
    const found = recognise('SELECT 100, ssn FROM customers WHERE id = 70')
    expect(found.moved).toEqual([8, 2, 41, 3])
    expect(at(found)).toEqual(at({ analysis: analyse('SELECT 100, ssn FROM customers WHERE id = 70'), moved: undefined }))
  })
})

/** What a constant could be to be mistaken: names of settings, relations and columns, numbers of columns, whole statements. */
const STRINGS = [
  'role',
  'customers',
  'ssn',
  'public.audit',
  'search_path',
  'off',
  'DELETE FROM audit',
  'SELECT ssn FROM customers',
  'audit_seq',
  '',
  '1',
]
const INTEGERS = ['0', '1', '2', '3', '7', '100', '123456789']

it('whatever is shared is what the text would have been given by itself', () => {
  const random = randomSource(1124)
  let compared = 0
  let reused = 0
  for (const { sql } of [...EFFECTS, ...SERVER, ...LINEAGE, ...EVERYDAY]) {
    const text = Buffer.from(sql)
    const lifted = liftConstants(text)
    if (lifted === undefined || lifted.count === 0) continue
    const [starts, stops] = [lifted.starts.slice(0, lifted.count), lifted.ends.slice(0, lifted.count)]
    const known = recognise(sql).analysis
    for (let round = 0; round < 6; round++) {
      let other = ''
      let from = 0
      for (const [i, start] of starts.entries()) {
        const was = text.toString('utf8', start, stops[i])
        const now =
          random.below(3) === 0
            ? was
            : was.startsWith("'")
              ? `'${random.pick(STRINGS)}'`
              : was.includes('.') || was.length > 9
                ? was
                : random.pick(INTEGERS)
        other += text.toString('utf8', from, start) + now
        from = stops[i] as number
      }
      other += text.toString('utf8', from)
      const found = recognise(other)
      compared++
      if (found.analysis === known) reused++
      expect(at(found), other).toEqual(at({ analysis: analyse(other), moved: undefined }))
    }
  }
  expect(compared).toBeGreaterThan(500)
  expect(reused).toBeGreaterThan(compared / 4)
})

/** The facts with their offsets moved into the text that was asked about. */
function at({ analysis, moved }: Recognised): unknown {
  if (analysis instanceof GatewayError) return { refused: analysis.fields.sqlstate }
  return JSON.parse(JSON.stringify(analysis.statements), (_key, value: unknown) =>
    moved === undefined ? value : isPlaced(value) ? place(value, moved) : isEquality(value) ? compare(value, moved) : value,
  )
}

interface Placed {
  readonly offset: number
  readonly length?: number
}

const isPlaced = (value: unknown): value is Placed => typeof value === 'object' && value !== null && 'offset' in value

const isEquality = (value: unknown): value is Equality => typeof value === 'object' && value !== null && 'constants' in value

const compare = (value: Equality, moved: Moved): Equality => ({ ...value, constants: value.constants.map((one) => moveOffset(moved, one)) })

function place<T extends Placed>(value: T, moved: Moved): T {
  const offset = moveOffset(moved, value.offset)
  if (value.length === undefined) return { ...value, offset }
  return { ...value, offset, length: moveOffset(moved, value.offset + value.length) - offset }
}
