import type { Gateway } from '../../proxy/gateway.ts'
import type { Clock, Log } from '../../proxy/ports.ts'
import type { ApiContext } from '../api/api-context.ts'
import type { VerifiedIdentity } from '../identity/verified-identity.ts'
import type { KeptRows } from './kept-rows.ts'
import type { Lanes } from './lanes.ts'
import type { Runs } from './runs.ts'

/** What the tools work with. Nothing here can decide, administer, or reach a database but through the gateway's door. */
export interface McpContext {
  readonly config: ApiContext['config']
  readonly upstreams: ApiContext['upstreams']
  readonly policies: ApiContext['policies']
  readonly approvals: Pick<ApiContext['approvals'], 'read'>
  readonly gateway: Pick<Gateway, 'attach' | 'analyst' | 'catalog' | 'budgetLeft'>
  readonly clock: Clock
  readonly log: Log
  readonly origin: () => string
  readonly runs: Runs
  readonly rows: KeptRows
}

/** Who calls a tool, proved by the token of this very request. */
export interface McpCaller {
  readonly who: VerifiedIdentity
  readonly token: string
  /** Of the request: `10.0.0.7`. */
  readonly address: string
  readonly tls: boolean
  /** What the client said of itself in the handshake: `cursor-vscode 1.0.0`. */
  readonly client: string
  /** Of this MCP session, on one connection. */
  readonly lanes: (connection: string) => Lanes
}
