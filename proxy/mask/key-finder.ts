import type { KeyFormat } from './api-keys.ts'
import { ALNUM, BYTE_CLASS, TOKEN } from './byte-class.ts'

/** Below this a prefix is too ordinary to be believed in the middle of a word. */
const DISTINCTIVE = 6

/** Shortest key, prefix included: the prefilter looks for runs of such length. */
export const SHORTEST_KEY = 20

interface Candidate {
  readonly prefix: Buffer
  readonly body: number
  readonly min: number
  readonly bounded: boolean
}

export interface KeyFinder {
  find(src: Uint8Array, start: number, end: number, found: (start: number, end: number) => void): void
  /** Where the first run begins that `find` may find something in: of `SHORTEST_KEY` token bytes with a known prefix. `end` where there is none. */
  firstIn(src: Uint8Array, start: number, end: number): number
}

/** `accept` looks at a whole hit, for formats that need more than their bytes' class. */
export function keyFinder(formats: readonly KeyFormat[], accept?: (src: Uint8Array, start: number, end: number) => boolean): KeyFinder {
  const byPair = new Map<number, Candidate[]>()
  const pairs = new Uint8Array(65_536)
  for (const format of formats) {
    const prefix = Buffer.from(format.prefix, 'latin1')
    const pair = (prefix[0]! << 8) | prefix[1]!
    pairs[pair] = 1
    const list = byPair.get(pair) ?? []
    list.push({ prefix, body: format.body, min: format.min, bounded: prefix.length < DISTINCTIVE })
    byPair.set(pair, list)
  }

  /** Where the longest key that begins at `at` ends, or 0. */
  function keyAt(src: Uint8Array, at: number, start: number, end: number): number {
    let stop = 0
    for (const candidate of byPair.get((src[at]! << 8) | src[at + 1]!) ?? []) {
      if (!startsWith(src, at, end, candidate.prefix)) continue
      if (candidate.bounded && at > start && (BYTE_CLASS[src[at - 1]!]! & ALNUM) !== 0) continue
      const body = at + candidate.prefix.length
      let i = body
      while (i < end && (BYTE_CLASS[src[i]!]! & candidate.body) !== 0) i++
      if (i - body >= candidate.min && i > stop && (accept === undefined || accept(src, at, i))) stop = i
    }
    return stop
  }

  function find(src: Uint8Array, start: number, end: number, found: (start: number, end: number) => void): void {
    for (let at = start; at + 1 < end; at++) {
      if (pairs[(src[at]! << 8) | src[at + 1]!] === 0) continue
      const stop = keyAt(src, at, start, end)
      if (stop === 0) continue
      found(at, stop)
      at = stop - 1
    }
  }

  function firstIn(src: Uint8Array, start: number, end: number): number {
    // Every run of SHORTEST_KEY bytes holds exactly one of these places.
    for (let i = start + SHORTEST_KEY - 1; i < end; i += SHORTEST_KEY) {
      if ((BYTE_CLASS[src[i]!]! & TOKEN) === 0) continue
      let left = i
      while (left > start && (BYTE_CLASS[src[left - 1]!]! & TOKEN) !== 0) left--
      let right = i + 1
      while (right < end && (BYTE_CLASS[src[right]!]! & TOKEN) !== 0) right++
      if (right - left >= SHORTEST_KEY && hasPrefix(src, left, right)) return left
      // The rest of this run has been looked at.
      if (right > i + SHORTEST_KEY) i += Math.floor((right - i - 1) / SHORTEST_KEY) * SHORTEST_KEY
    }
    return end
  }

  function hasPrefix(src: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at + 1 < end; at++) {
      const pair = (src[at]! << 8) | src[at + 1]!
      if (pairs[pair] === 0) continue
      for (const candidate of byPair.get(pair) ?? []) if (startsWith(src, at, end, candidate.prefix)) return true
    }
    return false
  }

  return { find, firstIn }
}

function startsWith(src: Uint8Array, at: number, end: number, prefix: Buffer): boolean {
  if (at + prefix.length > end) return false
  for (let i = 0; i < prefix.length; i++) if (src[at + i] !== prefix[i]) return false
  return true
}
