import type { Catalog, CatalogColumn, Relation } from '../catalog/catalog.ts'
import { isLookedThrough } from '../statement/relations.ts'
import { systemColumn } from '../statement/system-columns.ts'
import { viewsOf } from '../statement/views.ts'
import { asComputed, followedLabels } from './followed.ts'
import { keptByBoth } from './kept.ts'
import { compilePattern, splitName } from './patterns.ts'
import type { Policy, SensitiveLabel } from './policy.ts'

/** Which columns are sensitive, for one policy and catalog. */
export interface Labels {
  /** The first label, in the policy's order. `attnum` 0: any in the row. PostgreSQL's own sensitive columns have the label `system`. */
  of(oid: number, attnum: number): SensitiveLabel | undefined
  /** Every label. */
  all(oid: number, attnum: number): readonly SensitiveLabel[]
  /** False when nothing can be sensitive. PostgreSQL's own catalogs always have something. */
  readonly any: boolean
}

/** Samples and statements of others in PostgreSQL's catalogs: nulled, since NULL is legal in every type. */
export const SYSTEM_LABEL: SensitiveLabel = Object.freeze({ label: 'system', mask: 'null', columns: [] })

const NONE: readonly SensitiveLabel[] = Object.freeze([])

/**
 * Labels follow a value wherever the catalog says it lies: views and materialized views (by their definitions), partitions and inheritance
 * both ways, columns of a composite type that has a labelled column, foreign tables (by their options), foreign keys that point to it, generated
 * columns, and whatever the policy says that a label has followed to.
 * Kept by the identity of both. The parser must have been loaded.
 */
export const compileLabels = keptByBoth(buildLabels)

function buildLabels(policy: Policy, catalog: Catalog): Labels {
  const rules = policy.sensitive.map((label) => ({ label, patterns: label.columns.map(compilePattern) }))
  const followed = followedLabels(policy)
  const perRelation = new Map<number, Map<number, readonly SensitiveLabel[]>>()

  const all = (oid: number, attnum: number): readonly SensitiveLabel[] => {
    let columns = perRelation.get(oid)
    if (columns === undefined) {
      // A relation that is met again while it is being worked out adds nothing: what it has is being gathered already.
      columns = new Map()
      perRelation.set(oid, columns)
      const relation = catalog.relation(oid)
      if (relation !== undefined) columns = gather(relation)
      perRelation.set(oid, columns)
    }
    return columns.get(attnum) ?? NONE
  }
  return { all, of: (oid, attnum) => all(oid, attnum)[0], any: true }

  function gather(relation: Relation): Map<number, readonly SensitiveLabel[]> {
    const columns = new Map<number, readonly SensitiveLabel[]>()
    const family = familyOf(catalog, relation)
    const row = new Set<SensitiveLabel>()
    for (const [place, column] of relation.columns.entries()) {
      const found = new Set<SensitiveLabel>()
      for (const one of family) {
        const same = one === relation ? column : one.column(column.name)
        if (same !== undefined && same.attnum > 0) direct(one, same, found)
      }
      if (isLookedThrough(relation)) {
        const value = viewsOf(catalog)(relation).columns[place]?.value
        for (const source of value?.sources ?? []) {
          const labels = all(source.oid, source.attnum)
          add(found, value?.plain === true && source.plain ? labels : labels.map(asComputed))
        }
      }
      if (found.size > 0) columns.set(column.attnum, inOrder(found))
    }
    for (const column of relation.columns) generate(column, columns)
    for (const labels of columns.values()) add(row, labels)
    if (row.size > 0) columns.set(0, inOrder(row))
    return columns
  }

  /** A generated column is made of others of its table, none of which is generated. */
  function generate(column: CatalogColumn, columns: Map<number, readonly SensitiveLabel[]>): void {
    const found = new Set<SensitiveLabel>()
    for (const attnum of column.generatedFrom ?? []) add(found, (columns.get(attnum) ?? NONE).map(asComputed))
    if (found.size === 0) return
    add(found, columns.get(column.attnum) ?? NONE)
    columns.set(column.attnum, inOrder(found))
  }

  function direct(relation: Relation, column: CatalogColumn, found: Set<SensitiveLabel>): void {
    if (catalog.before !== undefined) add(found, compileLabels(policy, catalog.before).all(relation.oid, column.attnum))
    const names = [relation.schema, relation.name, column.name]
    const remote = relation.remote === undefined ? undefined : [...splitName(relation.remote), column.remoteName ?? column.name]
    for (const { label, patterns } of rules) {
      if (patterns.some((pattern) => pattern(names) || (remote !== undefined && pattern(remote)))) found.add(label)
    }
    add(found, followed.of(relation, column))
    if (systemColumn(relation, column.attnum) !== undefined) found.add(SYSTEM_LABEL)
    const row = rowOf(catalog, column.type)
    if (row !== undefined && row.oid !== relation.oid) add(found, all(row.oid, 0))
    for (const key of relation.foreignKeys) {
      const place = key.columns.indexOf(column.attnum)
      const target = key.targetColumns[place]
      if (place !== -1 && target !== undefined && key.target !== relation.oid) add(found, all(key.target, target))
    }
  }

  function inOrder(found: ReadonlySet<SensitiveLabel>): readonly SensitiveLabel[] {
    const ordered = policy.sensitive.flatMap((label) =>
      [label, asComputed(label)].filter((one, i) => found.has(one) && (i === 0 || one !== label)),
    )
    return found.has(SYSTEM_LABEL) ? [...ordered, SYSTEM_LABEL] : ordered
  }
}

function add(found: Set<SensitiveLabel>, labels: readonly SensitiveLabel[]): void {
  for (const label of labels) found.add(label)
}

/** The relation whose row a type holds, through arrays and domains. */
function rowOf(catalog: Catalog, oid: number): Relation | undefined {
  let type = catalog.type(oid)
  for (let depth = 0; type !== undefined && depth < 16; depth += 1) {
    if (type.kind === 'composite') return catalog.relation(type.relation)
    const below = type.kind === 'array' ? type.element : type.base
    if (below === undefined) return undefined
    type = catalog.type(below)
  }
  return undefined
}

/** Itself and all that inherit from it or that it inherits from: their rows are read through each other. */
export function familyOf(catalog: Catalog, relation: Relation): readonly Relation[] {
  if (relation.parents.length === 0 && relation.children.length === 0) return [relation]
  const family = new Set<Relation>([relation])
  for (const one of family) {
    for (const oid of [...one.parents, ...one.children]) {
      const relative = catalog.relation(oid)
      if (relative !== undefined) family.add(relative)
    }
  }
  return [...family]
}
