import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../main/cli/explain.ts'
import { runCli } from '../../main/cli/run-cli.ts'
import { memoryTerminal } from '../cli/memory-terminal.ts'
import { writeConfig } from '../helpers/host-config.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'

describe('explain with the catalog of a real database', () => {
  let server: Postgres
  const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-explain-'))
  beforeAll(async () => {
    server = await startPostgres({
      sql: `CREATE TABLE customers (id int, name text, ssn text); CREATE VIEW people AS SELECT name, ssn AS number FROM customers`,
    })
  })
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  async function judge(sql: string, password = server.password) {
    const connection = { name: 'shop', port: server.port, database: 'postgres', user: server.user, password }
    const sensitive = [{ connection: 'shop', label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] }]
    const file = writeConfig(folder, { issuer: 'http://127.0.0.1:1', connections: [connection], sensitive })
    const terminal = memoryTerminal()
    const args = ['--config', file, '--connection', 'shop', '--groups', 'ai-agents', '--catalog-from-live', '--json', sql]
    const code = await runCli(['explain', ...args], { explain }, '0', terminal)
    return { code, output: terminal.output(), errors: terminal.errors() }
  }

  it('looks through a view at the sensitive column behind it', async () => {
    const { code, output } = await judge(`SELECT name FROM people WHERE number = '1'`)
    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({ effect: 'ask', assumed: false, labels: ['pii'] })
  })

  it('knows what does not exist', async () => {
    expect(JSON.parse((await judge('SELECT * FROM no_such_table')).output)).toMatchObject({
      effect: 'deny',
      facts: { verbs: expect.arrayContaining(['unknown']) },
    })
  })

  it('says when the database refuses the credential, never what it was', async () => {
    const { code, errors } = await judge('SELECT 1', 'hunter2')
    expect(code).toBe(1)
    expect(errors).toMatch(/"shop".*could not log in|refused/)
    expect(errors).not.toContain('hunter2')
  })
})
