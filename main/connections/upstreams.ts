import type { Upstream, Upstreams } from '../../proxy/ports.ts'
import type { Config, ConnectionConfig } from '../config.ts'

/** The connections in force, and the one way to change them. */
export interface ReplaceableUpstreams extends Upstreams {
  /** For the host's own work (the catalog): no person is asking. */
  own(connection: string): Upstream | undefined
  replace(config: Config): void
}

/** The connections of the configuration. An unknown name and a person whose groups do not fit are answered alike. */
export function createUpstreams(config: Config): ReplaceableUpstreams {
  let byName = index(config)
  return {
    open(connection, who) {
      const found = byName.get(connection)
      if (found === undefined || !found.groups.some((group) => who.groups.includes(group))) return undefined
      return upstreamOf(found)
    },
    own(connection) {
      const found = byName.get(connection)
      return found === undefined ? undefined : upstreamOf(found)
    },
    replace(next) {
      byName = index(next)
    },
  }
}

const index = (config: Config) => new Map(config.connections.map((connection) => [connection.name, connection]))

/** The credential is revealed here, for the one who logs in, and not kept. */
function upstreamOf(connection: ConnectionConfig): Upstream {
  const { name, host, port, database, user, password, tls, ca, limits } = connection
  const upstream = { connection: name, host, port, database, user, password: password.reveal(), tls, limits }
  return ca === undefined ? upstream : { ...upstream, ca }
}
