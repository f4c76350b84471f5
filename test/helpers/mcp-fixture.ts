/** A whole host before a real PostgreSQL, an issuer of tokens, and MCP clients of the official SDK. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { QueryOutput } from '../../main/contract/mcp.ts'
import type { ConfigLiteral } from './host-config.ts'
import { type HostFixture, startTestHost } from './host-fixture.ts'
import { type Postgres, startPostgres } from './postgres.ts'
import { type Claims, type Issuer, startIssuer } from './provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from './shop.ts'

export interface Mcp {
  readonly client: Client
  readonly transport: StreamableHTTPClientTransport
  tool(name: string, args?: Record<string, unknown>, options?: Parameters<Client['callTool']>[2]): Promise<CallToolResult>
  query(args: Record<string, unknown>, options?: Parameters<Client['callTool']>[2]): Promise<QueryOutput & { readonly text: string }>
  close(): Promise<void>
}

export interface McpFixture {
  readonly postgres: Postgres
  readonly issuer: Issuer
  readonly host: HostFixture
  /** The agent unless told. */
  connect(claims?: Claims, name?: string): Promise<Mcp>
  /** Decides the newest pending request, once there is one; its number. */
  decide(decision: 'approve' | 'deny', reason?: string): Promise<number>
  pending(): Promise<readonly { readonly id: number }[]>
  /** At the database itself. */
  direct(sql: string): Promise<readonly Record<string, unknown>[]>
  stop(): Promise<void>
}

export async function startMcp(
  literal: Partial<Omit<ConfigLiteral, 'issuer' | 'connections'>> & { readonly limits?: Record<string, unknown> } = {},
): Promise<McpFixture> {
  const postgres = await startPostgres()
  await postgres.query(SHOP_ROLES)
  await postgres.query(`CREATE DATABASE ${SHOP.database}`)
  await postgres.query(SHOP_SQL, SHOP.database)
  const issuer = await startIssuer()
  const { limits, ...rest } = literal
  const host = await startTestHost({
    issuer: issuer.issuer,
    connections: [
      {
        name: 'shop',
        port: postgres.port,
        database: SHOP.database,
        user: SHOP.user,
        password: SHOP.password,
        groups: ['ai-agents'],
        ...(limits === undefined ? {} : { limits: limits as Record<string, string> }),
      },
    ],
    ...rest,
  })
  const open: Mcp[] = []
  const approver = () =>
    issuer.mint({ sub: 'ada', azp: 'sallyport-web', name: 'Ada Approver', email: 'ada@example.com', groups: ['dba'], authTimeAgo: 10 })
  const pending = async () => {
    const { body } = await host.call(await approver(), 'GET', '/api/approvals?state=pending&order=newest')
    return (body as { items: { id: number; revision: number }[] }).items
  }
  return {
    postgres,
    issuer,
    host,
    pending,
    connect: async (claims, name = 'test-client') => {
      const mcp = await connectMcp(host.web, await issuer.mint(claims), name)
      open.push(mcp)
      return mcp
    },
    decide: async (decision, reason = '') => {
      for (let tries = 0; tries < 200; tries++) {
        const [first] = await pending()
        if (first !== undefined) {
          const { status, body } = await host.call(await approver(), 'POST', `/api/approvals/${first.id}/decision`, { decision, reason })
          if (status !== 200) throw new Error(JSON.stringify(body))
          return first.id
        }
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error('nothing was asked')
    },
    direct: (sql) => postgres.query(sql, SHOP.database),
    stop: async () => {
      for (const mcp of open) await mcp.close()
      await host.stop()
      await issuer.stop()
      await postgres.stop()
    },
  }
}

export async function connectMcp(web: string, token: string, name = 'test-client'): Promise<Mcp> {
  const client = new Client({ name, version: '1.2.3' })
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', web), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  })
  await client.connect(transport as Parameters<Client['connect']>[0])
  // The SDK checks structured content against output schemas that it has seen.
  await client.listTools()
  const tool: Mcp['tool'] = async (tool, args = {}, options) =>
    (await client.callTool({ name: tool, arguments: args }, undefined, options)) as CallToolResult
  return {
    client,
    transport,
    tool,
    query: async (args, options) => {
      const result = await tool('query', { connection: 'shop', ...args }, options)
      return { ...(result.structuredContent as QueryOutput), text: textOf(result) }
    },
    close: () => client.close(),
  }
}

export function textOf(result: CallToolResult): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
}
