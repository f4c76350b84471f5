import type { CatalogColumn, Relation } from '../catalog/catalog.ts'
import type { FollowedLabel, Policy, SensitiveLabel } from './policy.ts'

/** The labels that have followed to a column. */
export interface FollowedLabels {
  of(relation: Relation, column: CatalogColumn): readonly SensitiveLabel[]
}

const NONE: readonly SensitiveLabel[] = Object.freeze([])

/** Those of a policy. A label that the policy has no more by its name is none. */
export function followedLabels(policy: Policy): FollowedLabels {
  const byOid = new Map<number, FollowedLabel[]>()
  const byName = new Map<string, FollowedLabel[]>()
  for (const one of policy.followed ?? []) {
    if (one.oid === 0) put(byName, one.name, one)
    else put(byOid, one.oid, one)
  }
  return {
    of(relation, column) {
      const there = byOid.get(relation.oid)
      const named = byName.get(relation.name)
      if (there === undefined && named === undefined) return NONE
      const found: SensitiveLabel[] = []
      for (const one of there ?? []) if (isMeant(one, column)) add(one, found)
      for (const one of named ?? []) if ((one.schema ?? relation.schema) === relation.schema && isMeant(one, column)) add(one, found)
      return found
    },
  }

  function add(one: FollowedLabel, found: SensitiveLabel[]): void {
    const label = policy.sensitive.find((label) => label.label === one.label)
    if (label !== undefined) found.push(one.plain ? label : asComputed(label))
  }
}

const computed = new WeakMap<SensitiveLabel, SensitiveLabel>()

/** The same label on what was computed: the last characters of that may be others of the value. */
export function asComputed(label: SensitiveLabel): SensitiveLabel {
  if (label.mask !== 'partial') return label
  let made = computed.get(label)
  if (made === undefined) {
    made = Object.freeze({ ...label, mask: 'redact' })
    computed.set(label, made)
  }
  return made
}

function isMeant(one: FollowedLabel, column: CatalogColumn): boolean {
  return one.attnum === 0 ? one.column === '*' || one.column === column.name : one.attnum === column.attnum
}

function put<K>(map: Map<K, FollowedLabel[]>, key: K, one: FollowedLabel): void {
  const there = map.get(key)
  if (there === undefined) map.set(key, [one])
  else there.push(one)
}
