import type { Config } from '../config.ts'
import type { ConnectionLeases } from './create-leases.ts'

/** Connections on which nobody can log in, or soon nobody: sentences for people. */
export function connectionTrouble(config: Config, leases: Pick<ConnectionLeases, 'trouble'>): string[] {
  const bare = config.connections.filter(({ password, lease }) => password === undefined && lease === undefined)
  const words = bare.map(({ name }) => `No credential has been written for “${name}” yet: nobody can log in on it.`)
  return [...words, ...leases.trouble()]
}
