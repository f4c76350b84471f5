import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../main/cli/connect.ts'
import { runCli } from '../../main/cli/run-cli.ts'
import { mcpClients, mcpFile } from '../../main/contract/mcp-clients.ts'
import { memoryTerminal } from './memory-terminal.ts'

describe('sallyport connect', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'sallyport-connect-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const run = async (...args: string[]) => {
    const terminal = memoryTerminal()
    const code = await runCli(['connect', ...args, '--folder', folder], { connect }, '0', terminal)
    return { code, output: terminal.output(), errors: terminal.errors() }
  }
  const URL = 'https://sallyport.corp:8443'

  it.each(mcpClients)('writes $file for $name, without a token', async (client) => {
    expect(await run(client.key, '--url', URL)).toMatchObject({ code: 0 })
    const written = readFileSync(path.join(folder, client.file), 'utf8')
    expect(written).toBe(mcpFile(client, `${URL}/mcp`))
    expect(written).toMatch(/Bearer \$\{(env:)?SALLYPORT_TOKEN\}/)
    expect(await run(client.key, '--url', URL)).toMatchObject({ code: 0, output: expect.stringContaining('says so already') })
  })

  it('keeps what stands there, and a copy of it', async () => {
    mkdirSync(path.join(folder, '.cursor'))
    const file = path.join(folder, '.cursor/mcp.json')
    const before = '{ "mcpServers": { "other": { "command": "x" } }, "more": 1 }'
    writeFileSync(file, before)
    await run('cursor', '--url', URL)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      more: 1,
      mcpServers: { other: { command: 'x' }, sallyport: { url: `${URL}/mcp` } },
    })
    expect(readFileSync(`${file}.before-sallyport`, 'utf8')).toBe(before)
    await run('cursor', '--url', 'https://other.corp')
    expect(readFileSync(`${file}.before-sallyport`, 'utf8')).toBe(before)
  })

  it('writes nothing with --dry-run, nor over what it cannot read', async () => {
    expect((await run('cursor', '--url', URL, '--dry-run')).output).toContain('"mcpServers"')
    expect(existsSync(path.join(folder, '.cursor'))).toBe(false)
    mkdirSync(path.join(folder, '.vscode'))
    const file = path.join(folder, '.vscode/mcp.json')
    writeFileSync(file, '{ // mine\n }')
    expect(await run('vscode', '--url', URL)).toMatchObject({ code: 2, errors: expect.stringContaining('left as it is') })
    expect(readFileSync(file, 'utf8')).toBe('{ // mine\n }')
  })

  it('takes no address that would give a token away', async () => {
    for (const url of ['http://sallyport.corp', 'https://me:secret@sallyport.corp', 'https://sallyport.corp?token=1', 'sallyport.corp']) {
      expect(await run('cursor', '--url', url), url).toMatchObject({ code: 2 })
    }
  })

  it('makes a link for Cursor that holds the same', () => {
    const link = new globalThis.URL(mcpClients[0]?.link(`${URL}/mcp`) ?? '')
    expect(link.searchParams.get('name')).toBe('sallyport')
    expect(JSON.parse(atob(link.searchParams.get('config') ?? ''))).toEqual(mcpClients[0]?.server(`${URL}/mcp`))
  })

  it('prints psql’s command', async () => {
    const { output } = await run('psql', '--proxy', 'sallyport.corp:6432', '--connection', 'shop')
    expect(output).toBe('PGPASSWORD="$SALLYPORT_TOKEN" psql "host=sallyport.corp port=6432 dbname=shop user=agent sslmode=verify-full"\n')
  })
})
