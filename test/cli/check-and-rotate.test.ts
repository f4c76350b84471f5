import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { check } from '../../main/cli/check.ts'
import { rotate } from '../../main/cli/rotate.ts'
import { runCli } from '../../main/cli/run-cli.ts'
import { schema } from '../../main/cli/schema.ts'
import { readTokenKey } from '../../main/policies/token-key.ts'
import { openVault, vaultFile } from '../../main/vault/open-vault.ts'
import { FILE } from '../config/desk-fixture.ts'
import { memoryTerminal } from './memory-terminal.ts'

async function run(args: string[], env: Record<string, string> = {}) {
  const terminal = memoryTerminal(env)
  const code = await runCli(args, { check, rotate, schema }, '9.9.9', terminal)
  return { code, output: terminal.output(), errors: terminal.errors() }
}
const folder = () => mkdtempSync(path.join(tmpdir(), 'sallyport-cli-'))

it('check runs the policy tests of the file, and tells rules that never decide', async () => {
  const file = path.join(folder(), 'sallyport.yaml')
  writeFileSync(file, FILE)
  expect(await run(['check', file])).toEqual({
    code: 0,
    output: `${file} is in order: 1 connection, 1 policy, 2 rules, 1 identity provider, 2 tests.\n`,
    errors: '',
  })
  writeFileSync(file, FILE.replace('effect: allow, statements: [read, session, transaction]', 'effect: allow'))
  const { code, output, errors } = await run(['check', file])
  expect({ code, output }).toEqual({ code: 1, output: '' })
  expect(errors).toContain(
    `${file}:21:9: warning: policies[0].rules[1]: this rule never decides: "agents/1" above decides all that it speaks of.`,
  )
  expect(errors).toContain(`${file}:24: tests[1] (no drops): expected deny, but it is allow by "agents/1"`)
  expect(errors).toContain('1 policy test fails of 2.')
})

it('rotate gives the vault a new key, and the mask form token another', async () => {
  const data = folder()
  const newKey = path.join(data, 'new-key')
  writeFileSync(newKey, 'a key of the operator, long enough\n')
  const token = readTokenKey(openVault(data, undefined), data)
  expect(await run(['rotate', '--data', data])).toMatchObject({ code: 1, output: expect.stringContaining('Give one with --new-key-file') })
  expect(await run(['rotate', '--data', data, '--new-key-file', newKey])).toMatchObject({
    code: 0,
    output: expect.stringContaining('with the new key'),
  })
  expect(() => openVault(data, undefined)).toThrow(/its key was not given/)
  const env = { SALLYPORT_VAULT_KEY_FILE: newKey }
  const before = readFileSync(vaultFile(data), 'utf8')
  expect(await run(['rotate', '--data', data], env)).toMatchObject({ code: 0, output: expect.stringContaining('new data key') })
  expect(readFileSync(vaultFile(data), 'utf8')).not.toBe(before)
  const open = () => readTokenKey(openVault(data, 'a key of the operator, long enough'), data)
  expect(open().equals(token)).toBe(true)
  expect(await run(['rotate', '--data', data, '--token-key'], env)).toMatchObject({ code: 0 })
  expect(open().equals(token)).toBe(false)
}, 30_000)

it('schema prints the JSON Schema', async () => {
  const { code, output } = await run(['schema'])
  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ title: 'Sallyport' })
})
