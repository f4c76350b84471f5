import { describe, expect, it } from 'vitest'
import { makeRandom } from '../../build/demo/shop/random.ts'

const draw = (seed: string) => {
  const random = makeRandom(seed)
  return Array.from({ length: 20 }, () => random.next())
}

describe('seeded random numbers', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw('a')).toEqual(draw('a'))
    expect(draw('a')).not.toEqual(draw('b'))
  })

  it('spreads evenly enough for made-up data', () => {
    const random = makeRandom('spread')
    const buckets = Array.from({ length: 10 }, () => 0)
    for (let count = 0; count < 10_000; count++) {
      const at = random.int(0, 9)
      buckets[at] = (buckets[at] ?? 0) + 1
    }
    for (const bucket of buckets) expect(bucket).toBeGreaterThan(850)
  })

  it('reaches both ends of a range and never leaves it', () => {
    const random = makeRandom('ends')
    const seen = new Set(Array.from({ length: 400 }, () => random.int(3, 6)))
    expect([...seen].sort()).toEqual([3, 4, 5, 6])
  })

  it('keeps one table’s numbers from moving another’s', () => {
    const parent = makeRandom('seed')
    const before = parent.fork('orders').next()
    parent.next()
    expect(parent.fork('orders').next()).toBe(before)
    expect(parent.fork('customers').next()).not.toBe(before)
  })

  it('draws by weight, and never what weighs nothing', () => {
    const random = makeRandom('weights')
    const seen = new Set(Array.from({ length: 300 }, () => random.weighted([5, 0, 1])))
    expect([...seen].sort()).toEqual([0, 2])
  })

  it('says so when there is nothing to pick', () => {
    expect(() => makeRandom('x').pick([])).toThrow(RangeError)
  })
})
