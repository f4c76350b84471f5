import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { startTestHost } from '../helpers/host-fixture.ts'
import { startOidc } from '../helpers/oidc.ts'
import { startPostgres } from '../helpers/postgres.ts'
import { AGENT_CLIENT } from '../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../helpers/shop.ts'
import type { PeerSuite } from './suite.ts'
import { startTokenRelay } from './token-relay.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const INSPECTOR = path.join(ROOT, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
const CONFORMANCE = path.join(ROOT, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')

/** Those that ask for no tool, prompt or resource of the suite's own example server. */
const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'server-sse-multiple-streams', 'dns-rebinding-protection']

export const suite: PeerSuite = {
  name: 'mcp',
  title: 'MCP clients that we did not write',
  async run(report) {
    const postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    const oidc = await startOidc('http://127.0.0.1:1/auth/callback')
    const connection = { name: 'shop', port: postgres.port, ...SHOP, groups: ['ai-agents'] }
    const host = await startTestHost({ issuer: oidc.issuer, connections: [connection] })
    const token = await oidc.agentToken()
    const relay = await startTokenRelay(host.web, token)
    const rows: [string, string, string][] = []
    const step = async (client: string, what: string, work: () => Promise<boolean>): Promise<void> => {
      report.say(`${client}: ${what}`)
      const outcome = await work().then(
        (good) => (good ? 'as it should' : 'not as it should'),
        (error: unknown) => `failed: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`,
      )
      rows.push([client, what, outcome])
      if (outcome !== 'as it should') report.fault(`${client}, ${what}: ${outcome}`)
    }
    try {
      await signInByItself(step, host.web, oidc)
      await inspect(step, host.web, token)
      await bridge(step, host.web, token)
      await conform(step, relay.url)
      report.table(['client', 'what', ''], rows)
    } finally {
      await relay.stop()
      await host.stop()
      await oidc.stop()
      await postgres.stop()
    }
  },
}

type Step = (client: string, what: string, work: () => Promise<boolean>) => Promise<void>

/** Nothing is known but the address: the 401 leads to the metadata, that to the provider, and that to a token. */
async function signInByItself(step: Step, web: string, oidc: Awaited<ReturnType<typeof startOidc>>): Promise<void> {
  await step('SDK client', 'signs in by itself, from nothing but the address', async () => {
    const authProvider = new ClientCredentialsProvider({
      clientId: AGENT_CLIENT,
      clientSecret: oidc.agentSecret,
      expectedIssuer: oidc.issuer,
    })
    const client = new Client({ name: 'peer', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', web), { authProvider }) as Parameters<Client['connect']>[0])
    const { tools } = await client.listTools()
    await client.close()
    return tools.length === 5
  })
}

async function inspect(step: Step, web: string, token: string): Promise<void> {
  const call = async (...args: string[]): Promise<string> =>
    run(process.execPath, [INSPECTOR, '--cli', `${web}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${token}`, ...args])
  const tool = (name: string, ...args: string[]) =>
    call('--method', 'tools/call', '--tool-name', name, ...args.flatMap((arg) => ['--tool-arg', arg]))
  await step('Inspector', 'lists the tools', async () => (await call('--method', 'tools/list')).includes('"list_connections"'))
  await step('Inspector', 'list_connections', async () => (await tool('list_connections')).includes('sallyport://shop/schema'))
  await step('Inspector', 'describe', async () =>
    (await tool('describe', 'connection=shop', 'table=customers')).includes('public.customers'),
  )
  await step('Inspector', 'check', async () =>
    (await tool('check', 'connection=shop', 'sql=DROP TABLE customers')).includes('It would be refused'),
  )
  await step('Inspector', 'query, masked', async () => {
    const answer = await tool('query', 'connection=shop', 'sql=SELECT ssn FROM customers LIMIT 1')
    return answer.includes('"pii"') && !/987-65/.test(answer)
  })
  await step('Inspector', 'reads the schema', async () =>
    (await call('--method', 'resources/read', '--uri', 'sallyport://shop/schema')).includes('public.orders'),
  )
}

async function bridge(step: Step, web: string, token: string): Promise<void> {
  await step('SDK client over stdio', 'npx sallyport mcp carries a query', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [path.join(ROOT, 'main/cli.ts'), 'mcp', '--url', web],
      env: { ...process.env, SALLYPORT_TOKEN: token } as Record<string, string>,
    })
    const client = new Client({ name: 'peer-stdio', version: '1' })
    await client.connect(transport)
    const result = await client.callTool({ name: 'query', arguments: { connection: 'shop', sql: 'SELECT 42 AS answer' } })
    await client.close()
    return JSON.stringify(result.structuredContent).includes('[42]')
  })
}

async function conform(step: Step, url: string): Promise<void> {
  for (const scenario of SCENARIOS) {
    await step('Conformance suite', scenario, async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'sallyport-conformance-'))
      try {
        const text = await run(process.execPath, [CONFORMANCE, 'server', '--url', url, '--scenario', scenario, '-o', folder])
        return /Passed: (\d+)\/\1\b/.test(text)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  }
}

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, [...args], { timeout: 60_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(`${stdout}\n${stderr}`)
      else reject(new Error(`${stdout}\n${stderr}`.trim().slice(-600) || error.message))
    })
  })
}
