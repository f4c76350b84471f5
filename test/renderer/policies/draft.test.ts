import { describe, expect, it } from 'vitest'
import { comparePolicy } from '../../../renderer/policies/draft/compare-rules.ts'
import {
  addPolicy,
  addRule,
  addTest,
  changePolicy,
  changeRule,
  moveRule,
  removeRule,
  removeTest,
} from '../../../renderer/policies/draft/edits.ts'
import { type ReadDraft, readDraft } from '../../../renderer/policies/draft/read-draft.ts'
import { rebase } from '../../../renderer/policies/draft/rebase.ts'
import { durationOf, hoursOf } from '../../../renderer/policies/draft/rule-of-source.ts'

const YAML = `# the shop
roles: {admin: [leads],   approver: [dba]} # written oddly, and left so
policies: # the first rule that matches decides
  - name: agents
    groups: [ai-agents]
    connections: [shop]
    rules:
      # secrets first
      - { effect: ask, uses: [pii], approvers: [dba], wait: 5m }
      - { effect: allow, statements: [read] } # reading is fine
      - { effect: deny, statements: [ddl], message: "Schema changes, through migrations" }
recordings:
    retention: 90d
`
const read = (text: string): ReadDraft => {
  const draft = readDraft(text)
  if (typeof draft === 'string') throw new Error(draft)
  return draft
}
const effects = (text: string) => read(text).policies[0]?.rules.map(({ effect }) => effect)

describe('a draft is edited in its text', () => {
  it('moves a rule and leaves every other line as it was', () => {
    const next = moveRule(YAML, 0, 2, 0)
    expect(effects(next)).toEqual(['deny', 'ask', 'allow'])
    const lines = (text: string) => text.split('\n').filter((line) => !line.includes('# secrets first'))
    expect(lines(next).toSorted()).toEqual(lines(YAML).toSorted())
    expect(next).toContain('roles: {admin: [leads],   approver: [dba]} # written oddly, and left so')
    expect(next).toContain('# secrets first')
  })

  it('changes, adds and removes rules beside their comments', () => {
    const changed = changeRule(YAML, 0, 1, { effect: 'allow', statements: ['read', 'session'], tables: ['public.*'] })
    expect(changed).toContain('- { effect: allow, statements: [read, session], tables: [public.*] } # reading is fine')
    expect(removeRule(changed, 0, 0)).not.toContain('uses: [pii]')
    const added = addRule(YAML, 0, 3, { effect: 'deny', statements: ['write'], without: 'where' })
    expect(added).toContain('      - { effect: deny, statements: [write], without: where }\nrecordings:')
  })

  it('adds a policy and a test where there is no such section yet', () => {
    const next = addTest(addPolicy('roles: { admin: [a] }\n', { name: 'p', groups: ['g'], connections: ['shop'] }, { effect: 'ask' }), {
      statement: 'SELECT 1',
      connection: 'shop',
      as: ['g'],
      expect: 'ask',
    })
    expect(read(next)).toMatchObject({ policies: [{ name: 'p', rules: [{ effect: 'ask' }] }], tests: [{ statement: 'SELECT 1' }] })
    expect(read(removeTest(next, 0)).tests).toEqual([])
    expect(read(changePolicy(next, 0, { name: 'q', groups: ['g', 'h'], connections: ['shop'] })).policies[0]).toMatchObject({
      name: 'q',
      groups: ['g', 'h'],
      rules: [{ effect: 'ask' }],
    })
  })

  it('edits JSON, which is YAML, and a section that an anchor of another one is used in', () => {
    expect(effects(moveRule(JSON.stringify(read(YAML).sections), 0, 0, 1))).toEqual(['allow', 'ask', 'deny'])
    const anchored = YAML.replace('approver: [dba]', 'approver: &who [dba]').replace('approvers: [dba]', 'approvers: *who')
    expect(read(moveRule(anchored, 0, 0, 2)).policies[0]?.rules[2]).toMatchObject({ approvers: ['dba'] })
  })

  it('says why a text cannot be shown as rules', () => {
    expect(readDraft('policies: [')).toMatch(/^It is not YAML, line 1/)
    expect(readDraft('policies: [{ name: a, groups: [b], connections: [c], rules: [{ effect: maybe }] }]')).toMatch(
      /^policies\[0\]\.rules\[0\]\.effect: /,
    )
  })
})

describe('a draft beside what is in force', () => {
  const [before] = read(YAML).policies
  const compare = (text: string) => {
    const [after] = read(text).policies
    if (!after) throw new Error('no policy')
    return comparePolicy(after, before)
  }

  it('marks only the rule that was moved', () => {
    expect(compare(moveRule(YAML, 0, 2, 0)).rules.map(({ state }) => state)).toEqual(['moved', 'same', 'same'])
  })

  it('knows a changed rule again, and tells new and removed ones', () => {
    const changed = changeRule(YAML, 0, 0, { effect: 'ask', uses: ['pii'], approvers: ['dba'], wait: '15m' })
    expect(compare(changed).rules[0]).toMatchObject({ state: 'changed', before: { wait: '5m' } })
    const swapped = addRule(removeRule(YAML, 0, 1), 0, 0, { effect: 'deny', functions: ['public.*'] })
    expect(compare(swapped)).toMatchObject({
      rules: [{ state: 'new' }, { state: 'same' }, { state: 'same' }],
      removed: [{ statements: ['read'] }],
    })
  })
})

describe('what another person saved meanwhile', () => {
  it('stays, with the draft’s changes on it', () => {
    const mine = moveRule(YAML, 0, 0, 1)
    const theirs = YAML.replace('90d', '30d')
    const both = rebase(YAML, mine, theirs)
    expect(both?.both).toEqual([])
    expect(both?.yaml).toContain('retention: 30d')
    expect(effects(both?.yaml ?? '')).toEqual(['allow', 'ask', 'deny'])
  })

  it('is named where both changed the same section', () => {
    const rebased = rebase(YAML, moveRule(YAML, 0, 0, 1), removeRule(YAML, 0, 2))
    expect(rebased?.both).toEqual(['policies'])
    expect(effects(rebased?.yaml ?? '')).toEqual(['allow', 'ask', 'deny'])
  })
})

it('reads durations and hours as the host does', () => {
  expect([durationOf('5m'), durationOf('90s'), durationOf('5'), durationOf('0m')]).toEqual([300_000, 90_000, undefined, undefined])
  expect(hoursOf('mon-fri 09:00-17:30')).toEqual({ fromMinute: 540, toMinute: 1050, days: [1, 2, 3, 4, 5] })
  expect([hoursOf('17:00-09:00'), hoursOf('mom 09:00-10:00')]).toEqual([undefined, undefined])
})
