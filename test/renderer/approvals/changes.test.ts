import { describe, expect, it } from 'vitest'
import { changesBetween } from '../../../renderer/approvals/changes.ts'
import { suggestionsFor } from '../../../renderer/approvals/suggestions.ts'
import { touchedIn } from '../../../renderer/approvals/touched.ts'
import { makeApproval } from '../fake-host/made-up-approvals.ts'

const before = makeApproval(0)
const changed = (changes: Parameters<typeof makeApproval>[1]) => changesBetween(before, makeApproval(0, { revision: 2, ...changes }))

describe('what changed on a card', () => {
  it('says nothing when a person would see no difference', () => {
    expect(changed({})).toEqual([])
  })

  it('names a new ceiling, a new warning, and that the agent left', () => {
    expect(changed({ maxRows: 200, warnings: ['There is no WHERE.'], waiting: false })).toEqual([
      'At most 200 rows now.',
      'There is no WHERE.',
      'The agent has stopped waiting.',
    ])
  })

  it('names another rule and who decides now', () => {
    const rule = { id: 'p/1', place: 1, reason: null, sentence: 'Asks leads.' }
    expect(changed({ rule, approvers: ['leads', 'dba'] })).toEqual([
      'Rule 1 holds it now: Asks leads.',
      'Now someone from leads or dba decides.',
    ])
  })
})

describe('suggestions for the agent', () => {
  it('fit what the statement does, four at most and none twice', () => {
    const suggestions = suggestionsFor(before)
    expect(suggestions).toHaveLength(4)
    expect(new Set(suggestions).size).toBe(4)
    expect(suggestions[0]).toContain('Narrow it')
  })

  it('send a schema change to a migration', () => {
    expect(suggestionsFor({ labels: [], facts: { ...before.facts, verbs: ['ddl'], columns: [] } })[0]).toContain('migration')
  })
})

describe('what a statement touches', () => {
  it('lists written relations first, labelled columns first, and never a relation twice', () => {
    const touched = touchedIn({
      ...before.facts,
      relations: [
        { name: 'staging.bounces', access: 'read', via: null },
        { name: 'public.customers', access: 'read', via: null },
        { name: 'public.customers', access: 'write', via: null },
      ],
    })
    expect(touched.map((row) => [row.access, row.relation])).toEqual([
      ['write', 'public.customers'],
      ['read', 'staging.bounces'],
    ])
    expect(touched[0]?.columns.map((column) => column.name)).toEqual(['email', 'email_status'])
  })
})
