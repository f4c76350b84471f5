import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { decide, type Verdict } from '../../proxy/verdict/decide.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { McpCaller, McpContext } from './mcp-context.ts'

/** What the policy says of a text now. Nothing is run; the gateway judges again what is. */
export interface Preview {
  readonly facts: readonly StatementFacts[]
  readonly verdict: Verdict
  readonly policy: Policy
  readonly catalog: Catalog
}

/** A `GatewayError` where the text cannot be read, or the database's catalog cannot. */
export async function previewStatement(
  { upstreams, policies, gateway, clock }: Pick<McpContext, 'upstreams' | 'policies' | 'gateway' | 'clock'>,
  connection: string,
  { who, lanes }: Pick<McpCaller, 'who' | 'lanes'>,
  sql: string,
): Promise<Preview | GatewayError> {
  const upstream = upstreams.own(connection)
  if (upstream === undefined)
    return new GatewayError({ code: 'connection-unknown', sqlstate: '3D000', message: 'there is no such connection' })
  try {
    const catalog = await gateway.catalog(upstream)
    const analysis = await gateway.analyst.analyse(Buffer.from(sql), catalog)
    if (analysis instanceof GatewayError) return analysis
    const policy = policies.current(connection)
    const verdict = decide(analysis.statements, policy, catalog, who, new Date(clock.now()), undefined, {
      untrusted: lanes(connection).reads.length > 0,
    })
    return { facts: analysis.statements, verdict, policy, catalog }
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}
