import * as m from '../helpers/encode.ts'
import type { RandomSource } from '../helpers/random.ts'

const LENGTHS = [0, 1, 3, 4, 5, -1, -2147483648, 0x7fffffff, 0x3fffffff, 65_536, 1_000_000]

/** One of many ways to spoil bytes: changed, cut, doubled, moved, with lengths forged or noise put between. */
export function mutate(random: RandomSource, bytes: Buffer): Buffer {
  if (bytes.length === 0) return random.bytes(random.below(20))
  const at = random.below(bytes.length)
  const size = 1 + random.below(Math.min(40, bytes.length - at))
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, at + size), bytes.subarray(at + size)]
  switch (random.below(8)) {
    case 0: {
      const changed = Buffer.from(bytes)
      for (let i = random.below(6); i >= 0; i--) changed[random.below(changed.length)] = random.below(256)
      return changed
    }
    case 1:
      return Buffer.concat([before, after])
    case 2:
      return Buffer.concat([before, part, part, after])
    case 3:
      return Buffer.concat([after, part, before])
    case 4:
      return before
    case 5:
      return Buffer.concat([before, random.bytes(size), after])
    case 6:
      return forgeLength(random, bytes)
    default: {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8))
      return flipped
    }
  }
}

/** The length word of one frame replaced, found by walking from the front. */
function forgeLength(random: RandomSource, bytes: Buffer): Buffer {
  const starts: number[] = []
  for (let at = 0; at + 5 <= bytes.length; ) {
    const length = bytes.readInt32BE(at + 1)
    if (length < 4) break
    starts.push(at)
    at += length + 1
  }
  if (starts.length === 0) return bytes
  const forged = Buffer.from(bytes)
  const start = random.pick(starts)
  const honest = forged.readInt32BE(start + 1)
  forged.writeInt32BE(random.below(2) ? random.pick(LENGTHS) : (honest + random.below(9) - 4) | 0, start + 1)
  return forged
}

/** Whole messages that a server may send, at a time when it may not. */
export function strayServerMessage(random: RandomSource): Buffer {
  return random.pick([
    () => m.message('Z', Buffer.from(random.pick(['I', 'T', 'E', 'x']))),
    () => m.message('C', Buffer.from('SELECT 1\0')),
    () => m.message('T', Buffer.concat([Buffer.from([0, random.below(4)]), random.bytes(random.below(60))])),
    () => m.message('D', Buffer.concat([Buffer.from([0, random.below(4)]), random.bytes(random.below(40))])),
    () => m.message('D', Buffer.alloc(300_000, random.below(256))),
    () => m.message('E', Buffer.from('SERROR\0C42601\0Mno\0\0')),
    () => m.message('E', random.bytes(random.below(40))),
    () => m.message('N', random.bytes(random.below(40))),
    () => m.message('S', Buffer.from(random.pick(['client_encoding\0SJIS\0', 'standard_conforming_strings\0off\0', 'a\0b\0', 'a']))),
    () => m.message('A', Buffer.concat([m.int32(1), Buffer.from('c\0p\0')])),
    () => m.message(random.pick(['G', 'H', 'W']), Buffer.from([random.below(2), 0, 1, 0, random.below(2)])),
    () => m.message('R', m.int32(random.below(14))),
    () => m.message('K', random.bytes(8)),
    () => m.message('t', Buffer.concat([Buffer.from([0, 1]), random.bytes(4)])),
    () => m.message(random.pick(['1', '2', '3', 'n', 's', 'I', 'c', 'V', 'v'])),
    () => m.message(String.fromCharCode(random.below(256)), random.bytes(random.below(30))),
  ])()
}
