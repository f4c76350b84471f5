/** A small seeded generator (xoshiro128**), so that the shop's data are the same for the same seed on every machine. Not for secrets. */
export interface Random {
  /** A float in [0, 1). */
  next(): number
  /** An integer in [low, high], both included. */
  int(low: number, high: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  /** One of them. Throws `RangeError` if there are none. */
  pick<T>(from: readonly T[]): T
  /** An index, drawn by weight. */
  weighted(weights: readonly number[]): number
  /** That many digits, as text. */
  digits(count: number): string
  /** An independent generator that depends only on the seed and this name, so that one table's rows do not move another's. */
  fork(name: string): Random
}

export function makeRandom(seed: string): Random {
  let [a, b, c, d] = spread(seed)

  function uint32(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }

  const next = () => uint32() / 4294967296
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick(from) {
      if (from.length === 0) throw new RangeError('nothing to pick from')
      return from[Math.floor(next() * from.length)] as (typeof from)[number]
    },
    weighted(weights) {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0)
      for (let index = 0; index < weights.length; index++) {
        left -= weights[index] ?? 0
        if (left < 0) return index
      }
      return weights.length - 1
    },
    digits(count) {
      let text = ''
      for (let index = 0; index < count; index++) text += int(0, 9)
      return text
    },
    fork: (name) => makeRandom(`${seed}/${name}`),
  }
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

/** Four words out of a text: FNV-1a for the text, splitmix32 to spread it. Never all zero. */
function spread(seed: string): [number, number, number, number] {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(seed)) hash = Math.imul(hash ^ byte, 0x01000193)
  const word = () => {
    hash = (hash + 0x9e3779b9) | 0
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return [word(), word(), word(), word() | 1]
}
