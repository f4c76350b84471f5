import type { Identity, Upstream } from '../ports.ts'
import type { Policy } from '../verdict/policy.ts'
import type { ClientSettings } from './startup.ts'

/** Beyond the longest wait of a rule: a statement that is held inside a transaction must not be cut off by our own timeout. */
const IDLE_IN_TRANSACTION_MS = 600_000

/** What we ask of the server at login: the client's harmless choices, our limits, the agent's name, and the second lock where nothing may be written. */
export function upstreamSettings(client: ClientSettings, who: Identity, upstream: Upstream, policy: Policy): ReadonlyMap<string, string> {
  const chosen = new Map(client.settings)
  const timeout = upstream.limits.statementTimeoutMs
  const longestWait = Math.max(0, ...policy.policies.flatMap((group) => group.rules.map((rule) => rule.waitMs)))
  chosen.set('statement_timeout', String(shorter(chosen.get('statement_timeout'), timeout)))
  const idle = 'idle_in_transaction_session_timeout'
  chosen.set(idle, String(shorter(chosen.get(idle), longestWait + IDLE_IN_TRANSACTION_MS)))
  // Whatever the database's or the role's default is: otherwise the server would read other statements than the grammar does.
  chosen.set('standard_conforming_strings', 'on')
  chosen.set('application_name', `${client.applicationName === '' ? 'sallyport' : client.applicationName} [${printable(who.name)}]`)
  if (!mayChange(policy, who)) chosen.set('default_transaction_read_only', 'on')
  return chosen
}

/** The client's own limit where it is the shorter one, in milliseconds. Units as PostgreSQL has them ("Parameter Names and Values"). */
function shorter(asked: string | undefined, limitMs: number): number {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(asked ?? '') ?? []
  const ms = Math.round(Number(digits ?? 0) * (MS[unit ?? 'ms'] ?? 1))
  return ms > 0 && ms < limitMs ? ms : limitMs
}

const MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

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
