import { describe, expect, it } from 'vitest'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import { KEY, pattern } from './build.ts'

function found(name: string, text: string): string[] {
  const bytes = Buffer.from(text)
  const set = compilePatterns([pattern(name)], { key: KEY, connection: 'shop' })
  const hits = set.find(bytes, 0, bytes.length)
  if (hits.length > 0) expect(set.mayContain(bytes, 0, bytes.length)).toBe(true)
  return hits.map((hit) => bytes.toString('utf8', hit.start, hit.end))
}

describe('card numbers', () => {
  it.each([
    'pan 4714182562964671!',
    '5432 2152 0481 1377',
    '5268-1830-2166-0337',
    'x378282246310005x',
    '6011111111111117',
    '3530111333300000',
    '2223003122003222',
    '6200000000000005',
  ])('%s', (text) => expect(found('credit_card', text)).toHaveLength(1))

  it.each([
    '4714182562964672',
    '1714182562964671',
    '04714182562964671',
    '4714  1825 6296 4671',
    '0.4714182562964671',
    '4714.1825.6296.4671',
  ])('not %s', (text) => expect(found('credit_card', text)).toEqual([]))

  it('next to other numbers', () => {
    expect(found('credit_card', 'ids 12 4714182562964671 7, 4714 1825 6296 4671')).toEqual(['4714182562964671', '4714 1825 6296 4671'])
  })
})

describe('social security numbers', () => {
  it.each(['916-81-7055', 'x318-85-4818x', '541 86 9757', '"001-01-0001"'])('%s', (text) => expect(found('ssn', text)).toHaveLength(1))
  it.each([
    ['ssn 916817055', '916817055'],
    ['{"SSN":"318854818"}', '318854818'],
    ['Customer 541869757, Social Security no. 541869757.', '541869757'],
    ['soc.sec.=001010001', '001010001'],
    ['itin: 912345678 and 912345679', '912345678'],
    ['ssn １２３４５６７８９', '１２３４５６７８９'],
  ])('behind a word that says so: %s', (text, first) => expect(found('ssn', text)[0]).toBe(first))
  it.each([
    '916817055',
    'id 916817055',
    'lessness 916817055',
    'ssn 9168170551',
    'ssn 666123456',
    'ssn 123006789',
    'order of somebody who also gave us an ssn, and that was indeed a very long time ago: 916817055',
  ])('not %s', (text) => expect(found('ssn', text)).toEqual([]))
  it.each([
    '000-12-3456',
    '666-12-3456',
    '123-00-4567',
    '123-45-0000',
    '1123-45-6789',
    '123-45-67890',
    '555-867-5309',
    '2024-03-15',
    '123-45 6789',
  ])('not %s', (text) => expect(found('ssn', text)).toEqual([]))
})

describe('the others', () => {
  it('mail addresses', () => {
    expect(found('email', 'to <ada.l+x@mail.example.co.uk>, cc bob@example.com.')).toEqual([
      'ada.l+x@mail.example.co.uk',
      'bob@example.com',
    ])
    expect(found('email', '@ a@ @b.c user@localhost a@@b')).toEqual([])
    expect(found('email', `${'a'.repeat(100_000)} @${'@'.repeat(100_000)}`)).toEqual([])
  })

  it('bank accounts with a valid check', () => {
    expect(found('iban', 'IBAN DE89 3704 0044 0532 0130 00, GB29NWBK60161331926819')).toEqual([
      'DE89 3704 0044 0532 0130 00',
      'GB29NWBK60161331926819',
    ])
    expect(found('iban', 'DE88 3704 0044 0532 0130 00 XX12345678901234567')).toEqual([])
  })

  it('phone numbers', () => {
    expect(found('phone', 'call +49 30 901820-0 or (212) 555-0147, 555-867-5309.')).toEqual([
      '+49 30 901820-0',
      '(212) 555-0147',
      '555-867-5309',
    ])
    expect(found('phone', '2024-02-11 08:30 v1.2.3 12345678901 +1')).toEqual([])
  })

  it('tokens and keys', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'
    expect(found('jwt', `Bearer ${jwt};`)).toEqual([jwt])
    expect(found('jwt', 'eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxMjM0In0dozjgNryP4')).toEqual([])
    const pem = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIGlRrTXxQkbJ0\n-----END EC PRIVATE KEY-----'
    expect(found('private_key', `a ${pem} b`)).toEqual([pem])
    expect(found('private_key', `a ${pem.slice(0, 60)}`)).toEqual([pem.slice(0, 60)])
    expect(found('private_key', '-----BEGIN CERTIFICATE-----\nMHcCAQEEIIGlRrTXxQkbJ0\n-----END CERTIFICATE-----')).toEqual([])
    expect(found('api_key', 'a=ghp_abcdefghijklmnopqrstuvwxyz0123456789 no sk_live_short xAKIAIOSFODNN7EXAMPLE')).toEqual([
      'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    ])
  })
})
