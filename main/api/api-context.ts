import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Gateway } from '../../proxy/gateway.ts'
import type { Clock, Log } from '../../proxy/ports.ts'
import type { Agents } from '../agents/create-agents.ts'
import type { ApprovalDesk } from '../approvals/create-approvals.ts'
import type { Previewer } from '../approvals/preview/create-previewer.ts'
import type { Audit } from '../audit/audit.ts'
import type { ConfigurationDesk } from '../config/configuration-desk.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import type { ConnectionLeases } from '../connections/create-leases.ts'
import type { ReplaceableUpstreams } from '../connections/upstreams.ts'
import type { TokenIdentities } from '../identity/create-identities.ts'
import type { SignIn } from '../identity/sign-in.ts'
import type { WebSessions } from '../identity/web-sessions.ts'
import type { FollowedLabelKeeper } from '../masking/label-keeper.ts'
import type { Metrics } from '../metrics/create-metrics.ts'
import type { Passkeys } from '../passkeys/create-passkeys.ts'
import type { ReplaceablePolicies } from '../policies/create-policies.ts'
import type { Recordings } from '../recordings/open-recordings.ts'
import type { Vouches } from '../vouches/create-vouches.ts'
import type { HostHealth } from './host-health.ts'
import type { RateLimits } from './rate-limits.ts'
import type { StreamHub } from './stream-hub.ts'

/** What the API is made of. */
export interface ApiContext {
  /** Ask it at each use: an admin may have put another one in force. */
  readonly config: ConfigInForce
  /** Its versions, and how it is changed. */
  readonly configuration: ConfigurationDesk
  readonly leases: ConnectionLeases
  readonly agents: Agents
  readonly approvals: ApprovalDesk
  readonly previewer: Previewer
  readonly recordings: Recordings
  /** Every administrative act goes in here before it is answered. */
  readonly audit: Audit
  readonly limits: RateLimits
  readonly metrics: Metrics
  readonly policies: ReplaceablePolicies
  readonly vouches: Vouches
  readonly labels: FollowedLabelKeeper
  readonly upstreams: ReplaceableUpstreams
  readonly identities: TokenIdentities
  readonly signIn: SignIn
  readonly webSessions: WebSessions
  readonly passkeys: Passkeys
  /** Answers a provider that ends sessions. */
  readonly backChannelLogout: (form: URLSearchParams) => Promise<Response>
  readonly gateway: Gateway
  readonly hub: StreamHub
  readonly health: () => HostHealth
  readonly clock: Clock
  readonly log: Log
  /** Scheme, host and port as browsers see this host. */
  readonly origin: () => string
  /** The Model Context Protocol beside it; undefined where an application is made without. */
  readonly mcp?: { serve(app: OpenAPIHono): void } | undefined
  /** Whether a Host header names this host. */
  readonly isOurHost: (host: string | undefined) => boolean
  /** The built pages; a clear page says so where they are not built. */
  readonly pagesDirectory: string
}
