import { qualify } from './build.ts'
import type { AttachedCode, CatalogColumn, ForeignKey, Relation, RelationKind } from './catalog.ts'

export interface RelationParts {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  readonly columns: readonly CatalogColumn[]
  readonly rowType: number
  readonly system: boolean
  readonly temporary?: boolean
  readonly definition?: string | undefined
  readonly rewrites?: boolean
  readonly parents?: readonly number[]
  readonly children?: readonly number[]
  readonly foreignKeys?: readonly ForeignKey[]
  readonly attached?: readonly AttachedCode[]
  readonly remote?: string | undefined
}

/** The columns that every table has without naming them (PostgreSQL manual, section 5.6). */
export const SYSTEM_COLUMNS: readonly CatalogColumn[] = [
  { attnum: -1, name: 'ctid', type: 27, remoteName: undefined },
  { attnum: -2, name: 'xmin', type: 28, remoteName: undefined },
  { attnum: -3, name: 'cmin', type: 29, remoteName: undefined },
  { attnum: -4, name: 'xmax', type: 28, remoteName: undefined },
  { attnum: -5, name: 'cmax', type: 29, remoteName: undefined },
  { attnum: -6, name: 'tableoid', type: 26, remoteName: undefined },
]

const NONE: readonly never[] = Object.freeze([])

export function makeRelation(parts: RelationParts): Relation {
  const columns = parts.columns
  let index: Map<string, CatalogColumn> | undefined
  return {
    oid: parts.oid,
    schema: parts.schema,
    name: parts.name,
    label: qualify(parts.schema, parts.name),
    kind: parts.kind,
    columns,
    column: (name) => {
      index ??= new Map([...SYSTEM_COLUMNS, ...columns].map((column) => [column.name, column]))
      return index.get(name)
    },
    rowType: parts.rowType,
    system: parts.system,
    temporary: parts.temporary ?? false,
    definition: parts.definition,
    rewrites: parts.rewrites ?? false,
    parents: parts.parents ?? NONE,
    children: parts.children ?? NONE,
    foreignKeys: parts.foreignKeys ?? NONE,
    attached: parts.attached ?? NONE,
    remote: parts.remote,
  }
}
