import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import type { MaskForm } from '../../proxy/verdict/policy.ts'
import { field, KEY, label, pattern, plan, policy } from './build.ts'
import { rewriteCells } from './rewrite.ts'

function mask(
  form: MaskForm,
  typeOid: number,
  value: string | Buffer,
  more: Parameters<typeof field>[1] = {},
  name = 'pii',
): Buffer | null {
  const p = plan({ fields: [field(typeOid, { tableOid: 1, attnum: 1, ...more })], labelled: { '1.1': label(name, form) } })
  return rewriteCells(p, [value])[0]!
}

describe('redact', () => {
  it('gives one value for all, so that neither length nor equality shows', () => {
    for (const typeOid of [25, 1700, 1082, 3802, 1009, 17, 2950]) {
      expect(mask('redact', typeOid, 'a')).toEqual(mask('redact', typeOid, 'something longer'))
    }
  })

  it('fits into the length that the type declares', () => {
    expect(mask('redact', 1043, 'abc', { typmod: 4 + 5 })?.toString()).toBe('*****')
    expect(mask('redact', 1042, 'abc', { typmod: 4 + 12 })?.toString()).toBe('*redacted*  ')
    expect(mask('redact', 18, 'a')?.toString()).toBe('*')
    expect(mask('redact', 1560, '101', { typmod: 3 })?.toString()).toBe('000')
  })

  it('is NULL where a type has no neutral value: enums, composites, unknown types', () => {
    for (const typeOid of [90_003, 90_001, 2249, 77_777]) expect(mask('redact', typeOid, 'x')).toBe(null)
  })

  it('sees a domain as its base type', () => {
    expect(mask('redact', 90_002, 'a@b')?.toString()).toBe('*redacted*')
  })
})

describe('partial', () => {
  it('shows the last four of a text that is long enough, and never its length', () => {
    expect(mask('partial', 25, '916-81-7055')?.toString()).toBe('****7055')
    expect(mask('partial', 25, `${'x'.repeat(100)}7055`)?.toString()).toBe('****7055')
    expect(mask('partial', 25, '1234567')?.toString()).toBe('*redacted*')
    expect(mask('partial', 1042, '12345678    ', { typmod: 16 })?.toString()).toBe('****5678    ')
  })

  it('shows nothing where the last four are no plain letters and digits', () => {
    expect(mask('partial', 25, 'quiescent "x"')?.toString()).toBe('*redacted*')
    expect(mask('partial', 25, 'secret nöte')?.toString()).toBe('*redacted*')
  })

  it('redacts numbers', () => {
    expect(mask('partial', 1700, '280637.16')?.toString()).toBe('0')
  })
})

describe('token', () => {
  it('is the same for the same value, in both formats and in every text type', () => {
    const token = mask('token', 25, 'ada@example.com')!.toString()
    expect(token).toMatch(/^tok_[a-z2-7]{20}$/)
    expect(mask('token', 25, 'ada@example.com', { format: 1 })?.toString()).toBe(token)
    expect(mask('token', 1042, 'ada@example.com     ')?.toString()).toBe(token)
    expect(mask('token', 25, 'eve@example.com')?.toString()).not.toBe(token)
  })

  it('is base32 of the HMAC that any other program would compute', () => {
    const mac = createHmac('sha256', KEY).update('shop\0pii\0').update('ada@example.com').digest()
    const bits = [...mac].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    const text = bits.match(/.{5}/g)!.map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five, 2)])
    expect(mask('token', 25, 'ada@example.com')?.toString()).toBe(`tok_${text.slice(0, 20).join('')}`)
  })

  it('differs by label and by key', () => {
    const token = mask('token', 25, 'ada')!.toString()
    expect(mask('token', 25, 'ada', {}, 'other')?.toString()).not.toBe(token)
    const p = plan({
      fields: [field(25, { tableOid: 1, attnum: 1 })],
      labelled: { '1.1': label('pii', 'token') },
      policy: { ...policy(), tokenKey: Buffer.alloc(32, 8) },
    })
    expect(rewriteCells(p, ['ada'])[0]!.toString()).not.toBe(token)
  })

  it('makes a uuid of a uuid, the same in both formats', () => {
    const value = '550e8400-e29b-41d4-a716-446655440000'
    const text = mask('token', 2950, value)!.toString()
    expect(text).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(text).not.toBe(value)
    expect(mask('token', 2950, Buffer.from(value.replaceAll('-', ''), 'hex'), { format: 1 })?.toString('hex')).toBe(
      text.replaceAll('-', ''),
    )
  })

  it('makes a JSON string of JSON', () => {
    expect(JSON.parse(mask('token', 3802, '{"a": 1}')!.toString())).toMatch(/^tok_/)
    expect(mask('token', 3802, Buffer.from('\u0001{"a": 1}'), { format: 1 })).toEqual(
      Buffer.from(`\u0001${mask('token', 3802, '{"a": 1}')}`),
    )
  })

  it('redacts numbers', () => {
    expect(mask('token', 1700, '280637.16')?.toString()).toBe('0')
  })
})

describe('patterns as they are configured', () => {
  it('refuses patterns that nobody knows and expressions that RE2 cannot read', () => {
    const scope = { key: KEY, connection: 'shop' }
    expect(() => compilePatterns([pattern('credit_crad')], scope)).toThrow(
      'no pattern "credit_crad" is built in (there are credit_card, ssn',
    )
    expect(() => compilePatterns([pattern('x', 'redact', '(a')], scope)).toThrow('pattern "x"')
    expect(() => compilePatterns([pattern('x', 'redact', '(a)\\1')], scope)).toThrow('pattern "x"')
  })
})
