import { ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { describeConnection } from './describe-connection.ts'
import { frameSchema } from './frame-schema.ts'
import { connectionsFor, schemaUri } from './tools/list-connections.ts'
import type { ToolKit } from './tools/tool-kit.ts'

/** The schema of each connection that is for the caller, as a resource. */
export function registerSchemaResource({ server, context, callerOf }: ToolKit): void {
  const template = new ResourceTemplate('sallyport://{connection}/schema', {
    list: (extra) => ({
      resources: connectionsFor(context, callerOf(extra).who).map(({ name }) => ({
        uri: schemaUri(name),
        name: `${name} schema`,
        title: `Schema of ${name}`,
        mimeType: 'text/plain',
        description: `Tables, columns, keys and masks of the connection "${name}".`,
      })),
    }),
  })
  const about = {
    title: 'Schema of a connection',
    description: 'Tables, columns, keys, and which columns come back masked.',
    mimeType: 'text/plain',
  }
  server.registerResource('schema', template, about, async (uri, variables, extra) => {
    const caller = callerOf(extra)
    const connection = decodeURIComponent(String(variables['connection'] ?? ''))
    if (context.upstreams.open(connection, caller.who) === undefined) {
      throw new McpError(ErrorCode.InvalidParams, `Resource not found: ${uri.href}`)
    }
    const described = await describeConnection(context, caller, { connection })
    return { contents: [{ uri: uri.href, mimeType: 'text/plain', text: frameSchema(described) }] }
  })
}
