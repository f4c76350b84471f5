import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { ApprovalOutput, QueryOutput } from '../../../main/contract/mcp.ts'
import type { AgentClient, Outcome } from './agent-client.ts'

export interface McpAddress {
  /** `http://127.0.0.1:8443` */
  readonly web: string
  readonly connection: string
  readonly token: string
}

/** The same agent, by way of MCP: an official client, and the tools `query` and `approval`. `onNotice` hears that a statement waits. */
export async function connectMcpAgent(address: McpAddress, onNotice: (text: string) => void): Promise<AgentClient> {
  const client = new Client({ name: 'Cursor', version: '1.0.0' })
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', address.web), {
    requestInit: { headers: { authorization: `Bearer ${address.token}` } },
  })
  await client.connect(transport as Parameters<Client['connect']>[0])
  const told = new Set<string>()
  const call = async <T>(name: string, args: Record<string, unknown>): Promise<T> => {
    const result = await client.callTool({ name, arguments: args }, undefined, {
      timeout: 120_000,
      onprogress: ({ message = '' }) => {
        if (!told.has(message)) onNotice(message)
        told.add(message)
      },
    })
    if (result.structuredContent === undefined) throw new Error(JSON.stringify(result.content))
    return result.structuredContent as T
  }
  return {
    async ask(sql) {
      let output = await call<QueryOutput>('query', { connection: address.connection, sql })
      while (output.status === 'pending' && output.pending !== null) {
        const { result } = await call<ApprovalOutput>('approval', { id: output.pending.approval, wait_seconds: 45 })
        if (result !== null) output = result
      }
      return outcomeOf(output)
    },
    close: async () => {
      await transport.terminateSession()
      await client.close()
    },
  }
}

function outcomeOf({ refusal, columns, rows, tags }: QueryOutput): Outcome {
  if (refusal !== null) {
    return {
      refusal: { code: refusal.sqlstate, message: refusal.message, detail: refusal.detail ?? undefined, hint: refusal.hint ?? undefined },
    }
  }
  const cells = rows.map((row) => row.map((value) => (value === null || typeof value === 'string' ? value : JSON.stringify(value))))
  return {
    answer: {
      columns: columns.map((column) => column.name),
      rows: cells,
      tag: (tags.at(-1) ?? 'SELECT').replace(/^SELECT \d+$/, 'SELECT'),
    },
  }
}
