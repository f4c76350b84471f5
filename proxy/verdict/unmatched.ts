import type { Catalog } from '../catalog/catalog.ts'
import { compilePattern } from './patterns.ts'
import type { Policy } from './policy.ts'

const kept = new WeakMap<Policy, WeakMap<Catalog, readonly string[]>>()

/** Columns that a label names and the database does not have, as they were written: a slip of the pen there would leave a column in clear. */
export function unmatchedColumns(policy: Policy, catalog: Catalog): readonly string[] {
  let perCatalog = kept.get(policy)
  if (perCatalog === undefined) {
    perCatalog = new WeakMap()
    kept.set(policy, perCatalog)
  }
  let unmatched = perCatalog.get(catalog)
  if (unmatched === undefined) {
    unmatched = find(policy, catalog)
    perCatalog.set(catalog, unmatched)
  }
  return unmatched
}

function find(policy: Policy, catalog: Catalog): readonly string[] {
  const open = new Map(policy.sensitive.flatMap((label) => label.columns.map((column) => [column, compilePattern(column)] as const)))
  for (const relation of catalog.relations()) {
    for (const column of relation.columns) {
      for (const [written, matches] of open) if (matches([relation.schema, relation.name, column.name])) open.delete(written)
    }
    if (open.size === 0) break
  }
  return [...open.keys()]
}
