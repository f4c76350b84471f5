import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { explain } from '../../main/cli/explain.ts'
import { runCli } from '../../main/cli/run-cli.ts'
import { memoryTerminal } from './memory-terminal.ts'

const FIXTURE = path.join(import.meta.dirname, '../config/fixtures/contract.yaml')

async function run(sql: string, { groups = 'ai-agents', connection = 'shop', more = [] as string[] } = {}) {
  const terminal = memoryTerminal({ OIDC_SECRET: 'oidc-hunter2', SHOP_PASSWORD: 'shop-hunter2' })
  const args = ['explain', '--config', FIXTURE, '--connection', connection, '--groups', groups, ...more, sql]
  const code = await runCli(args, { explain }, '0', terminal)
  return { code, output: terminal.output(), errors: terminal.errors() }
}

describe('explain', () => {
  it.each([
    ['SELECT name FROM public.customers', 'allow', 'agents-on-shop/2'],
    [`SELECT name FROM public.customers WHERE ssn = '1'`, 'ask', 'agents-on-shop/1'],
    ['DROP TABLE public.customers', 'deny', 'agents-on-shop/4'],
  ])('%s: %s', async (sql, effect, rule) => {
    const { code, output, errors } = await run(sql)
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toContain(`verdict   ${effect}\n`)
    expect(output).toContain(`rule      ${rule} (${FIXTURE}:`)
    const answer = JSON.parse((await run(sql, { more: ['--json'] })).output) as { effect: string; rule: { id: string } }
    expect(answer).toMatchObject({ effect, rule: { id: rule } })
  })

  it('gives the rule’s own message', async () => {
    expect((await run('DROP TABLE x')).output).toContain('message   Schema changes go through migrations.')
  })

  it('denies where no rule matches these groups, and says so', async () => {
    const { output } = await run('SELECT 1', { groups: 'engineering, others' })
    expect(output).toContain('verdict   deny')
    expect(output).toContain('none matches')
  })

  it('says what could not be read', async () => {
    const { code, output } = await run('SELEC 1')
    expect(code).toBe(0)
    expect(output).toContain('error     42601')
  })

  it('of a connection that is not there is a wrong use', async () => {
    expect(await run('SELECT 1', { connection: 'shpo' })).toMatchObject({ code: 2, errors: expect.stringContaining('Did you mean "shop"') })
  })

  it('never shows a secret', async () => {
    expect(JSON.stringify([await run('SELECT 1'), await run('SELECT 1', { more: ['--json'] })])).not.toContain('hunter2')
  })
})
