import { loadModule } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { analyseTree } from '../../proxy/statement/analyst.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { decide, type Verdict } from '../../proxy/verdict/decide.ts'
import type { Policy, Rule } from '../../proxy/verdict/policy.ts'
import { EVERYDAY } from '../cases/everyday.ts'
import { shopCatalog } from '../cases/shop.ts'
import { policyOf, USUAL } from './policy-fixture.ts'

const catalog = shopCatalog()
const NOON = new Date(2026, 10, 24, 12, 0)
beforeAll(() => loadModule())

function judge(sql: string, rules: readonly Partial<Rule>[] | Policy, now = NOON, groups = ['agents']): Verdict {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  const policy = Array.isArray(rules) ? policyOf(rules as Partial<Rule>[]) : (rules as Policy)
  return decide(analysis.statements, policy, catalog, { groups }, now)
}
const effect = (sql: string, rules: readonly Partial<Rule>[] = USUAL) => judge(sql, rules).effect

describe('the usual policy', () => {
  it.each(EVERYDAY.map((one) => [one.sql]))('allows %s', (sql) => {
    expect(judge(sql, USUAL).effect).toBe('allow')
  })

  it('asks about a use of a labelled column, not about its plain output', () => {
    expect(effect('SELECT ssn FROM customers')).toBe('allow')
    expect(effect("SELECT id FROM customers WHERE ssn = '1'")).toBe('ask')
    expect(effect('SELECT upper(remark) FROM v_staff')).toBe('ask')
  })

  it('asks about writes and denies the rest', () => {
    expect(effect('UPDATE orders SET total = 0')).toBe('ask')
    expect(effect('WITH d AS (DELETE FROM audit RETURNING 1) SELECT 1')).toBe('ask')
    expect(effect('DROP TABLE orders')).toBe('deny')
    expect(effect('SELECT touch_customer(1)')).toBe('deny')
    expect(effect('SELECT pg_sleep(1)')).toBe('deny')
  })

  it('denies a table that no rule allows, and says which', () => {
    const verdict = judge('SELECT author FROM private.notes', USUAL)
    expect(verdict.effect).toBe('deny')
    expect(verdict.rule).toBeUndefined()
    expect(verdict.because[0]?.what).toContain('private.notes')
  })
})

describe('a string of several statements', () => {
  it('gets the verdict of the strictest, and says which it was', () => {
    const verdict = judge('SELECT 1; DROP TABLE orders; UPDATE orders SET total = 0', USUAL)
    expect(verdict).toMatchObject({ effect: 'deny', statement: 1 })
    expect(verdict.rule?.place).toBe(4)
  })

  it('is allowed when there is nothing in it', () => {
    expect(effect(';')).toBe('allow')
  })
})

describe('a statement is judged in parts', () => {
  const rules: Partial<Rule>[] = [
    { effect: 'allow', statements: ['read'], tables: ['public.*'] },
    { effect: 'allow', statements: ['write'], tables: ['public.audit'] },
    { effect: 'ask', statements: ['write'] },
  ]

  it('each relation by what is done to it', () => {
    expect(effect('INSERT INTO audit(id) SELECT id FROM orders', rules)).toBe('allow')
    expect(effect('INSERT INTO orders(id) SELECT id FROM audit', rules)).toBe('ask')
    expect(effect('INSERT INTO audit(id) SELECT id FROM billing.payments', rules)).toBe('deny')
  })

  it('a relation behind a view needs no leave of its own, but is found by ask and deny', () => {
    expect(effect('SELECT id FROM v_keys', [{ effect: 'allow', tables: ['public.*'] }])).toBe('allow')
    expect(effect('SELECT id FROM v_keys', [{ effect: 'deny', tables: ['billing.*'] }, { effect: 'allow' }])).toBe('deny')
  })

  it('a partition stands for its parent, and the reverse', () => {
    const deny: Partial<Rule>[] = [{ effect: 'deny', tables: ['billing.payments'] }, { effect: 'allow' }]
    expect(effect('SELECT id FROM billing.payments_2024', deny)).toBe('deny')
    const part: Partial<Rule>[] = [{ effect: 'deny', tables: ['billing.payments_2024'] }, { effect: 'allow' }]
    expect(effect('SELECT id FROM billing.payments', part)).toBe('deny')
  })

  it('every candidate of an unqualified name must be allowed', () => {
    expect(effect('SELECT author FROM notes', [{ effect: 'allow', tables: ['public.*'] }])).toBe('deny')
    expect(effect('SELECT author FROM public.notes', [{ effect: 'allow', tables: ['public.*'] }])).toBe('allow')
  })

  it('a schema change is one of its table, not a write', () => {
    const ddl: Partial<Rule>[] = [{ effect: 'allow', statements: ['ddl'], tables: ['public.audit'] }]
    expect(effect('ALTER TABLE audit ADD x int', ddl)).toBe('allow')
    expect(effect('ALTER TABLE orders ADD x int', ddl)).toBe('deny')
  })
})

