import { describe, expect, it } from 'vitest'
import { KEY_FORMATS } from '../../proxy/mask/api-keys.ts'
import { ALNUM, BASE64, BYTE_CLASS, LOWER_HEX, TOKEN, URL64 } from '../../proxy/mask/byte-class.ts'
import { SHORTEST_KEY } from '../../proxy/mask/key-finder.ts'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import { BUILT_IN_PATTERNS } from '../../proxy/mask/patterns.ts'
import { CORPUS_PATTERNS, dataRow, KEY, pattern } from './build.ts'
import { random } from './random.ts'

const scope = { key: KEY, connection: 'shop' }
const all = compilePatterns(
  BUILT_IN_PATTERNS.filter((one) => one.name !== 'phone' && one.name !== 'iban').map((one) => pattern(one.name)),
  scope,
)
const corpus = compilePatterns(CORPUS_PATTERNS, scope)

/** The slow reference: what `find` finds anywhere. */
function missed(set: typeof all, bytes: Buffer): boolean {
  return set.find(bytes, 0, bytes.length).length > 0 && !set.mayContain(bytes, 0, bytes.length)
}

describe('the prefilter never says no where the search says yes', () => {
  const samples = [
    '4714182562964671',
    '5432 2152 0481 1377',
    '5268-1830-2166-0337',
    '916-81-7055',
    '318 85 4818',
    '378282246310005',
    '30569309025904',
    '4222222222222',
    '４７１４１８２５６２９６４６７１',
    '916‐81‑7055',
    '5432\u00a02152\u00a00481\u00a01377',
    '٤٧١٤١٨٢٥٦٢٩٦٤٦٧١',
    '4714\u200b182562964671',
    '9\\u00370\\u002d75-4879',
    '916&#45;81&#x2d;7055',
    'sk_live_kTUDVHCHxcUbkoZZnnhTP6tP',
    'AKIAIOSFODNN7EXAMPLE',
    'ssn:541869757',
    'social security 541869757',
    'SSN ５４１８６９７５７',
    'a@example.com',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAx0123456789\n-----END RSA PRIVATE KEY-----',
  ] // every shape that is found

  it.each(samples)('%s, at every place', (sample) => {
    const bytes = Buffer.from(sample)
    expect(all.find(bytes, 0, bytes.length).length).toBeGreaterThan(0)
    for (const around of ['', ' ', 'x', '12 ', '7-', 'é', '\0\0\0\x10', '2024-02-11 08:', '{"a":"', ' - ']) {
      for (let shift = 0; shift < 45; shift++) {
        const text = Buffer.concat([Buffer.from('.'.repeat(shift) + around), bytes, Buffer.from(around)])
        expect(missed(all, text)).toBe(false)
      }
    }
  })

  it('on random mixtures of what patterns are made of', () => {
    const next = random(20_261_124)
    const pieces = [
      '0',
      '1',
      '4',
      '5',
      '9',
      '16',
      '81',
      '7055',
      '4714',
      '1825',
      '6296',
      '4671',
      '-',
      ' ',
      '.',
      'a',
      '_',
      'sk_live_',
      'eyJ',
      'AKIA',
      '\\u00',
      '&#',
      'é',
      '\u00a0',
      '‑',
      '４',
      '@',
      '\0\0\0',
      '=',
      '/',
    ]
    let found = 0
    for (let i = 0; i < 60_000; i++) {
      let text = ''
      for (let n = 1 + next(14); n > 0; n--) text += pieces[next(pieces.length)]!
      const bytes = Buffer.from(text)
      if (all.find(bytes, 0, bytes.length).length > 0) found++
      if (missed(all, bytes)) expect.fail(`missed ${JSON.stringify(text)}`)
    }
    expect(found).toBeGreaterThan(200)
  })

  it('on SSNs in random digits and separators', () => {
    const next = random(7)
    for (let i = 0; i < 40_000; i++) {
      let text = ''
      for (let n = 8 + next(30); n > 0; n--) text += '0123456789--  x'[next(15)]!
      if (missed(corpus, Buffer.from(text))) expect.fail(`missed ${JSON.stringify(text)}`)
    }
  })

  it('across a window of rows, wherever in it the value stands', () => {
    for (let before = 0; before < 60; before++) {
      const rows = Buffer.concat([dataRow(['a'.repeat(before), '12', null]), dataRow(['916-81-7055', 'b', 'c'])])
      expect(corpus.mayContain(rows, 0, rows.length)).toBe(true)
    }
  })

  it('and mostly says no to ordinary rows', () => {
    const row = dataRow([
      '17',
      'Hugo Duarte',
      'user1@example.com',
      '2024-02-11 08:30:00+00',
      '550e8400-e29b-41d4-a716-44665544f000',
      '13.37',
      'https://example.com/a/long/path/to/a/page.html',
    ])
    expect(corpus.mayContain(row, 0, row.length)).toBe(false)
  })
})

describe('the table of keys', () => {
  const sampleOf: Record<number, string> = { [ALNUM]: 'aB3', [URL64]: 'a_-', [LOWER_HEX]: '0af', [TOKEN]: 'a1.', [BASE64]: 'a+/' }
  it.each(KEY_FORMATS.map((format) => [format.vendor, format.prefix, format] as const))(
    '%s %s is found and never passed over',
    (_, prefix, format) => {
      expect(prefix.length + format.min).toBeGreaterThanOrEqual(SHORTEST_KEY)
      const key = prefix + sampleOf[format.body]!.repeat(200).slice(0, format.min)
      expect([...Buffer.from(key)].every((byte) => (BYTE_CLASS[byte]! & TOKEN) !== 0)).toBe(true)
      for (const text of [key, `key=${key};`, `{"k":"${key}"}`, `é ${key} é`]) {
        const bytes = Buffer.from(text)
        expect(corpus.mayContain(bytes, 0, bytes.length)).toBe(true)
        expect(corpus.find(bytes, 0, bytes.length).map((hit) => bytes.toString('utf8', hit.start, hit.end))).toEqual([key])
      }
    },
  )

  it('knows at least sixty vendors', () => {
    expect(new Set(KEY_FORMATS.map((format) => format.vendor)).size).toBeGreaterThanOrEqual(60)
  })
})
