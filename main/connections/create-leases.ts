import type { Clock, Log } from '../../proxy/ports.ts'
import type { ConfigInForce } from '../config/in-force.ts'
import type { Config, LeaseConfig } from '../config.ts'
import { type CredentialLease, leaseCredential } from './lease-credential.ts'
import type { Leases } from './upstreams.ts'
import { createVaultApi, type VaultApi } from './vault-api.ts'

/** The leased credentials of all connections of the configuration in force. */
export interface ConnectionLeases extends Leases {
  until(connection: string): number | undefined
  /** What somebody should know: sentences for people. */
  trouble(): string[]
  /** Resolves once each was tried, or after `ms`. */
  ready(ms: number): Promise<void>
  /** Gives all of them back; does not take longer than `ms`. */
  close(ms: number): Promise<void>
}

export interface LeasesOptions {
  readonly config: ConfigInForce
  readonly clock: Clock
  readonly log: Log
  /** For tests. */
  readonly api?: (config: LeaseConfig) => VaultApi
}

interface Entry {
  readonly lease: CredentialLease
  /** What it was made from. */
  readonly key: string
}

export function createLeases({ config, clock, log, api = createVaultApi }: LeasesOptions): ConnectionLeases {
  const entries = new Map<string, Entry>()

  /** Those that say the same go on; the others are given back or made. */
  const follow = (next: Config): void => {
    const wanted = new Map(next.connections.flatMap(({ name, lease }) => (lease === undefined ? [] : [[name, lease] as const])))
    for (const [name, { lease, key }] of entries) {
      const still = wanted.get(name)
      if (still !== undefined && keyOf(still) === key) continue
      entries.delete(name)
      void lease.stop()
    }
    for (const [connection, lease] of wanted) {
      if (entries.has(connection)) continue
      entries.set(connection, { key: keyOf(lease), lease: leaseCredential({ connection, api: api(lease), clock, log }) })
    }
  }
  follow(config.current())
  const ended = config.onChange(follow)
  const all = () => [...entries.values()].map(({ lease }) => lease)

  return {
    current: (connection) => entries.get(connection)?.lease.current(),
    until: (connection) => entries.get(connection)?.lease.until(),
    failure: (connection) => entries.get(connection)?.lease.failure(),
    trouble: () =>
      [...entries].flatMap(([connection, { lease }]) => {
        const failure = lease.failure()
        if (failure === undefined) return []
        const left = lease.until()
        const now =
          left === undefined
            ? 'nobody can log in on it until that works again'
            : `the present one holds for ${Math.max(1, Math.round((left - clock.now()) / 60_000))} min more`
        return [`The credential of “${connection}” cannot be leased from Vault (${failure}): ${now}.`]
      }),
    ready: (ms) => within(Promise.all(all().map(({ tried }) => tried)), ms),
    close: (ms) => {
      ended()
      return within(Promise.all(all().map((lease) => lease.stop())), ms)
    },
  }
}

function keyOf({ token, approle, ...lease }: LeaseConfig): string {
  return JSON.stringify([lease, token?.reveal(), approle?.mount, approle?.roleId, approle?.secretId.reveal()])
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}
