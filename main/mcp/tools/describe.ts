import { GatewayError } from '../../../proxy/errors.ts'
import { describeInputSchema, describeOutputSchema } from '../../contract/mcp.ts'
import { describeConnection } from '../describe-connection.ts'
import { frameSchema } from '../frame-schema.ts'
import { unknownConnection } from '../own-refusals.ts'
import { type ToolKit, toolResult } from './tool-kit.ts'

export function registerDescribe({ server, context, callerOf }: ToolKit): void {
  server.registerTool(
    'describe',
    {
      title: 'Describe a database',
      description: `Describes what a connection holds: schemas, tables, columns with their types, keys, about how many rows, comments, and which columns are sensitive and how they come back. Use it before you write SQL.`,
      inputSchema: describeInputSchema.shape,
      outputSchema: describeOutputSchema.shape,
      annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
    },
    async (input, extra) => {
      const caller = callerOf(extra)
      if (context.upstreams.open(input.connection, caller.who) === undefined) {
        const { message, hint } = unknownConnection(input.connection)
        return { content: [{ type: 'text', text: `${message}. ${hint ?? ''}` }], isError: true }
      }
      try {
        const output = await describeConnection(context, caller, input)
        return toolResult(frameSchema(output), output)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        return { content: [{ type: 'text', text: `The database cannot be described now: ${error.message}.` }], isError: true }
      }
    },
  )
}
