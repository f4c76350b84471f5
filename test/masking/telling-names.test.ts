import { describe, expect, it } from 'vitest'
import { TELLING_NAMES, tellingName } from '../../main/masking/telling-names.ts'

describe('a column’s name', () => {
  it.each([
    ['email', 'contact'],
    ['customerEmail', 'contact'],
    ['contact_e_mail', 'contact'],
    ['PHONE2', 'contact'],
    ['ssn_last4', 'pii'],
    ['date_of_birth', 'pii'],
    ['passport_no', 'pii'],
    ['card_number', 'card'],
    ['iban', 'bank'],
    ['password_hash', 'secret'],
    ['refresh_token', 'secret'],
    ['diagnosis', 'health'],
    ['salary', 'money'],
  ])('%s tells of %s', (name, label) => expect(tellingName(name, false)?.label).toBe(label))

  it.each([
    'id',
    'name',
    'status',
    'total',
    'cardinality',
    'discard',
    'emailed_at_count_x',
    'shipping',
    'description',
    'placed_at',
    'tokenizer',
    'passed',
    'hotel',
  ])('%s tells nothing', (name) => expect(tellingName(name, false)).toBeUndefined())

  it('of a number tells less', () => {
    expect(tellingName('salary', true)).toBeDefined()
    expect(tellingName('email', true)).toBeUndefined()
  })

  it('each sequence of words is written as names are read', () => {
    for (const { words } of TELLING_NAMES) for (const one of words) expect(one).toMatch(/^[a-z]+( [a-z]+)*$/)
  })
})
