import { describe, expect, it } from 'vitest'
import type { Judged } from '../../proxy/ports.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { Clearance, clearControl, clearCopyData, clearOwn, clearParse, clearStatement } from '../../proxy/verdict/clearance.ts'
import type { Effect } from '../../proxy/verdict/policy.ts'

const frame = Buffer.from([0x51, 0, 0, 0, 5, 0])

function judged(effect: Effect, facts: Partial<StatementFacts> = {}): Judged {
  const whole = { unknown: [], copy: undefined, ...facts } as unknown as StatementFacts
  return {
    text: Buffer.from('x'),
    facts: [whole],
    verdict: { effect, rule: undefined, policyVersion: '1', because: [], statement: 0, hint: '', labels: [] },
    moved: undefined,
  }
}

const approved = { decision: { outcome: 'approved', approval: 1, by: 'Maya', reason: '', reveal: false, maxRows: undefined } } as const

describe('a clearance', () => {
  it('is made for what is allowed, and for what a person approved', () => {
    expect(clearStatement(judged('allow'), undefined, frame, 0, 6)).toBeInstanceOf(Clearance)
    expect(clearStatement(judged('ask'), approved, frame, 0, 6)).toBeInstanceOf(Clearance)
  })

  it('is not made without approval, nor for what is denied, whoever approved it', () => {
    expect(() => clearStatement(judged('ask'), undefined, frame, 0, 6)).toThrow('no clearance')
    expect(() => clearStatement(judged('deny'), undefined, frame, 0, 6)).toThrow('no clearance')
    expect(() => clearStatement(judged('deny'), approved, frame, 0, 6)).toThrow('no clearance')
  })

  it('is used up by its first use', () => {
    const clearance = clearOwn({ kind: 'sync' })
    clearance.spend()
    expect(() => clearance.spend()).toThrow('used twice')
  })

  it('lets a statement be prepared before it is asked about, unless preparing could run code', () => {
    expect(clearParse(judged('ask'), frame, 0, 6)).toBeInstanceOf(Clearance)
    expect(() => clearParse(judged('ask', { unknown: [{ what: 'function f()', code: true, offset: 0, length: 1 }] }), frame, 0, 6)).toThrow(
      'no clearance',
    )
    expect(() => clearParse(judged('deny'), frame, 0, 6)).toThrow('no clearance')
  })

  it.each(['Q', 'P', 'B', 'E', 'F', 'd', 'p', '\0', 'y'])('is not made for %s as a control message', (letter) => {
    expect(() => clearControl(Buffer.from([letter.charCodeAt(0), 0, 0, 0, 4]), 0, 5)).toThrow('no clearance')
  })

  it('carries COPY data only for a COPY FROM STDIN', () => {
    const data = Buffer.from([0x64, 0, 0, 0, 5, 65])
    expect(clearCopyData(judged('allow', { copy: 'in' }), undefined, data, 0, 6)).toBeInstanceOf(Clearance)
    expect(() => clearCopyData(judged('allow', { copy: 'out' }), undefined, data, 0, 6)).toThrow('no clearance')
    expect(() => clearCopyData(judged('allow', { copy: 'in' }), undefined, frame, 0, 6)).toThrow('no clearance')
  })
})
