import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../main/config.ts'
import { canonical } from '../../main/policies/canonical.ts'
import { compilePolicy } from '../../main/policies/compile.ts'
import { createPolicies } from '../../main/policies/create-policies.ts'

const YAML = readFileSync(path.join(import.meta.dirname, '../config/fixtures/contract.yaml'), 'utf8')
const KEY = Buffer.alloc(32, 7)
const configOf = (yaml: string) => parseConfig(yaml, { file: 'f.yaml', folder: '/', env: { OIDC_SECRET: 'a', SHOP_PASSWORD: 'b' } })

describe('a compiled policy', () => {
  const policy = compilePolicy(configOf(YAML), 'shop', KEY)

  it('has the rules of its connection with ids and places', () => {
    expect(policy.policies.map((group) => group.name)).toEqual(['agents-on-shop'])
    expect(policy.policies[0]!.rules.map((rule) => [rule.id, rule.place, rule.effect])).toEqual([
      ['agents-on-shop/1', 1, 'ask'],
      ['agents-on-shop/2', 2, 'allow'],
      ['agents-on-shop/3', 3, 'ask'],
      ['agents-on-shop/4', 4, 'deny'],
    ])
    expect(policy.sensitive).toEqual([{ label: 'pii', mask: 'redact', columns: ['public.customers.ssn', 'billing.payments.card'] }])
    expect(policy.untrusted).toEqual(['public.support_tickets'])
    expect(policy.patterns.map((p) => p.name)).toEqual(['credit_card', 'ssn', 'api_key', 'staff_id'])
  })

  it('is frozen, and keeps the key as it is', () => {
    expect(Object.isFrozen(policy.policies[0]!.rules[0])).toBe(true)
    expect(policy.tokenKey.equals(KEY)).toBe(true)
  })

  it('has nothing of other connections', () => {
    const other = compilePolicy(configOf(YAML), 'elsewhere', KEY)
    expect(other).toMatchObject({ policies: [], sensitive: [], untrusted: [] })
  })
})

describe('the version', () => {
  const versionOf = (yaml: string) => compilePolicy(configOf(yaml), 'shop', KEY).version

  it('is the same for the same rules on other lines and with keys in another order', () => {
    const moved = `# a comment\n\n${YAML}`.replace(
      'effect: ask,   statements: [write], approvers: [dba]',
      'approvers: [dba], statements: [write], effect: ask',
    )
    expect(moved).toContain('approvers: [dba], statements: [write]')
    expect(versionOf(moved)).toBe(versionOf(YAML))
    expect(versionOf(YAML)).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each([
    ['an effect', 'effect: deny', 'effect: ask'],
    ['a mask', 'label: pii, mask: redact', 'label: pii, mask: token'],
    ['a ceiling', 'maxRows: 1000', 'maxRows: 1001'],
    ['a pattern', 'mask: partial', 'mask: null'],
  ])('is another one when %s changes', (_what, from, to) => {
    const yaml = YAML.replace(from, to)
      .replace('mask: null', 'mask: "null"')
      .replace('message: "Schema changes go through migrations."', 'reason: x')
    const base = YAML.replace('message: "Schema changes go through migrations."', 'reason: x')
    expect(versionOf(yaml)).not.toBe(versionOf(base))
  })

  it('does not depend on the order in which an object was made', () => {
    expect(canonical({ b: [1, { d: null, c: undefined }], a: 'x' })).toBe(canonical({ a: 'x', b: [1, { d: null }] }))
    expect(canonical([1, 2])).not.toBe(canonical([2, 1]))
  })
})

describe('policies in force', () => {
  it('are the same object until something changes, and then all at once', () => {
    const two = YAML.replace(
      'sensitive:',
      `  - { name: other, engine: postgres, host: h, database: d, user: u, password: p, groups: [g] }\nsensitive:`,
    )
    const policies = createPolicies(configOf(two), KEY)
    const [shop, other] = [policies.current('shop'), policies.current('other')]
    expect(policies.current('shop')).toBe(shop)
    const version = policies.version()

    policies.replace(configOf(two.replace('maxRows: 1000', 'maxRows: 5')))
    expect(policies.current('shop')).not.toBe(shop)
    expect(policies.current('shop').policies[0]!.rules[2]!.maxRows).toBe(5)
    expect(policies.current('other')).toBe(other)
    expect(policies.version()).not.toBe(version)

    policies.replace(configOf(two))
    expect(policies.version()).toBe(version)
  })

  it('deny everything on a connection that is no longer there', () => {
    const policies = createPolicies(configOf(YAML), KEY)
    const gone = policies.current('gone')
    expect(gone.policies).toEqual([])
    expect(policies.current('gone')).toBe(gone)
  })

  it('need a whole key', () => {
    expect(() => createPolicies(configOf(YAML), Buffer.alloc(16))).toThrow(/32 bytes/)
  })
})
