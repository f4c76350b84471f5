import { describe, expect, it } from 'vitest'
import { ceilingOf, historyWords, rowCountWords } from '../../../renderer/approvals/count-words.ts'
import { gather, MANY } from '../../../renderer/approvals/gather.ts'
import { firstLimits, grantWords, readLimits } from '../../../renderer/approvals/limits.ts'
import { planNotices } from '../../../renderer/approvals/plan-notices.ts'
import { makeApproval } from '../fake-host/made-up-approvals.ts'

const now = 1_800_000_000_000
const approval = makeApproval(now)
const fields = firstLimits(12)

describe('what a person grants', () => {
  it('is what the fields say, and the rule’s own ceiling goes without saying', () => {
    expect(readLimits(fields, approval)).toEqual({ grant: { reason: '', maxRows: 12 } })
    expect(readLimits({ ...fields, rows: '1000' }, approval)).toEqual({ grant: { reason: '' } })
    expect(readLimits({ ...fields, runs: 'times', times: '5', reason: ' nightly ' }, approval)).toEqual({
      grant: { reason: 'nightly', maxRows: 12, times: 5 },
    })
    expect(readLimits({ ...fields, runs: 'minutes', minutes: '15' }, approval)).toEqual({
      grant: { reason: '', maxRows: 12, forMinutes: 15 },
    })
  })

  it('never goes beyond the rule, and says which field does', () => {
    for (const [changes, field] of [
      [{ rows: '1001' }, 'rows'],
      [{ rows: '0' }, 'rows'],
      [{ rows: '12x' }, 'rows'],
      [{ rows: '' }, 'rows'],
      [{ runs: 'times', times: '101' }, 'times'],
      [{ runs: 'minutes', minutes: '481' }, 'minutes'],
      [{ reveal: ['contact'] }, 'reason'],
      [{ reveal: ['contact'], reason: 'ticket 4821', runs: 'times' }, 'reveal'],
    ] as const)
      expect(readLimits({ ...fields, ...changes }, approval)).toMatchObject({ field })
  })

  it('lifts the masks of the chosen labels only', () => {
    const two = { ...approval, revealable: ['contact', 'pii'] }
    expect(readLimits({ ...fields, reveal: ['pii'], reason: 'ticket 4821' }, two)).toMatchObject({
      grant: { reveal: true, revealLabels: ['pii'] },
    })
    const all = readLimits({ ...fields, reveal: ['contact', 'pii'], reason: 'ticket 4821' }, two)
    expect(all).toMatchObject({ grant: { reveal: true } })
    expect('grant' in all && all.grant.revealLabels).toBeUndefined()
  })

  it('is what the button says', () => {
    expect(grantWords(fields)).toBe('Approve once, 12 rows at most')
    expect(grantWords({ ...fields, rows: '', runs: 'times', reveal: ['pii'] })).toBe('Approve 5 times, pii shown')
    expect(grantWords({ ...fields, rows: '1', runs: 'minutes' })).toBe('Approve for 15 min, 1 row at most')
  })
})

describe('counts', () => {
  it('are as certain as the host is', () => {
    const { preview } = approval
    expect(rowCountWords(approval)).toEqual({ rows: '12 rows', how: 'counted exactly' })
    expect(rowCountWords({ preview: { ...preview, exactRows: null } }).rows).toBe('About 14 rows')
    expect(rowCountWords({ preview: { ...preview, exactRows: null, moreThanRows: 100_000 } }).rows).toBe('More than 100,000 rows')
    expect(rowCountWords({ preview: { ...preview, state: 'pending' } }).rows).toBe('Counting')
  })

  it('are the ceiling of a plain yes, under that of the rule', () => {
    expect(ceilingOf(approval)).toBe(12)
    expect(ceilingOf({ ...approval, maxRows: 5 })).toBe(5)
    expect(ceilingOf({ ...approval, preview: { ...approval.preview, exactRows: 0 } })).toBe(1000)
    expect(ceilingOf({ ...approval, facts: { ...approval.facts, verbs: ['read'] } })).toBe(1000)
  })

  it('of what came before are in words', () => {
    expect(historyWords(approval.history)).toBe('22 statements before this: 21 allowed, 1 denied')
    expect(historyWords({ statements: 0, allowed: 0, held: 0, denied: 0, recent: [] })).toBe('The first statement of its session')
  })
})

describe('the inbox', () => {
  it('gathers many alike of one session, and nothing else', () => {
    const alike = Array.from({ length: MANY }, (_, at) => makeApproval(now, { id: 300 + at, askedAt: now + at }))
    const other = makeApproval(now, { id: 400, sessionId: 'S-1', askedAt: now - 5 })
    expect(gather([...alike, other])).toEqual([
      { kind: 'one', approval: other },
      { kind: 'many', first: alike[0], all: alike },
    ])
    expect(gather(alike.slice(1))).toHaveLength(MANY - 1)
  })
})

describe('notifications of the browser', () => {
  it('say the plain sentence, who and where: no SQL, no values, no agent’s words', () => {
    const { say, close } = planNotices(new Set(), [approval], { looking: false, now })
    expect(say).toEqual([{ id: 218, title: approval.sentence, body: 'Maya Lindqvist with cursor-agent on shop, 8 min left' }])
    expect(close).toEqual([])
  })

  it('are taken back once it was decided elsewhere, and not given to who looks or may not decide', () => {
    expect(planNotices(new Set([218, 219]), [approval], { looking: false, now })).toEqual({ say: [], close: [219] })
    expect(planNotices(new Set(), [approval], { looking: true, now }).say).toEqual([])
    expect(planNotices(new Set(), [{ ...approval, mayDecide: false }], { looking: false, now }).say).toEqual([])
  })
})
