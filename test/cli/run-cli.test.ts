import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { apply } from '../../main/cli/apply.ts'
import { check } from '../../main/cli/check.ts'
import { exportCommand } from '../../main/cli/export.ts'
import { host } from '../../main/cli/host.ts'
import { pull } from '../../main/cli/pull.ts'
import { rotate } from '../../main/cli/rotate.ts'
import { runCli } from '../../main/cli/run-cli.ts'
import { schema } from '../../main/cli/schema.ts'
import { sql } from '../../main/cli/sql.ts'
import { verify } from '../../main/cli/verify.ts'
import { memoryTerminal } from './memory-terminal.ts'

const COMMANDS = { host, check, verify, export: exportCommand, sql, apply, pull, rotate, schema }
const FIXTURE = path.join(import.meta.dirname, '../config/fixtures/contract.yaml')

async function run(args: string[], env: Record<string, string> = {}) {
  const terminal = memoryTerminal(env)
  const code = await runCli(args, COMMANDS, '9.9.9', terminal)
  return { code, output: terminal.output(), errors: terminal.errors() }
}

describe('the command line', () => {
  it('without a command shows what there is', async () => {
    const { code, errors } = await run([])
    expect(code).toBe(2)
    for (const name of Object.keys(COMMANDS)) expect(errors).toContain(name)
    expect(await run(['--help'])).toMatchObject({ code: 0, errors: '' })
    expect(await run(['--version'])).toEqual({ code: 0, output: '9.9.9\n', errors: '' })
  })

  it.each(Object.keys(COMMANDS))('%s --help says how it is used', async (name) => {
    const { code, output, errors } = await run([name, '--help'])
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toMatch(new RegExp(`^Usage: sallyport ${name} `))
  })

  it.each([
    [['chekc', 'x'], /no command "chekc"\. Did you mean "check"/],
    [['toString'], /no command "toString"/],
    [['host', '--confg', 'x'], /no option "--confg"\. Did you mean "config"/],
    [['host', '--data', 'x'], /--config is missing/],
    [['host', '--config', '', '--data', 'x'], /--config needs a value/],
    [['host', '--config', 'a', '--data', 'b', 'more'], /an argument too many: "more"/],
    [['check'], /an argument is missing/],
    [['check', 'a', 'b'], /an argument too many: "b"/],
    [['export', '--data', 'x'], /--session is missing/],
    [['sql', 'postgresql://x'], /an argument is missing/],
  ])('%j is used wrongly: exit code 2 and the usage', async (args, message) => {
    const { code, output, errors } = await run(args)
    expect(code).toBe(2)
    expect(output).toBe('')
    expect(errors).toMatch(message)
    expect(errors).toContain('Usage: sallyport')
  })

  it('apply and pull never send a token in clear text', async () => {
    for (const args of [['apply', FIXTURE], ['pull']]) {
      const off = await run([...args, '--url', 'http://sallyport.corp', '--token', 't'])
      expect(off).toMatchObject({ code: 2, errors: expect.stringContaining('would travel in clear text') })
      expect(await run([...args, '--url', 'http://127.0.0.1:9'])).toMatchObject({
        code: 2,
        errors: expect.stringContaining('SALLYPORT_TOKEN'),
      })
      const nobody = await run([...args, '--url', 'http://127.0.0.1:9', '--token', 't'])
      expect(nobody).toMatchObject({ code: 1, errors: expect.stringContaining('cannot be reached') })
    }
  })

  it('says that a configuration is in order', async () => {
    expect(await run(['check', FIXTURE], { OIDC_SECRET: 'a', SHOP_PASSWORD: 'b' })).toEqual({
      code: 0,
      output: `${FIXTURE} is in order: 1 connection, 1 policy, 4 rules, 1 identity provider.\n`,
      errors: '',
    })
  })

  it('gives every fault with file, line and column, and exit code 1', async () => {
    const { code, output, errors } = await run(['check', FIXTURE])
    expect({ code, output }).toEqual({ code: 1, output: '' })
    const lines = readFileSync(FIXTURE, 'utf8').split('\n')
    for (const name of ['OIDC_SECRET', 'SHOP_PASSWORD']) {
      const line = lines.findIndex((text) => text.includes(name)) + 1
      expect(errors).toMatch(new RegExp(`${FIXTURE}:${line}:[0-9]+: .*${name} is not set`))
    }
    expect(errors).toContain('2 faults')
  })

  it('of a file that is not there is one fault', async () => {
    const { code, errors } = await run(['check', '/nonexistent.yaml'])
    expect(code).toBe(1)
    expect(errors).toContain('/nonexistent.yaml: the file cannot be read (ENOENT)')
  })
})

describe('verify and export', () => {
  it.each([['verify'], ['export', '--session', 'x']])('%s of a folder without recordings says so', async (name, ...rest) => {
    const { code, errors } = await run([name, '--data', '/nonexistent-data', ...rest])
    expect(code).toBe(1)
    expect(errors).toMatch(/^sallyport (verify|export): There is no /)
    expect(errors).not.toContain('    at ')
  })
})
