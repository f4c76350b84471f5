import type { KeyPath } from './document.ts'

export interface NamedLeaf {
  readonly path: KeyPath
  /** `connections.shop.password`: entries of a list by their `name`, so that a place stays the same when its list is sorted anew. */
  readonly place: string
  readonly text: string
}

/** Every text of a configuration's value, with where it stands. */
export function* namedLeaves(value: unknown, path: KeyPath = [], place: readonly string[] = []): Generator<NamedLeaf> {
  if (typeof value === 'string') yield { path, place: JSON.stringify(place), text: value }
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* namedLeaves(item, [...path, i], [...place, nameOf(item, i)])
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) yield* namedLeaves(item, [...path, key], [...place, key])
  }
}

function nameOf(item: unknown, index: number): string {
  const name = item !== null && typeof item === 'object' && 'name' in item ? item.name : undefined
  return typeof name === 'string' ? `=${name}` : String(index)
}
