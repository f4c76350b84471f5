/** A policy for one connection from a short literal, as `main/policies` would compile it. */
import { randomBytes } from 'node:crypto'
import type { Policy, Rule, SensitiveLabel, TextPattern } from '../../proxy/verdict/policy.ts'

export type RuleLiteral = Partial<Omit<Rule, 'id' | 'policy' | 'place' | 'line'>> & Pick<Rule, 'effect'>

export interface PolicyLiteral {
  readonly groups?: readonly string[]
  readonly rules: readonly RuleLiteral[]
  readonly sensitive?: readonly SensitiveLabel[]
  readonly patterns?: readonly (Omit<TextPattern, 'regex'> & { readonly regex?: string })[]
  readonly untrusted?: readonly string[]
  readonly vouched?: Policy['vouched']
}

let version = 0

export function compilePolicy(connection: string, literal: PolicyLiteral): Policy {
  const name = `test-${connection}`
  const rules = literal.rules.map((rule, index) => Object.freeze({ ...EMPTY_RULE, ...rule, ...placeOf(name, index) }))
  return Object.freeze({
    version: `test-${++version}`,
    connection,
    policies: [{ name, groups: literal.groups ?? ['ai-agents'], rules }],
    sensitive: literal.sensitive ?? [],
    untrusted: literal.untrusted ?? [],
    patterns: (literal.patterns ?? []).map((pattern) => ({ regex: undefined, ...pattern })),
    vouched: literal.vouched ?? [],
    tokenKey: randomBytes(32),
  })
}

const placeOf = (policy: string, index: number) => ({ id: `${policy}/${index + 1}`, policy, place: index + 1, line: undefined })

const EMPTY_RULE: Omit<Rule, 'effect' | 'id' | 'policy' | 'place' | 'line'> = {
  statements: undefined,
  tables: undefined,
  touches: undefined,
  shows: undefined,
  uses: undefined,
  without: undefined,
  functions: undefined,
  hours: undefined,
  approvers: ['dba'],
  waitMs: 60_000,
  maxRows: undefined,
  message: undefined,
  reason: undefined,
}

/** Everything may run: for tests of the wire, where the server's answer is the measure. */
export const ALLOW_ALL: PolicyLiteral = {
  rules: [{ effect: 'allow' }],
}

/** Reads run, writes are asked about, the rest is denied: the shape of the contract's example. */
export const READS_AND_ASKED_WRITES: PolicyLiteral = {
  rules: [
    { effect: 'ask', uses: ['pii'], reason: 'names a sensitive column outside the select list' },
    {
      effect: 'allow',
      statements: ['read', 'session', 'transaction'],
      tables: ['public.*', 'billing.*', 'pg_catalog.*', 'information_schema.*'],
    },
    { effect: 'ask', statements: ['write'], maxRows: 1000, waitMs: 60_000 },
    { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'], message: 'Schema changes go through migrations.' },
  ],
  sensitive: [{ label: 'pii', mask: 'redact', columns: ['public.customers.ssn', 'public.customers.card'] }],
  patterns: [
    { name: 'credit_card', mask: 'partial' },
    { name: 'ssn', mask: 'redact' },
    { name: 'api_key', mask: 'redact' },
  ],
}
