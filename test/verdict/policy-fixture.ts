import type { Policy, Rule } from '../../proxy/verdict/policy.ts'
import { SENSITIVE } from '../cases/shop.ts'

/** A policy of one group `agents`, in the rules' order. */
export function policyOf(rules: readonly Partial<Rule>[], more: Partial<Policy> = {}): Policy {
  return {
    version: 'v1',
    connection: 'shop',
    policies: [{ name: 'agents-on-shop', groups: ['agents'], rules: rules.map((rule, place) => ruleOf(place + 1, rule)) }],
    sensitive: [{ label: 'pii', mask: 'redact', columns: SENSITIVE }],
    untrusted: [],
    patterns: [],
    vouched: [],
    tokenKey: Buffer.alloc(32),
    ...more,
  }
}

function ruleOf(place: number, rule: Partial<Rule>): Rule {
  return {
    id: `agents-on-shop/${place}`,
    policy: 'agents-on-shop',
    place,
    line: undefined,
    effect: 'allow',
    statements: undefined,
    tables: undefined,
    touches: undefined,
    shows: undefined,
    uses: undefined,
    without: undefined,
    functions: undefined,
    hours: undefined,
    approvers: ['dba'],
    waitMs: 300_000,
    maxRows: undefined,
    message: undefined,
    reason: undefined,
    ...rule,
  }
}

/** As the contract's example. */
export const USUAL: readonly Partial<Rule>[] = [
  { effect: 'ask', uses: ['pii'] },
  {
    effect: 'allow',
    statements: ['read', 'session', 'transaction'],
    tables: ['public.*', 'billing.*', 'pg_catalog.*', 'information_schema.*'],
  },
  { effect: 'ask', statements: ['write'] },
  { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'], message: 'Schema changes go through migrations.' },
]
