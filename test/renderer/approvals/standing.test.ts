import { describe, expect, it } from 'vitest'
import { approveWords, standingOf } from '../../../renderer/approvals/standing.ts'
import { makeApproval } from '../fake-host/made-up-approvals.ts'
import { workingDay } from '../fake-host/state.ts'

const now = 1_800_000_000_000
const me = workingDay(now).me
if (!me) throw new Error('someone works on a working day')

describe('how an approval stands for a person', () => {
  it('can be decided while the agent waits', () => {
    expect(standingOf(makeApproval(now), me, now)).toBe('decidable')
  })

  it('is late once the agent has stopped waiting, until the request closes', () => {
    expect(standingOf(makeApproval(now, { waiting: false }), me, now)).toBe('late')
    expect(standingOf(makeApproval(now, { waitUntil: now }), me, now)).toBe('late')
    expect(standingOf(makeApproval(now, { openUntil: now }), me, now)).toBe('over')
  })

  it('asks for a new sign-in when that is all that is missing', () => {
    const old = { ...me, decideUntil: now - 1 }
    expect(standingOf(makeApproval(now), old, now)).toBe('sign-in-old')
    expect(standingOf(makeApproval(now, { mayDecide: false, whyNot: 'Your sign-in is too old' }), old, now)).toBe('sign-in-old')
    expect(standingOf(makeApproval(now, { mayDecide: false }), { ...me, decideUntil: null }, now)).toBe('sign-in-old')
  })

  it('does not send someone to sign in who could not decide then either', () => {
    const old = { ...me, decideUntil: now - 1 }
    const refused = { mayDecide: false }
    expect(standingOf(makeApproval(now, { ...refused, requester: me }), old, now)).toBe('not-yours')
    expect(standingOf(makeApproval(now, { ...refused, approvers: ['finance'] }), old, now)).toBe('not-yours')
    expect(standingOf(makeApproval(now, refused), { ...old, roles: ['viewer'] }, now)).toBe('not-yours')
  })

  it('is over when it has been decided, whoever looks', () => {
    expect(standingOf(makeApproval(now, { state: 'used' }), me, now)).toBe('over')
    expect(standingOf(makeApproval(now, { state: 'withdrawn' }), undefined, now)).toBe('over')
  })
})

describe('the Approve button', () => {
  it('says what it grants', () => {
    expect(approveWords(makeApproval(now, { maxRows: 1000 }), 'decidable')).toBe('Approve, 1,000 rows at most')
    expect(approveWords(makeApproval(now, { maxRows: 1 }), 'decidable')).toBe('Approve, 1 row at most')
    expect(approveWords(makeApproval(now, { maxRows: null }), 'decidable')).toBe('Approve once')
    expect(approveWords(makeApproval(now), 'late')).toBe('Approve for when it returns')
  })
})
