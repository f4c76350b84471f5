import type { Catalog } from '../catalog/catalog.ts'
import { keptByBoth } from './kept.ts'
import { compilePattern } from './patterns.ts'
import type { Policy } from './policy.ts'

/** Columns that a label names and the database does not have, as they were written: a slip of the pen there would leave a column in clear. */
export const unmatchedColumns = keptByBoth(find)

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
