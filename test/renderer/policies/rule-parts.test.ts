import { expect, it } from 'vitest'
import { ruleText } from '../../../renderer/policies/rule-parts.ts'
import { makePolicies } from '../fake-host/made-up-policies.ts'

it('says each rule as a sentence', () => {
  expect(makePolicies().policies.flatMap((policy) => policy.rules.map(ruleText))).toEqual([
    'a person from dba for every statement when it uses pii; wait 5 min',
    'reads, session settings and transactions on public.*, billing.*, pg_catalog.* and information_schema.*',
    'a person from dba for writes; 1,000 rows at most; wait 10 min',
    'schema changes, privileges, server access and anything unknown',
    'UPDATE or DELETE without WHERE',
    'reads between 08:00 and 19:00 on Monday, Tuesday, Wednesday, Thursday, Friday',
  ])
})
