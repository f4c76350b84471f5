import type { Masking, Policies, PolicyRule } from '../../../main/contract/index.ts'

function rule(place: number, effect: PolicyRule['effect'], changes: Partial<PolicyRule>, policy = 'agents-on-shop'): PolicyRule {
  return {
    id: `${policy}/${place}`,
    place,
    effect,
    sentence: '',
    statements: null,
    tables: null,
    touches: null,
    shows: null,
    uses: null,
    without: null,
    functions: null,
    afterUntrusted: false,
    approvals: 1,
    passkey: false,
    hours: null,
    approvers: [],
    waitMs: 600_000,
    maxRows: null,
    message: null,
    reason: null,
    line: 40 + place,
    ...changes,
  }
}

export function makePolicies(): Policies {
  return {
    version: 7,
    policyVersion: '41f09c22b7aa',
    source: { policies: [], tests: [] },
    policies: [
      {
        name: 'agents-on-shop',
        groups: ['ai-agents'],
        connections: ['shop'],
        rules: [
          rule(1, 'ask', {
            uses: ['pii'],
            approvers: ['dba'],
            waitMs: 300_000,
            reason: 'names a sensitive column outside the select list',
          }),
          rule(2, 'allow', {
            statements: ['read', 'session', 'transaction'],
            tables: ['public.*', 'billing.*', 'pg_catalog.*', 'information_schema.*'],
          }),
          rule(3, 'ask', { statements: ['write'], approvers: ['dba'], maxRows: 1000 }),
          rule(4, 'deny', { statements: ['ddl', 'privilege', 'admin', 'unknown'], message: 'Schema changes go through migrations.' }),
        ],
      },
      {
        name: 'analysts-read-only',
        groups: ['analytics'],
        connections: ['shop', 'warehouse'],
        rules: [
          rule(1, 'deny', { statements: ['write'], without: 'where' }, 'analysts-read-only'),
          rule(
            2,
            'allow',
            { statements: ['read'], hours: { fromMinute: 480, toMinute: 1140, days: [1, 2, 3, 4, 5] } },
            'analysts-read-only',
          ),
        ],
      },
    ],
  }
}

export function makeMasking(): Masking {
  return {
    version: 7,
    source: { sensitive: [], untrusted: [], patterns: [], vouched: [] },
    labels: [
      {
        connection: 'shop',
        label: 'pii',
        mask: 'redact',
        predicates: false,
        columns: ['public.customers.ssn', 'public.customers.date_of_birth', 'staff.employees.home_phone'],
      },
      {
        connection: 'shop',
        label: 'contact',
        mask: 'partial',
        predicates: false,
        columns: ['public.customers.email', 'public.customers.phone'],
      },
      { connection: 'shop', label: 'card', mask: 'token', predicates: true, columns: ['billing.payments.card'] },
    ],
    patterns: [
      { name: 'credit_card', mask: 'partial', regex: null, builtIn: true },
      { name: 'ssn', mask: 'redact', regex: null, builtIn: true },
      { name: 'api_key', mask: 'redact', regex: null, builtIn: true },
      { name: 'staff_id', mask: 'token', regex: 'EMP-[0-9]{6}', builtIn: false },
    ],
    untrusted: [{ connection: 'shop', tables: ['public.support_tickets', 'public.reviews'] }],
  }
}
