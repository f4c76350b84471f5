import type { Policies } from '../../proxy/ports.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import type { Config } from '../config.ts'
import { canonical, shortHash } from './canonical.ts'
import { compilePolicy, policyText } from './compile.ts'

/** The policies in force, and the one way to change them. */
export interface ReplaceablePolicies extends Policies {
  /** One version over all connections, for the pages. */
  version(): string
  /** The canonical content of a policy in force, by its version: see `policyText`. */
  textOf(version: string): string | undefined
  /**
   * Puts another configuration's policies in force, all at once: a statement is judged by the old or by the new, never by a mixture.
   * A connection's policy that did not change stays the same object, so that what was derived from it stays valid.
   */
  replace(config: Config): void
  /** Puts what admins have vouched for since, and where labels have gone, in force. */
  renew(): void
}

interface InForce {
  readonly byConnection: ReadonlyMap<string, Policy>
  readonly version: string
}

const MAX_RETIRED = 200

/** What admins have vouched for besides what the configuration names. */
export type VouchedFor = (connection: string) => Policy['vouched']

/** Where labels have followed values to. */
export type FollowedFor = (connection: string) => NonNullable<Policy['followed']>

/** @param tokenKey 32 bytes, from `readTokenKey`. */
export function createPolicies(
  config: Config,
  tokenKey: Buffer,
  vouchedFor: VouchedFor = () => [],
  followedFor: FollowedFor = () => [],
): ReplaceablePolicies {
  if (tokenKey.length !== 32) throw new RangeError('the key of the mask form `token` has 32 bytes')
  let latest = config
  let inForce = compileAll(config, tokenKey, vouchedFor, followedFor, undefined)
  const unknown = new Map<string, Policy>()
  /** Verdicts by them may still be on their way into the record. */
  const retired: Policy[] = []
  const retire = (): void => {
    retired.unshift(...inForce.byConnection.values())
    retired.splice(MAX_RETIRED)
  }

  return {
    current(connection) {
      return inForce.byConnection.get(connection) ?? denyAll(connection)
    },
    version: () => inForce.version,
    textOf(version) {
      const policy = [...inForce.byConnection.values(), ...unknown.values(), ...retired].find((one) => one.version === version)
      return policy === undefined ? undefined : policyText(policy)
    },
    replace(next) {
      latest = next
      retire()
      inForce = compileAll(next, tokenKey, vouchedFor, followedFor, inForce)
      unknown.clear()
    },
    renew() {
      retire()
      inForce = compileAll(latest, tokenKey, vouchedFor, followedFor, inForce)
    },
  }

  /** A session may outlive its connection's place in the configuration: nothing is allowed to it any more. */
  function denyAll(connection: string): Policy {
    const known = unknown.get(connection)
    if (known !== undefined) return known
    const policy = compilePolicy({ ...config, policies: [], sensitive: [], untrusted: [], vouched: [] }, connection, tokenKey)
    if (unknown.size < 1000) unknown.set(connection, policy)
    return policy
  }
}

function compileAll(
  config: Config,
  tokenKey: Buffer,
  vouchedFor: VouchedFor,
  followedFor: FollowedFor,
  before: InForce | undefined,
): InForce {
  const byConnection = new Map<string, Policy>()
  for (const { name } of config.connections) {
    const policy = compilePolicy(config, name, tokenKey, vouchedFor(name), followedFor(name))
    const old = before?.byConnection.get(name)
    byConnection.set(name, old !== undefined && canonical(old) === canonical(policy) ? old : policy)
  }
  return { byConnection, version: shortHash([...byConnection].map(([name, policy]) => [name, policy.version]).sort()) }
}
