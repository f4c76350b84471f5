import type { z } from 'zod'
import type { KeyPath } from './document.ts'
import { isSecret } from './scalars.ts'

/** A credential in a configuration's value: where it stands, and the name that the vault keeps it under. */
export interface SecretPlace {
  readonly path: KeyPath
  /** `connections.shop.password`: entries of a list by their `name`, so that it stays the same when the list is sorted anew. */
  readonly name: string
  /** As written: a reference, or the secret itself. */
  readonly text: string
}

type Def = {
  readonly type: string
  readonly innerType?: z.core.$ZodType
  readonly element?: z.core.$ZodType
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly options?: readonly z.core.$ZodType[]
  readonly in?: z.core.$ZodType
}

/** Every text that stands where the schema has a credential. The value may have faults: what has another shape is passed over. */
export function findSecrets(schema: z.core.$ZodType, value: unknown): SecretPlace[] {
  const found: SecretPlace[] = []
  walk(schema, value, [], [])
  // Shapes that may be one or the other have some keys in common.
  return [...new Map(found.map((place) => [JSON.stringify(place.path), place])).values()]

  function walk(here: z.core.$ZodType, node: unknown, path: KeyPath, name: readonly string[]): void {
    if (node === null || node === undefined) return
    if (isSecret(here)) {
      if (typeof node === 'string' && node !== '') found.push({ path, name: name.join('.'), text: node })
      return
    }
    const def = here._zod.def as Def
    if (def.options !== undefined) for (const option of def.options) walk(option, node, path, name)
    else if (def.innerType !== undefined) walk(def.innerType, node, path, name)
    else if (def.element !== undefined && Array.isArray(node)) {
      for (const [i, item] of node.entries()) walk(def.element, item, [...path, i], [...name, nameOf(item, i)])
    } else if (def.shape !== undefined && typeof node === 'object' && !Array.isArray(node)) {
      for (const [key, item] of Object.entries(node)) {
        const next = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined
        if (next !== undefined) walk(next, item, [...path, key], [...name, key])
      }
    } else if (def.in !== undefined) walk(def.in, node, path, name)
  }
}

function nameOf(item: unknown, place: number): string {
  const name = item !== null && typeof item === 'object' && 'name' in item ? item.name : undefined
  return typeof name === 'string' ? name : String(place)
}
