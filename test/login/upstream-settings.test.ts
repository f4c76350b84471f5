import { describe, expect, it } from 'vitest'
import { readSettings } from '../../proxy/login/startup.ts'
import { upstreamSettings } from '../../proxy/login/upstream-settings.ts'
import type { Identity, Upstream } from '../../proxy/ports.ts'
import { startupFrame } from '../../proxy/wire/login-messages.ts'
import { compilePolicy, type PolicyLiteral } from '../helpers/policy-literal.ts'

const WHO: Identity = { issuer: 'i', subject: 's', name: 'Agent', groups: ['ai-agents'], kind: 'agent', client: 'c', expiresAt: 0 }
const UPSTREAM: Upstream = {
  connection: 'shop',
  host: 'h',
  port: 1,
  database: 'd',
  user: 'u',
  password: 'p',
  tls: 'disable',
  limits: { statementTimeoutMs: 30_000, rows: 1, resultBytes: 1, connectionsPerPerson: 1 },
}

function settings(policy: PolicyLiteral, client: Record<string, string> = {}, who = WHO): Record<string, string> {
  const given = readSettings(new Map(Object.entries({ user: 'x', ...client })))
  return Object.fromEntries(upstreamSettings(given, who, UPSTREAM, compilePolicy('shop', policy)))
}

describe('the second lock', () => {
  it.each([
    ['no rules', [], 'on'],
    ['reads', [{ effect: 'allow', statements: ['read', 'session', 'transaction'] }], 'on'],
    [
      'writes denied',
      [
        { effect: 'deny', statements: ['write'] },
        { effect: 'allow', statements: ['read'] },
      ],
      'on',
    ],
    ['writes that a person may approve', [{ effect: 'ask', statements: ['write'] }], undefined],
    ['schema changes', [{ effect: 'allow', statements: ['ddl'] }], undefined],
    ['a rule for everything', [{ effect: 'ask' }], undefined],
  ] as const)('with %s: %s', (_name, rules, expected) => {
    expect(settings({ rules: rules as PolicyLiteral['rules'] })['default_transaction_read_only']).toBe(expected)
  })

  it('counts only the rules of one’s own groups', () => {
    const policy: PolicyLiteral = { groups: ['dba'], rules: [{ effect: 'allow' }] }
    expect(settings(policy)['default_transaction_read_only']).toBe('on')
    expect(settings(policy, {}, { ...WHO, groups: ['dba'] })['default_transaction_read_only']).toBeUndefined()
  })
})

describe('our own settings at login', () => {
  const read: PolicyLiteral = { rules: [{ effect: 'ask', statements: ['write'], waitMs: 300_000 }] }

  it('take the shorter statement timeout, and outlast the longest wait', () => {
    expect(settings(read)).toMatchObject({ statement_timeout: '30000', idle_in_transaction_session_timeout: '900000' })
    expect(settings(read, { statement_timeout: '5000' })['statement_timeout']).toBe('5000')
    for (const asked of ['0', '60000', 'x', '-1', '30s'])
      expect(settings(read, { statement_timeout: asked })['statement_timeout']).toBe('30000')
  })

  it('name the agent beside the client’s program', () => {
    expect(settings(read)['application_name']).toBe('sallyport [Agent]')
    expect(settings(read, { application_name: 'psql' })['application_name']).toBe('psql [Agent]')
  })

  it('a name from a token cannot smuggle a parameter of its own', () => {
    const name = 'x\0role\0postgres\0options\0-c role=postgres'
    const chosen = settings(read, {}, { ...WHO, name })
    expect(chosen['application_name']).not.toContain('\0')
    const frame = startupFrame(2, new Map(Object.entries(chosen))).toString('latin1')
    expect(frame).not.toContain('\0role\0')
    expect(() => startupFrame(0, new Map([['application_name', name]]))).toThrow(/zero byte/)
  })
})
