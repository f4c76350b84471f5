import { describe, expect, it } from 'vitest'
import { luhnDigit, makeApiKey, makeCard, makeSsn } from '../../build/demo/shop/numbers.ts'
import { makeRandom } from '../../build/demo/shop/random.ts'

/** The check as ISO/IEC 7812 words it, written another way round than the generator. */
function isLuhnValid(number: string): boolean {
  const digits = [...number].map(Number)
  const sum = digits.reduce((total, digit, at) => {
    const doubled = (digits.length - at) % 2 === 0 ? digit * 2 : digit
    return total + Math.floor(doubled / 10) + (doubled % 10)
  }, 0)
  return sum % 10 === 0
}

describe('numbers of the shop', () => {
  it('knows the check digits of well-known test cards', () => {
    expect(luhnDigit('424242424242424')).toBe(2)
    expect(luhnDigit('37828224631000')).toBe(5)
    expect(luhnDigit('601111111111111')).toBe(7)
  })

  it('makes only Luhn-valid cards of the right length, in test ranges', () => {
    const random = makeRandom('cards')
    for (let count = 0; count < 2000; count++) {
      const { brand, number } = makeCard(random)
      expect(isLuhnValid(number), number).toBe(true)
      expect(number).toMatch(brand === 'amex' ? /^378282\d{9}$/ : /^(424242|400000|555555|222300|601111)\d{10}$/)
    }
  })

  it('makes SSNs in areas that were never given out, with no part of zeros', () => {
    const random = makeRandom('ssn')
    for (let count = 0; count < 2000; count++) {
      const [, area, group, serial] = /^(\d{3})-(\d{2})-(\d{4})$/.exec(makeSsn(random)) ?? []
      expect(Number(area)).toBeGreaterThanOrEqual(773)
      expect(Number(area)).toBeLessThan(900)
      expect(Number(group) * Number(serial)).toBeGreaterThan(0)
    }
  })

  it('makes API keys in the shape that scanners know', () => {
    expect(makeApiKey(makeRandom('key'), 'live')).toMatch(/^sk_live_[A-Za-z0-9]{24}$/)
  })
})
