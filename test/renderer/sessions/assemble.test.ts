import { describe, expect, it } from 'vitest'
import { assemble, endOf } from '../../../renderer/sessions/assemble.ts'
import { makeEvents } from '../fake-host/made-up-sessions.ts'

const events = makeEvents(1_800_000_000_000)
const { statements } = assemble(events)
const numbered = (number: number) => {
  const found = statements.find((statement) => statement.number === number)
  if (!found) throw new Error(`no statement ${number}`)
  return found
}

describe('events become statements', () => {
  it('in order, each with what belongs to it', () => {
    expect(statements.map((statement) => statement.number)).toEqual(Array.from({ length: 23 }, (_, at) => at + 1))
    expect(numbered(4)).toMatchObject({ outcome: 'approved', answered: { by: 'Priya Nair' }, finished: { tag: 'UPDATE 6' } })
    expect(numbered(4).rows).toHaveLength(1)
  })

  it('says who decided: a rule, a person, nobody yet, or the database', () => {
    expect([1, 3, 5, 22, 23].map((number) => numbered(number).outcome)).toEqual(['allowed', 'denied', 'failed', 'denied-by-person', 'held'])
  })

  it('says how each ended', () => {
    expect([2, 3, 5, 22, 23].map((number) => endOf(numbered(number)))).toEqual(['20,418 rows', 'denied', '42P01', 'denied', 'held'])
  })

  it('takes what was held when the session closed for lapsed', () => {
    const closed = { seq: 999, at: 0, hash: '', kind: 'closed' as const, reason: 'left' }
    expect(assemble([...events, closed]).statements.at(-1)?.outcome).toBe('lapsed')
  })

  it('leaves out events of a statement whose beginning is not there', () => {
    expect(assemble(events.filter((event) => event.kind !== 'statement')).statements).toEqual([])
  })
})