describe('conditions', () => {
  const rest: Partial<Rule> = { effect: 'allow' }

  it('shows, uses and touches', () => {
    expect(effect('SELECT ssn FROM customers', [{ effect: 'deny', shows: ['pii'] }, rest])).toBe('deny')
    expect(effect("SELECT id FROM customers WHERE ssn = '1'", [{ effect: 'deny', shows: ['pii'] }, rest])).toBe('allow')
    expect(effect("SELECT id FROM customers WHERE ssn = '1'", [{ effect: 'deny', touches: ['pii'] }, rest])).toBe('deny')
    expect(effect('SELECT ssn FROM customers', [{ effect: 'deny', touches: ['pii'] }, rest])).toBe('deny')
    expect(effect('SELECT ssn FROM customers', [{ effect: 'deny', uses: ['pii'] }, rest])).toBe('allow')
  })

  it('without where, also inside a CTE', () => {
    const rules: Partial<Rule>[] = [{ effect: 'deny', without: 'where' }, rest]
    expect(effect('UPDATE orders SET total = 0', rules)).toBe('deny')
    expect(effect('UPDATE orders SET total = 0 WHERE id = 1', rules)).toBe('allow')
    expect(effect('WITH d AS (DELETE FROM audit RETURNING 1) SELECT 1', rules)).toBe('deny')
    expect(judge('DELETE FROM audit', rules).hint).toContain('WHERE')
  })

  it('functions', () => {
    const rules: Partial<Rule>[] = [{ effect: 'deny', functions: ['pg_catalog.pg_sleep*'] }, rest]
    expect(effect('SELECT pg_sleep_for($1)', rules)).toBe('deny')
    expect(effect('SELECT now()', rules)).toBe('allow')
    expect(effect('SELECT now(), pg_sleep(1)', [{ effect: 'allow', functions: ['now'] }])).toBe('deny')
  })

  it('hours, over midnight and by the day they began', () => {
    const at = (from: number, to: number, days?: number[]): Partial<Rule>[] => [
      { effect: 'allow', hours: { fromMinute: from, toMinute: to, days } },
    ]
    const when = (day: number, hour: number) => new Date(2026, 10, day, hour, 30)
    expect(judge('SELECT 1', at(480, 1080), when(24, 12)).effect).toBe('allow')
    expect(judge('SELECT 1', at(480, 1080), when(24, 18)).effect).toBe('deny')
    expect(judge('SELECT 1', at(1320, 360), when(24, 23)).effect).toBe('allow')
    // 24 November 2026 is a Tuesday: at 01:30 on Wednesday the night of Tuesday still lasts.
    expect(judge('SELECT 1', at(1320, 360, [2]), when(25, 1)).effect).toBe('allow')
    expect(judge('SELECT 1', at(1320, 360, [3]), when(25, 1)).effect).toBe('deny')
  })

  it('groups', () => {
    expect(judge('SELECT 1', [rest], NOON, ['others']).effect).toBe('deny')
  })
})

describe('a team’s own function', () => {
  const vouch = (source: string) => policyOf(USUAL, { vouched: [{ function: 'public.touch_customer(integer)', source }] })

  it('is known once an admin has vouched for it, also behind a view', () => {
    expect(judge('SELECT touch_customer(1)', vouch('hash-40000')).effect).toBe('allow')
    expect(judge('SELECT t FROM v_touch', vouch('hash-40000')).effect).toBe('allow')
  })

  it('is unknown again when its source has changed', () => {
    expect(judge('SELECT touch_customer(1)', vouch('hash-of-before')).effect).toBe('deny')
  })
})

describe('a verdict', () => {
  it('names the column, the place in the text and a way out', () => {
    const verdict = judge("SELECT id FROM customers WHERE ssn = '1'", USUAL)
    expect(verdict.because).toEqual([
      { what: 'public.customers.ssn (pii) is used to choose, join, sort or compute', offset: 31, length: 0 },
    ])
    expect(verdict.hint).toContain('Leave ssn out of WHERE')
    expect(verdict.labels).toEqual(['pii'])
  })

  it('names what is not known to be harmless', () => {
    const verdict = judge('SELECT touch_customer(1)', USUAL)
    expect(verdict.because[0]?.what).toBe('function public.touch_customer(integer) is not known to be harmless')
    expect(verdict.hint).toContain('vouch')
  })

  it('never repeats a value', () => {
    for (const sql of [
      "SELECT id FROM customers WHERE ssn = '916-81-7055'",
      "UPDATE customers SET ssn = '916-81-7055'",
      "SET app.x = '916-81-7055'",
    ]) {
      const verdict = judge(sql, USUAL)
      expect(JSON.stringify([verdict.because, verdict.hint])).not.toContain('916-81-7055')
    }
  })
})
