import { describe, expect, it } from 'vitest'
import { ARMED_MS, freshGuard, type GuardEvent, guardAfter, INERT_MS, isArmed, mayDecide } from '../../../renderer/approvals/guard.ts'

/** Plays events at their times, from a card that appeared at 0. */
const play = (...steps: readonly (readonly [at: number, event: GuardEvent])[]) =>
  steps.reduce((guard, [at, event]) => guardAfter(guard, event, at), freshGuard(0))

describe('the guard of a card', () => {
  it('takes no decision for 600 ms after the card appears', () => {
    expect(mayDecide(freshGuard(0), INERT_MS - 1)).toBe(false)
    expect(mayDecide(freshGuard(0), INERT_MS)).toBe(true)
  })

  it('takes none again for 600 ms after the card changes or the window gains focus', () => {
    const guard = play([5000, { type: 'changed' }])
    expect(mayDecide(guard, 5000 + INERT_MS - 1)).toBe(false)
    expect(mayDecide(guard, 5000 + INERT_MS)).toBe(true)
  })

  it('does not arm while it is inert, so that typing meant for an editor is lost', () => {
    expect(isArmed(play([300, { type: 'arm' }]), 700)).toBe(false)
  })

  it('arms for three seconds and no longer', () => {
    const guard = play([1000, { type: 'arm' }])
    expect(isArmed(guard, 1000)).toBe(true)
    expect(isArmed(guard, 1000 + ARMED_MS - 1)).toBe(true)
    expect(isArmed(guard, 1000 + ARMED_MS)).toBe(false)
  })

  it('is disarmed by Escape, and by any change of the card', () => {
    expect(isArmed(play([1000, { type: 'arm' }], [1200, { type: 'drop' }]), 1300)).toBe(false)
    expect(isArmed(play([1000, { type: 'arm' }], [1200, { type: 'changed' }]), 1900)).toBe(false)
  })

  it('takes nothing more while a decision is on its way, and rests when the host has answered', () => {
    const sent = play([1000, { type: 'send', decision: 'approve' }])
    expect(sent.sending).toBe('approve')
    expect(mayDecide(sent, 60_000)).toBe(false)
    expect(guardAfter(sent, { type: 'send', decision: 'deny' }, 2000).sending).toBe('approve')
    const answered = guardAfter(sent, { type: 'answered' }, 3000)
    expect(mayDecide(answered, 3000)).toBe(false)
    expect(mayDecide(answered, 3000 + INERT_MS)).toBe(true)
  })

  it('sends nothing while it is inert', () => {
    expect(play([100, { type: 'send', decision: 'approve' }]).sending).toBeUndefined()
  })
})
