import type { LiveSession } from '../../proxy/ports.ts'
import type { Config, ConnectionConfig } from '../config.ts'

/** A running session that may no longer be under another configuration, and why: told to whoever is in it. */
export interface Stray {
  readonly session: LiveSession
  readonly reason: string
}

/**
 * Sessions on a connection that is gone, that leads elsewhere now, or that is no longer for any of the person's groups. A new password or other limits
 * end nothing: they hold from the next login on.
 */
export function findStrays(live: readonly LiveSession[], next: Config, before: Config): Stray[] {
  const [now, old] = [byName(next), byName(before)]
  return live.flatMap((session) => {
    const connection = now.get(session.connection)
    if (connection === undefined) return [{ session, reason: `the connection "${session.connection}" was taken away by an admin` }]
    if (!connection.groups.some((group) => session.who.groups.includes(group))) {
      return [{ session, reason: `the connection "${session.connection}" is no longer for your groups` }]
    }
    const was = old.get(session.connection)
    if (was !== undefined && targetOf(was) !== targetOf(connection)) {
      return [{ session, reason: `the connection "${session.connection}" leads elsewhere now: connect again` }]
    }
    return []
  })
}

const byName = (config: Config) => new Map(config.connections.map((connection) => [connection.name, connection]))

const targetOf = ({ host, port, database, user, tls, ca }: ConnectionConfig): string =>
  JSON.stringify([host, port, database, user, tls, ca])
