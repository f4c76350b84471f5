import { describe, expect, it } from 'vitest'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import { BUILT_IN_PATTERNS } from '../../proxy/mask/patterns.ts'
import { CORPUS_PATTERNS, field, KEY, pattern, plan, policy } from './build.ts'
import { random } from './random.ts'
import { rewriteTexts } from './rewrite.ts'

/**
 * How often each pattern fires on what is no secret. The limits are what `patterns.ts` tells people; MASK_SAMPLES=100000 measures them
 * more closely than the few that each run of the tests can afford.
 */
const SAMPLES = Number(process.env['MASK_SAMPLES'] ?? 4_000)
const COUNT = 100_000
const next = random(42)
const digits = (n: number) => Array.from({ length: n }, (_, i) => (i === 0 ? 1 + next(9) : next(10))).join('')
const two = (n: number) => String(1 + next(n)).padStart(2, '0')
const bytes = (n: number) => Buffer.from(Array.from({ length: n }, () => next(256)))
const hex = (n: number) => bytes(n).toString('hex')
const uuid = () => hex(16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

const KINDS: Record<string, () => string> = {
  '9-digit ids': () => digits(9),
  '10-digit ids': () => digits(10),
  '12-digit ids': () => digits(12),
  '16-digit ids': () => digits(16),
  '19-digit ids': () => digits(19),
  'milliseconds since 1970': () => String(1_600_000_000_000 + next(200_000_000) * 1000),
  timestamps: () => `20${two(29)}-${two(12)}-${two(28)} ${two(23)}:${two(59)}:${two(59)}.${digits(6)}+00`,
  'phone numbers': () => `${digits(3)}-${digits(3)}-${digits(4)}`,
  'amounts with many decimals': () => `${digits(3)}.${digits(16)}`,
  uuids: uuid,
  'SHA-256 in hexadecimal': () => hex(32),
  'random base64': () => bytes(30).toString('base64'),
  'part numbers': () => `${digits(4)}-${digits(3)}-${digits(2)}`,
}

/** At most so many in 100,000; kinds that are not here: none at all. */
const LIMITS: Record<string, Record<string, number>> = {
  credit_card: { '16-digit ids': 4200, '19-digit ids': 2500, uuids: 150, 'SHA-256 in hexadecimal': 200 },
  iban: { uuids: 25 },
  phone: { 'phone numbers': COUNT },
}

describe.each(BUILT_IN_PATTERNS.map((one) => one.name))('%s on what is no secret', (name) => {
  const set = compilePatterns([pattern(name)], { key: KEY, connection: 'shop' })
  it.each(Object.entries(KINDS))('%s', (kind, make) => {
    let hits = 0
    for (let i = 0; i < SAMPLES; i++) {
      const bytes = Buffer.from(make())
      if (set.mayContain(bytes, 0, bytes.length) && set.find(bytes, 0, bytes.length).length > 0) hits++
    }
    expect((hits * COUNT) / SAMPLES).toBeLessThanOrEqual(LIMITS[name]?.[kind] ?? 0)
  })
})

describe('number columns', () => {
  const p = plan({ fields: [field(20)], policy: policy(CORPUS_PATTERNS) })
  it.each([
    [13, 0],
    [14, 0],
    [15, 0.006],
    [16, 0.042],
    [17, 0],
    [18, 0],
  ])('random bigints of %i digits are taken for cards at most this often: %d', (length, limit) => {
    let hits = 0
    for (let i = 0; i < SAMPLES; i++) {
      const value = digits(length)
      if (rewriteTexts(p, [value])[0] !== value) hits++
    }
    expect(hits / SAMPLES).toBeLessThanOrEqual(limit)
  })
})
