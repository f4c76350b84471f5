import { GatewayError } from '../../proxy/errors.ts'
import type { Upstream, Upstreams } from '../../proxy/ports.ts'
import type { Config, ConnectionConfig } from '../config.ts'

/** The connections in force, and the one way to change them. */
export interface ReplaceableUpstreams extends Upstreams {
  /** For the host's own work (the catalog): no person is asking. Throws `upstream-unavailable` where there is no credential just now. */
  own(connection: string): Upstream | undefined
  replace(config: Config): void
}

/** A user of the database that holds for a while. */
export interface LeasedCredential {
  readonly user: string
  readonly password: string
}

/** The credential of a connection that leases it. Undefined: none just now, and `failure` says why. */
export interface Leases {
  current(connection: string): LeasedCredential | undefined
  failure(connection: string): string | undefined
}

const NO_LEASES: Leases = { current: () => undefined, failure: () => undefined }

/** The connections of the configuration. An unknown name and a person whose groups do not fit are answered alike. */
export function createUpstreams(config: Config, leases: Leases = NO_LEASES): ReplaceableUpstreams {
  let byName = index(config)
  return {
    open(connection, who) {
      const found = byName.get(connection)
      if (found === undefined || !found.groups.some((group) => who.groups.includes(group))) return undefined
      return upstreamOf(found, leases)
    },
    own(connection) {
      const found = byName.get(connection)
      return found === undefined ? undefined : upstreamOf(found, leases)
    },
    replace(next) {
      byName = index(next)
    },
  }
}

const index = (config: Config) => new Map(config.connections.map((connection) => [connection.name, connection]))

/** The credential is revealed here, for the one who logs in, and not kept. */
function upstreamOf(connection: ConnectionConfig, leases: Leases): Upstream {
  const { name, host, port, database, tls, ca, limits } = connection
  const upstream = { connection: name, host, port, database, ...credentialOf(connection, leases), tls, limits }
  return ca === undefined ? upstream : { ...upstream, ca }
}

function credentialOf({ name, user, password, lease }: ConnectionConfig, leases: Leases): LeasedCredential {
  if (lease !== undefined) {
    const leased = leases.current(name)
    if (leased !== undefined) return leased
    throw withoutCredential(
      name,
      'its credential cannot be leased just now',
      'Try again in a moment. If it goes on, tell the team that runs the gateway.',
    )
  }
  if (password !== undefined) return { user, password: password.reveal() }
  throw withoutCredential(
    name,
    'no credential has been written for it yet',
    'Tell the team that runs the gateway: an admin writes it on the page Connections.',
  )
}

function withoutCredential(connection: string, why: string, hint: string): GatewayError {
  return new GatewayError({
    code: 'upstream-unavailable',
    sqlstate: '08006',
    message: `connection "${connection}": ${why}`,
    hint,
    severity: 'FATAL',
  })
}
