import type { Gateway } from '../../proxy/gateway.ts'
import type { Clock, Log } from '../../proxy/ports.ts'
import type { Agents } from '../agents/create-agents.ts'
import type { ApprovalDesk } from '../approvals/create-approvals.ts'
import type { Audit } from '../audit/audit.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import type { ReplaceableUpstreams } from '../connections/upstreams.ts'
import type { TokenIdentities } from '../identity/create-identities.ts'
import type { SignIn } from '../identity/sign-in.ts'
import type { ReplaceablePolicies } from '../policies/create-policies.ts'
import type { Recordings } from '../recordings/open-recordings.ts'
import type { FollowedLabelKeeper } from '../masking/label-keeper.ts'
import type { Vouches } from '../vouches/create-vouches.ts'
import type { HostHealth } from './host-health.ts'
import type { RateLimits } from './rate-limits.ts'
import type { StreamHub } from './stream-hub.ts'

/** What the API is made of. */
export interface ApiContext {
  /** Ask it at each use: an admin may have put another one in force. */
  readonly config: ConfigInForce
  readonly agents: Agents
  readonly approvals: ApprovalDesk
  readonly recordings: Recordings
  /** Every administrative act goes in here before it is answered. */
  readonly audit: Audit
  readonly limits: RateLimits
  readonly policies: ReplaceablePolicies
  readonly vouches: Vouches
  readonly labels: FollowedLabelKeeper
  readonly upstreams: ReplaceableUpstreams
  readonly identities: TokenIdentities
  readonly signIn: SignIn
  readonly gateway: Gateway
  readonly hub: StreamHub
  readonly health: () => HostHealth
  readonly clock: Clock
  readonly log: Log
  /** Scheme, host and port as browsers see this host. */
  readonly origin: () => string
  /** Whether a Host header names this host. */
  readonly isOurHost: (host: string | undefined) => boolean
  /** The built pages; a clear page says so where they are not built. */
  readonly pagesDirectory: string
}
