import type { Catalog } from '../catalog/catalog.ts'
import { createFactsCache } from './facts-cache.ts'
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

/** Sets of constants that one shape's answers have been seen to depend on; beyond these, its texts are read each for itself. */
const MAX_DEPENDENCIES = 4

interface Kept<T> {
  readonly ends: readonly number[]
  readonly lengths: readonly number[]
  readonly value: T
}

/** One shape: either a single answer that depends on no constant, or the sets of those that its answers depend on. */
interface Shape<T> {
  plain: Kept<T> | undefined
  readonly dependencies: (readonly number[])[]
}

/**
 * Why an answer may be shared: the analysis is a function of the shape and of the constants it reads, one after the other. Where it read
 * the constants `pinned` and another text has the same there, it would read the same ones and come to the same answer.
 */
export function createAlike<T>(maxBytes: number, maxEntries: number): Alike<T> {
  const shapes = createFactsCache<Shape<T>>(maxBytes, maxEntries)
  const answers = createFactsCache<Kept<T>>(maxBytes, maxEntries)
  return {
    find(catalog, text, lifted) {
      const shape = shapes.get(catalog, lifted.shape)
      if (shape === undefined) return undefined
      if (shape.plain !== undefined) return found(shape.plain, lifted)
      for (const pinned of shape.dependencies) {
        const kept = answers.get(catalog, pinnedKey(text, lifted, pinned))
        if (kept !== undefined) return found(kept, lifted)
      }
      return undefined
    },
    keep(catalog, text, lifted, pinned, value) {
      let shape = shapes.get(catalog, lifted.shape)
      if (shape === undefined) {
        shape = { plain: undefined, dependencies: [] }
        shapes.set(catalog, lifted.shape, shape)
      }
      const kept = { ends: lifted.ends, lengths: lengthsOf(lifted), value }
      if (pinned.length === 0) {
        shape.plain = kept
        return
      }
      const name = pinned.join()
      if (!shape.dependencies.some((one) => one.join() === name)) {
        if (shape.dependencies.length === MAX_DEPENDENCIES) return
        shape.dependencies.push(pinned)
      }
      answers.set(catalog, pinnedKey(text, lifted, pinned), kept)
    },
  }
}

function found<T>(kept: Kept<T>, lifted: LiftedText): Found<T> {
  return { value: kept.value, moved: movedBetween(kept, lifted) }
}

/** The shape, which constants are fixed, and what they are: a NUL parts them, since no text holds one. */
function pinnedKey(text: Buffer, lifted: LiftedText, pinned: readonly number[]): string {
  let key = lifted.shape
  for (const i of pinned) key += `\0${i}=${text.toString('latin1', lifted.starts[i], lifted.ends[i])}`
  return key
}

const lengthsOf = ({ starts, ends }: LiftedText): number[] => ends.map((end, i) => end - (starts[i] as number))

function movedBetween(kept: Kept<unknown>, lifted: LiftedText): Moved | undefined {
  let moved: number[] | undefined
  let by = 0
  for (let i = 0; i < kept.ends.length; i++) {
    const longer = (lifted.ends[i] as number) - (lifted.starts[i] as number) - (kept.lengths[i] as number)
    if (longer === 0) continue
    by += longer
    moved ??= []
    moved.push(kept.ends[i] as number, by)
  }
  return moved
}

/** The offset in the other text. */
export function moveOffset(moved: Moved, offset: number): number {
  let by = 0
  for (let i = 0; i < moved.length && (moved[i] as number) <= offset; i += 2) by = moved[i + 1] as number
  return offset + by
}
