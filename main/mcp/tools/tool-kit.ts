import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js'
import type { McpCaller, McpContext } from '../mcp-context.ts'
import type { Patience } from '../run-query.ts'
import type { Held } from '../runs.ts'

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

/** What a tool is registered with. */
export interface ToolKit {
  readonly server: McpServer
  readonly context: McpContext
  /** Who makes this very request. */
  readonly callerOf: (extra: Extra) => McpCaller
}

/** Structured content as it is, and text for models that read nothing else. */
export function toolResult(text: string, structuredContent: Record<string, unknown>, isError = false): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent, ...(isError ? { isError: true } : {}) }
}

/** Waits as long as the host allows, and tells the client that it does, if it wants to hear of it (MCP, "Progress"). */
export function patienceOf({ context }: ToolKit, extra: Extra, waitMs?: number): Patience {
  const { holdMs } = context.config.current().mcp
  const token = extra._meta?.progressToken
  const began = Date.now()
  let told = 0
  return {
    untilMs: began + Math.min(holdMs, waitMs ?? holdMs),
    signal: extra.signal,
    waiting: (held) => {
      if (token === undefined) return
      // It has to grow with each.
      told = Math.max(told + 1, Math.round((Date.now() - began) / 1000))
      const params = { progressToken: token, progress: told, message: waitingText(held) }
      extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {
        context.log.info('mcp.progress-lost', { approval: held.approval })
      })
    },
  }
}

function waitingText({ approval, judged }: Held): string {
  const rule = judged?.verdict.rule
  return `Held for approval #${approval}${rule === undefined ? '' : ` (rule "${rule.id}")`}: waiting for a person.`
}
