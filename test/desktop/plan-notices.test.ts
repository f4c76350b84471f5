import { describe, expect, it } from 'vitest'
import { type DeskState, type Held, heldFor, idleDesk } from '../../main/desktop/desk-state.ts'
import { keyOf, type NoticePlan, planNotices } from '../../main/desktop/plan-notices.ts'
import { planPopUp } from '../../main/desktop/plan-pop-up.ts'
import { personOf } from '../helpers/desk-host.ts'
import { makeApproval } from '../renderer/fake-host/made-up-approvals.ts'

const NOW = 1_700_000_000_000
const held = (id: number, changes: Partial<Held> = {}): Held => ({
  id,
  revision: 2,
  sentence: `Changes row ${id} of carts.`,
  asks: `Maya ${id} with Cursor on shop`,
  waitUntil: NOW + 590_000,
  quick: true,
  ...changes,
})
const on = { on: true, quiet: false, buttons: true }
const desk = (...ids: number[]): DeskState => ({ ...idleDesk, mode: 'desk', link: 'live', held: ids.map((id) => held(id)) })

/** As the app goes on: what stands, what was told, step by step. */
function follow() {
  let standing: string[] = []
  let known = new Set<number>()
  return (state: DeskState, setting = on): NoticePlan & { standing: string[] } => {
    const plan = planNotices(standing, known, state, setting, NOW)
    standing = [...new Set([...standing.filter((key) => !plan.close.includes(key)), ...plan.show.map(({ key }) => key)])]
    known = new Set(state.held.map(({ id }) => id))
    return { ...plan, standing }
  }
}

describe('notifications', () => {
  it('tell each held statement once, by the host’s sentence, with who asks and how long is left', () => {
    const step = follow()
    expect(step(desk(1)).show).toEqual([
      {
        key: keyOf(1),
        title: 'Changes row 1 of carts.',
        body: 'Maya 1 with Cursor on shop, 10 min',
        approval: 1,
        decides: { id: 1, revision: 2 },
      },
    ])
    expect(step(desk(1))).toMatchObject({ show: [], close: [] })
    expect(step(desk(1, 2)).show.map(({ approval }) => approval)).toEqual([2])
  })

  it('go when someone else decides', () => {
    const step = follow()
    step(desk(1, 2))
    expect(step(desk(2))).toMatchObject({ show: [], close: [keyOf(1)] })
    expect(step(desk()).standing).toEqual([])
  })

  it('become one when there are many, which opens the list and goes with the last of them', () => {
    const step = follow()
    step(desk(1, 2, 3))
    const grouped = step(desk(1, 2, 3, 4))
    expect(grouped.standing).toEqual(['several'])
    expect(grouped.show).toEqual([
      {
        key: 'several',
        title: '4 statements wait for you',
        body: 'Maya 1 with Cursor on shop; Maya 2 with Cursor on shop; and 2 more',
        approval: undefined,
        decides: undefined,
      },
    ])
    expect(step(desk(1, 2)).show).toEqual([])
    expect(step(desk(1, 2, 9)).show[0]?.title).toBe('3 statements wait for you')
    expect(step(desk()).close).toEqual(['several'])
    // Afterwards one at a time again.
    expect(step(desk(10)).show[0]?.key).toBe(keyOf(10))
  })

  it('carry no buttons unless the platform draws them and the request may be decided without its card', () => {
    const buttons = (one: Held, platform: boolean) =>
      planNotices([], new Set(), { ...desk(), held: [one] }, { ...on, buttons: platform }, NOW).show[0]?.decides
    expect(buttons(held(1), true)).toEqual({ id: 1, revision: 2 })
    expect(buttons(held(1), false)).toBeUndefined()
    expect(buttons(held(1, { quick: false }), true)).toBeUndefined()
  })

  it('are silent when they are off, in quiet hours, and while nobody is signed in; what stood goes', () => {
    for (const setting of [
      { ...on, on: false },
      { ...on, quiet: true },
    ])
      expect(planNotices([keyOf(1)], new Set(), desk(1, 2), setting, NOW)).toEqual({ show: [], close: [keyOf(1)] })
    expect(planNotices([keyOf(1)], new Set([1]), { ...desk(1), link: 'signed-out' }, on, NOW)).toEqual({ show: [], close: [keyOf(1)] })
  })
})

describe('what waits for this person', () => {
  const me = { ...personOf('Priya', ['approver']), decideUntil: NOW + 1000 }
  const one = (changes = {}) => heldFor([makeApproval(NOW, { mayDecide: true, passkey: false, ...changes })], me, NOW)

  it('is what they may decide, also when only a fresh sign-in is missing, and nobody else’s', () => {
    expect(one()).toHaveLength(1)
    expect(one({ mayDecide: false })).toHaveLength(1)
    expect(one({ mayDecide: false, approvers: ['others'] })).toHaveLength(0)
    expect(one({ mayDecide: false, requester: me })).toHaveLength(0)
    expect(one({ state: 'approved' })).toHaveLength(0)
    expect(one({ openUntil: NOW })).toHaveLength(0)
    expect(heldFor([makeApproval(NOW, { mayDecide: false })], { ...me, roles: ['viewer'] }, NOW)).toHaveLength(0)
  })

  it('is quick only without warning and passkey, with a client that waits and a fresh sign-in', () => {
    expect(one()[0]?.quick).toBe(true)
    for (const changes of [
      { warnings: ['Untrusted text was read.'] },
      { passkey: true },
      { waiting: false },
      { mayDecide: false },
      { waitUntil: NOW },
    ])
      expect(one(changes)[0]?.quick, JSON.stringify(changes)).toBe(false)
    expect(heldFor([makeApproval(NOW)], { ...me, decideUntil: NOW }, NOW)[0]?.quick).toBe(false)
    expect(heldFor([makeApproval(NOW)], { ...me, decideUntil: null }, NOW)[0]?.quick).toBe(false)
  })

  it('tells nothing of SQL, values or the agent’s words', () => {
    const [told] = one({ sql: 'SELECT secret_text', application: 'I AM THE AGENT' })
    expect(JSON.stringify(told)).not.toMatch(/secret_text|I AM THE AGENT/)
    expect(told?.asks).toBe('Maya Lindqvist with cursor-agent on shop')
  })
})

describe('the pop-up', () => {
  const setting = { on: true, quiet: false, locked: false, mainFocused: false }

  it('comes up once for a request, the oldest first, and never moves on by itself', () => {
    expect(planPopUp(undefined, new Set(), desk(4, 7), setting)).toEqual({ step: 'show', id: 4 })
    expect(planPopUp(4, new Set([4]), desk(4, 7), setting)).toEqual({ step: 'stay' })
    expect(planPopUp(4, new Set([4]), desk(7), setting)).toEqual({ step: 'stay' })
    expect(planPopUp(undefined, new Set([4]), desk(4, 7), setting)).toEqual({ step: 'show', id: 7 })
    expect(planPopUp(undefined, new Set([4, 7]), desk(4, 7), setting)).toEqual({ step: 'stay' })
  })

  it('stays away when it is off, in quiet hours, from a locked screen, and while the main window is looked at', () => {
    for (const changes of [{ on: false }, { quiet: true }, { locked: true }, { mainFocused: true }])
      expect(planPopUp(undefined, new Set(), desk(1), { ...setting, ...changes })).toEqual({ step: 'stay' })
    expect(planPopUp(undefined, new Set(), { ...desk(1), link: 'lost' }, setting)).toEqual({ step: 'stay' })
  })
})
