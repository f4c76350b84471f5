import type { Catalog } from '../catalog/catalog.ts'
import type { LiftedText } from './lift-constants.ts'

/** Answers for all texts that differ in nothing but constants which the answer does not depend on. */
export interface Alike<T> {
  find(catalog: Catalog, text: Buffer, lifted: LiftedText): Found<T> | undefined
  /** `pinned`: the constants that the answer depends on, by their place among the lifted. */
  keep(catalog: Catalog, text: Buffer, lifted: LiftedText, pinned: readonly number[], value: T): void
}

export interface Found<T> {
  readonly value: T
  readonly moved: Moved | undefined
}

/**
 * How offsets of one text become those of another: pairs of an offset in the first, and by how much all from there on stands further
 * along in the other (until the next pair).
 */
export type Moved = readonly number[]

interface Kept<T> {
  readonly ends: Int32Array
  readonly value: T
}

/** Answers that depend on the same constants, by what those are. */
interface Dependent<T> {
  readonly pinned: readonly number[]
  readonly answers: Map<string, Kept<T>>
}

interface Shape<T> {
  readonly bytes: Buffer
  /** The answer, where it depends on no constant. */
  plain: Kept<T> | undefined
  readonly dependents: Dependent<T>[]
  /** Bytes, roughly. */
  cost: number
  /** Another shape of the same hash. */
  readonly next: Shape<T> | undefined
}

/** Sets of constants that one shape's answers have been seen to depend on; beyond these, its texts are read each for itself. */
const MAX_DEPENDENTS = 4
/** Shapes of one hash: it is no secret, and nobody shall make us search for long. */
const MAX_CHAIN = 8
/** Facts are some times as long as the text that they are about. */
const COST_PER_BYTE = 8

/**
 * Keeps answers up to `maxBytes`, for the catalog they were made for; the oldest half goes when it is full.
 *
 * Why an answer may be shared: the analysis is a function of the shape and of the constants it reads, one after the other. Where it read
 * the constants `pinned` and another text has the same there, it would read the same ones and come to the same answer.
 */
export function createAlike<T>(maxBytes: number): Alike<T> {
  const perCatalog = new WeakMap<Catalog, Generations<T>>()
  return {
    find(catalog, text, lifted) {
      const shape = perCatalog.get(catalog)?.find(lifted)
      if (shape === undefined) return undefined
      if (shape.plain !== undefined) return found(shape.plain, lifted)
      for (const { pinned, answers } of shape.dependents) {
        const kept = answers.get(valuesOf(text, lifted, pinned))
        if (kept !== undefined) return found(kept, lifted)
      }
      return undefined
    },
    keep(catalog, text, lifted, pinned, value) {
      let generations = perCatalog.get(catalog)
      if (generations === undefined) {
        generations = new Generations(maxBytes)
        perCatalog.set(catalog, generations)
      }
      const shape = generations.find(lifted) ?? generations.add(lifted)
      if (shape === undefined) return
      const kept = { ends: lifted.ends.slice(0, lifted.count), value }
      generations.charge(shape, text.length * COST_PER_BYTE + 512)
      if (pinned.length === 0) shape.plain = kept
      else dependentOn(shape, pinned)?.answers.set(valuesOf(text, lifted, pinned), kept)
    },
  }
}

function dependentOn<T>(shape: Shape<T>, pinned: readonly number[]): Dependent<T> | undefined {
  const known = shape.dependents.find((one) => one.pinned.length === pinned.length && one.pinned.every((place, i) => place === pinned[i]))
  if (known !== undefined) return known
  if (shape.dependents.length === MAX_DEPENDENTS) return undefined
  const dependent = { pinned, answers: new Map<string, Kept<T>>() }
  shape.dependents.push(dependent)
  return dependent
}

/** What the pinned constants are: a NUL parts them, since no text holds one. */
function valuesOf(text: Buffer, lifted: LiftedText, pinned: readonly number[]): string {
  let values = ''
  for (const i of pinned) values += `${text.toString('latin1', lifted.starts[i], lifted.ends[i])}\0`
  return values
}

function found<T>(kept: Kept<T>, lifted: LiftedText): Found<T> {
  return { value: kept.value, moved: movedBetween(kept.ends, lifted) }
}

function movedBetween(ends: Int32Array, lifted: LiftedText): Moved | undefined {
  let moved: number[] | undefined
  let by = 0
  for (let i = 0; i < ends.length; i++) {
    const further = (lifted.ends[i] as number) - (ends[i] as number)
    if (further === by) continue
    by = further
    moved ??= []
    moved.push(ends[i] as number, by)
  }
  return moved
}

/** The offset in the other text. */
export function moveOffset(moved: Moved, offset: number): number {
  let by = 0
  for (let i = 0; i < moved.length && (moved[i] as number) <= offset; i += 2) by = moved[i + 1] as number
  return offset + by
}

/** Shapes by a hash over some of their bytes; all are compared in the end. What is asked for stays, the rest goes with its half. */
class Generations<T> {
  readonly #half: number
  #young = new Map<number, Shape<T>>()
  #old = new Map<number, Shape<T>>()
  #cost = 0

  constructor(maxBytes: number) {
    this.#half = maxBytes / 2
  }

  find(lifted: LiftedText): Shape<T> | undefined {
    const hash = hashOf(lifted)
    const shape = among(this.#young.get(hash), lifted)
    if (shape !== undefined || this.#old.size === 0) return shape
    const old = this.#old.get(hash)
    const again = among(old, lifted)
    if (old === undefined || again === undefined || this.#young.has(hash)) return again
    this.#old.delete(hash)
    this.#young.set(hash, old)
    this.charge(old, 0)
    return again
  }

  add(lifted: LiftedText): Shape<T> | undefined {
    const hash = hashOf(lifted)
    const next = this.#young.get(hash)
    if (lengthOf(next) === MAX_CHAIN) return undefined
    const bytes = Buffer.from(lifted.shape.subarray(0, lifted.length))
    const shape: Shape<T> = { bytes, plain: undefined, dependents: [], cost: 0, next }
    this.#young.set(hash, shape)
    return shape
  }

  charge(shape: Shape<T>, cost: number): void {
    shape.cost += cost
    this.#cost += cost === 0 ? shape.cost : cost
    if (this.#cost < this.#half) return
    this.#old = this.#young
    this.#young = new Map()
    this.#cost = 0
  }
}

function among<T>(first: Shape<T> | undefined, { shape, length }: LiftedText): Shape<T> | undefined {
  let one = first
  while (one !== undefined && (one.bytes.length !== length || one.bytes.compare(shape, 0, length) !== 0)) one = one.next
  return one
}

function lengthOf(first: Shape<unknown> | undefined): number {
  let length = 0
  for (let one = first; one !== undefined; one = one.next) length++
  return length
}

/** FNV-1a over up to 64 bytes, evenly spread, and the length. A small integer, which is the quickest key. */
function hashOf({ shape, length }: LiftedText): number {
  let hash = 0x811c9dc5 ^ length
  const step = (length >> 6) + 1
  for (let at = 0; at < length; at += step) hash = Math.imul(hash ^ (shape[at] as number), 0x01000193)
  return hash >>> 2
}
