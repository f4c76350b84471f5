import type { Identity, Upstream } from '../ports.ts'
import type { Policy } from '../verdict/policy.ts'
import type { ClientSettings } from './startup.ts'

/** Beyond the longest wait of a rule: a statement that is held inside a transaction must not be cut off by our own timeout. */
const IDLE_IN_TRANSACTION_MS = 600_000

/** What we ask of the server at login: the client's harmless choices, our limits, the agent's name, and the second lock where nothing may be written. */
export function upstreamSettings(client: ClientSettings, who: Identity, upstream: Upstream, policy: Policy): ReadonlyMap<string, string> {
  const chosen = new Map(client.settings)
  const timeout = upstream.limits.statementTimeoutMs
  const asked = Number(chosen.get('statement_timeout') ?? timeout)
  const longestWait = Math.max(0, ...policy.policies.flatMap((group) => group.rules.map((rule) => rule.waitMs)))
  chosen.set('statement_timeout', String(asked > 0 && asked < timeout ? asked : timeout))
  chosen.set('idle_in_transaction_session_timeout', String(longestWait + IDLE_IN_TRANSACTION_MS))
  chosen.set('application_name', `${client.applicationName === '' ? 'sallyport' : client.applicationName} [${printable(who.name)}]`)
  if (!mayChange(policy, who)) chosen.set('default_transaction_read_only', 'on')
  return chosen
}

/** The name comes from a token: a zero byte in it would end the parameter and begin another. */
function printable(name: string): string {
  return name.replaceAll(/\p{C}/gu, '?')
}

function mayChange(policy: Policy, who: Identity): boolean {
  return policy.policies
    .filter((group) => group.groups.some((name) => who.groups.includes(name)))
    .some((group) => group.rules.some((rule) => rule.effect !== 'deny' && changes(rule.statements)))
}

function changes(verbs: readonly string[] | undefined): boolean {
  return verbs === undefined || verbs.some((verb) => verb !== 'read' && verb !== 'session' && verb !== 'transaction')
}
