import { expect, it } from 'vitest'
import { parseConfig } from '../../main/config.ts'
import { runTests } from '../../main/policies/run-tests.ts'
import { FILE } from '../config/desk-fixture.ts'

const outcomes = async (tests: string) => {
  const config = parseConfig(`${FILE}${tests}`, { file: 'f.yaml', folder: '/', env: {} })
  return runTests(config, { catalog: async () => undefined, vouched: () => [], now: new Date() })
}
const of = (test: string) => outcomes(`  - { connection: shop, as: [ai-agents], ${test} }\n`).then((all) => all.at(-1))

it('judges each statement as whoever sends it, by the policy of the same file', async () => {
  expect((await outcomes('')).map(({ passed, effect, rule, live }) => ({ passed, effect, rule, live }))).toEqual([
    { passed: true, effect: 'allow', rule: 'agents/1', live: false },
    { passed: true, effect: 'deny', rule: null, live: false },
  ])
  expect(await of('statement: "update t set a = 1", expect: ask, rule: agents/2')).toMatchObject({ passed: true, message: null })
  const stranger = (await outcomes('  - { connection: shop, as: [others], statement: "select 1", expect: deny }\n')).at(-1)
  expect(stranger).toMatchObject({ passed: true, rule: null })
})

it('says what came instead', async () => {
  const denied = await of('statement: "drop table t", expect: allow')
  expect(denied).toMatchObject({ passed: false, effect: 'deny' })
  expect(denied?.message).toMatch(/^expected allow, but it is deny \(no rule matches\)/)
  const other = await of('statement: "select 1", expect: allow, rule: agents/2')
  expect(other?.message).toMatch(/^expected allow by "agents\/2", but it is allow by "agents\/1"/)
  expect(await of('statement: "selec 1", expect: deny')).toMatchObject({ passed: true, effect: 'deny', rule: null })
})

it('takes the hour from the test', async () => {
  const rule = '      - { effect: deny, hours: "09:00-17:00" }\n'
  const config = (at: string) =>
    parseConfig(
      FILE.replace('      - { effect: allow', `${rule}      - { effect: allow`).replace(
        /tests:[\s\S]*/,
        `tests: [{ statement: "select 1", as: [ai-agents], connection: shop, expect: deny, at: "${at}" }]`,
      ),
      { file: 'f.yaml', folder: '/', env: {} },
    )
  const sources = { catalog: async () => undefined, vouched: () => [], now: new Date() }
  expect(await runTests(config('2026-01-05T10:00'), sources)).toMatchObject([{ passed: true, rule: 'agents/1' }])
  expect(await runTests(config('2026-01-05T18:00'), sources)).toMatchObject([{ passed: false, effect: 'allow' }])
})

it('a rule or a connection that is not there is a fault of the file', () => {
  const faults = (test: string) => () =>
    parseConfig(`${FILE}  - { as: [g], statement: "select 1", expect: deny, ${test} }\n`, { file: 'f.yaml', folder: '/', env: {} })
  expect(faults('connection: shop, rule: agents/3')).toThrow(/tests\[2\]\.rule: there is no rule "agents\/3"/)
  expect(faults('connection: shop, rule: agent/1')).toThrow(/Did you mean "agents"/)
  expect(faults('connection: sho')).toThrow(/there is no connection "sho"\. Did you mean "shop"/)
})
