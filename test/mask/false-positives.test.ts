import { describe, expect, it } from 'vitest'
import { compilePatterns } from '../../proxy/mask/pattern-set.ts'
import { BUILT_IN_PATTERNS } from '../../proxy/mask/patterns.ts'
import { CORPUS_PATTERNS, field, KEY, pattern, plan, policy } from './build.ts'
import { harmlessValues } from './harmless-values.ts'
import { random } from './random.ts'
import { rewriteTexts } from './rewrite.ts'

/**
 * How often each pattern fires on what is no secret. The limits are what `patterns.ts` tells people; MASK_SAMPLES=100000 measures them
 * more closely than the few that each run of the tests can afford.
 */
const SAMPLES = Number(process.env['MASK_SAMPLES'] ?? 4_000)
const COUNT = 100_000
const KINDS = harmlessValues(42)
const next = random(43)
const digits = (n: number) => Array.from({ length: n }, (_, i) => (i === 0 ? 1 + next(9) : next(10))).join('')

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
