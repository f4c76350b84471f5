import { describe, expect, it } from 'vitest'
import { Budgets, Spending } from '../../proxy/session/budget.ts'

const MINUTE = 60_000

describe('a budget by the hour', () => {
  const at = (start = Date.UTC(2026, 0, 1, 12)) => {
    let time = start
    return {
      now: () => time,
      pass: (ms: number) => {
        time += ms
      },
    }
  }

  it('counts statements, and gives them back an hour later, minute by minute', () => {
    const clock = at()
    const spending = new Spending('shop', { statements: 3 }, clock)
    expect([spending.statement(), spending.statement()]).toEqual([true, true])
    clock.pass(10 * MINUTE)
    expect([spending.statement(), spending.statement()]).toEqual([true, false])
    expect(spending.left()).toEqual([{ kind: 'statements', limit: 3, left: 0, moreAt: Date.UTC(2026, 0, 1, 13) }])
    clock.pass(50 * MINUTE)
    expect(spending.left()[0]?.left).toBe(2)
    clock.pass(10 * MINUTE)
    expect(spending.left()).toEqual([{ kind: 'statements', limit: 3, left: 3, moreAt: undefined }])
  })

  it('counts each statement of a text', () => {
    const spending = new Spending('shop', { statements: 3 }, at())
    expect([spending.statement(2), spending.statement(2), spending.statement(1)]).toEqual([true, false, true])
  })

  it('stops a result in its middle, by rows or by bytes', () => {
    const rows = new Spending('shop', { rows: 2 }, at())
    expect([rows.row(10), rows.row(10), rows.row(10)]).toEqual([true, true, false])
    expect(rows.statement()).toBe(false)
    const bytes = new Spending('shop', { bytes: 100 }, at())
    expect([bytes.row(60), bytes.row(60), bytes.row(40)]).toEqual([true, false, true])
  })

  it('says what is spent, what is left, and when more comes', () => {
    const clock = at()
    const spending = new Spending('shop', { statements: 1, rows: 10 }, clock)
    spending.statement()
    spending.row(5)
    const { fields } = spending.refusal()
    expect(fields).toMatchObject({
      code: 'limit',
      sqlstate: '53400',
      message: 'the budget of 1 statements an hour on "shop" is spent (limits.budget)',
    })
    expect(fields.detail).toBe('Left of the rest: 9 of 10 rows.')
    expect(fields.hint).toContain('2026-01-01T13:00:00.000Z')
  })

  it('gives nothing back when the clock is set back', () => {
    const clock = at()
    const spending = new Spending('shop', { statements: 1 }, clock)
    spending.statement()
    clock.pass(-30 * MINUTE)
    expect(spending.statement()).toBe(false)
  })

  it('is one for all sessions of an identity on a connection, and follows the limits of now', () => {
    const budgets = new Budgets(at())
    const upstream = (statements: number) => ({ connection: 'shop', limits: { budget: { statements } } }) as Parameters<Budgets['of']>[0]
    const who = { issuer: 'i', subject: 's' }
    const one = budgets.of(upstream(1), who)
    expect(one?.statement()).toBe(true)
    expect(budgets.of(upstream(1), who)?.statement()).toBe(false)
    expect(budgets.of(upstream(2), who)?.statement()).toBe(true)
    expect(budgets.of(upstream(1), { ...who, subject: 'other' })?.statement()).toBe(true)
  })
})
