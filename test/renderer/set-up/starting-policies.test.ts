import { describe, expect, it } from 'vitest'
import { startingPolicy } from '../../../renderer/set-up/starting-policies.ts'

const facts = { connection: 'shop', groups: ['ai-agents'], approvers: ['dba'], labels: ['pii', 'contact', 'pii'], taken: [] as string[] }
const effects = (policy: Record<string, unknown>) => policy['rules'] as { effect: string; statements?: string[]; uses?: string[] }[]

describe('a starting policy', () => {
  it('reads only: nothing but reads is let through, and masked columns choose no rows', () => {
    const rules = effects(startingPolicy({ ...facts, start: 'reads' }))
    expect(rules[0]).toMatchObject({ effect: 'deny', uses: ['pii', 'contact'] })
    expect(rules.filter(({ effect }) => effect === 'allow').flatMap(({ statements }) => statements)).toEqual([
      'read',
      'session',
      'transaction',
    ])
  })

  it('with approvals: writes wait for the approvers', () => {
    expect(effects(startingPolicy({ ...facts, start: 'approvals' }))[2]).toEqual({
      effect: 'ask',
      statements: ['write'],
      approvers: ['dba'],
      wait: '10m',
    })
  })

  it('names no label where there is none, since a rule may not', () => {
    const policies = (['observe', 'reads', 'approvals'] as const).map((start) => startingPolicy({ ...facts, labels: [], start }))
    expect(JSON.stringify(policies)).not.toContain('"uses"')
  })

  it('gives itself another name where its own is taken', () => {
    expect(startingPolicy({ ...facts, start: 'observe', taken: ['agents-on-shop', 'agents-on-shop-2'] })['name']).toBe('agents-on-shop-3')
  })
})
