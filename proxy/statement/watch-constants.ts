import type { LiftedText } from './lift-constants.ts'

/**
 * Sees which of a text's lifted constants its analysis depends on. Every constant of the tree that stands where a lifted one does is
 * given a getter; what the analysis reads is `pinned`, and so is what the tree holds in another form (an option, a type's modifier), since
 * nobody would see it being read.
 */
export function watchConstants(tree: unknown, text: Buffer, lifted: LiftedText): () => readonly number[] {
  const { count } = lifted
  const found = new Uint8Array(count)
  const read = new Uint8Array(count)
  const placeOf = new Map(Array.from({ length: count }, (_, i) => [lifted.starts[i], i]))
  const stack: unknown[] = [tree]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (typeof part !== 'object' || part === null) continue
    const { A_Const: constant } = part as { A_Const?: Constant }
    if (constant !== undefined) watch(constant)
    else for (const one of Object.values(part)) stack.push(one)
  }
  return () => Array.from({ length: count }, (_, i) => i).filter((i) => found[i] === 0 || read[i] === 1)

  function watch(constant: Constant): void {
    const place = placeOf.get(digitsOf(text, constant.location ?? 0))
    if (place === undefined) return
    for (const [kind, value] of Object.entries(constant)) {
      if (typeof value !== 'object' || value === null) continue
      const held = (value as Record<string, unknown>)[kind]
      Object.defineProperty(value, kind, {
        enumerable: true,
        get: () => {
          read[place] = 1
          return held
        },
      })
      found[place] = 1
    }
  }
}

/** A negative number stands, in the tree, where its sign does. */
function digitsOf(text: Buffer, location: number): number {
  if (text[location] !== 0x2d) return location
  let at = location + 1
  while (text[at] === 0x20) at++
  return at
}

interface Constant {
  readonly location?: number
  readonly [kind: string]: unknown
}
