import type { z } from 'zod'
import { listConnectionsOutputSchema } from '../../contract/mcp.ts'
import type { McpCaller, McpContext } from '../mcp-context.ts'
import { budgetOf } from '../present-answer.ts'
import { type ToolKit, toolResult } from './tool-kit.ts'

/** Those that are for this person's groups; nothing is told of others. */
export function connectionsFor({ config, upstreams }: McpContext, who: McpCaller['who']) {
  return config.current().connections.filter(({ name }) => upstreams.open(name, who) !== undefined)
}

export const schemaUri = (connection: string): string => `sallyport://${encodeURIComponent(connection)}/schema`

export function registerListConnections({ server, context, callerOf }: ToolKit): void {
  server.registerTool(
    'list_connections',
    {
      title: 'List connections',
      description: 'Lists the databases that you may work with, their limits, and what is left of your budget this hour. Begin here.',
      outputSchema: listConnectionsOutputSchema.shape,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    (extra) => {
      const { who } = callerOf(extra)
      const connections = connectionsFor(context, who).map(({ name, database, engine, limits }) => ({
        name,
        database,
        engine,
        schema: schemaUri(name),
        maxRows: limits.rows,
        budget: budgetOf(context, name, who),
      }))
      return toolResult(frame(connections), { connections })
    },
  )
}

function frame(connections: z.infer<typeof listConnectionsOutputSchema>['connections']): string {
  if (connections.length === 0) return 'No connection is for you. Ask an administrator of Sallyport to let one of your groups use one.'
  return connections
    .map(({ name, database, engine }) => `${name}: ${engine}, database ${database}. Next: describe with {"connection": "${name}"}.`)
    .join('\n')
}
