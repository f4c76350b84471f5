import type { Catalog } from '../../catalog/catalog.ts'
import { EMPTY, type Item, type Level } from '../scope.ts'
import { as, namesOf } from '../tree.ts'
import { computed, type Value } from '../value.ts'
import { parseText } from './body-texts.ts'

/** A name in a body that is no column. `type`: as it was declared, where that names a type. */
export interface Variable {
  readonly name: string
  readonly type: string | undefined
}

/**
 * The variables of a body as the outermost level. A name that could be a column or a row of a query is taken for that, which is found nearer.
 * `labels`: what variables may be qualified with, such as the function's own name and the labels of blocks.
 */
export function levelOf(variables: readonly Variable[], labels: readonly string[], catalog: Catalog): Level {
  const items = new Map<string, Item>()
  for (const name of labels)
    items.set(
      name,
      itemOf(name, 0, () => 0),
    )
  for (const { name, type } of variables) {
    const oid = items.has(name) || type === undefined ? 0 : typeNamed(type, catalog)
    const row = catalog.relation(catalog.type(oid)?.relation ?? 0)
    items.set(
      name,
      itemOf(name, oid, (field) => row?.column(field)?.type ?? 0),
    )
  }
  return { ...EMPTY, items: [...items.values()], parent: undefined }
}

/** What was put in it cannot be told from here. */
const anything = (type: number): Value => ({ ...computed(type), known: false })

function itemOf(name: string, type: number, typeOf: (field: string) => number): Item {
  return {
    name,
    bare: false,
    variable: true,
    relations: [],
    column: (field) => anything(typeOf(field)),
    all: () => [],
    open: true,
    whole: () => anything(type),
  }
}

/** `pg_type.oid` if the words mean one type only; otherwise 0. */
export function typeNamed(words: string, catalog: Catalog): number {
  const target = as(parseText(`SELECT NULL::${words}`)?.[0], 'SelectStmt')?.targetList?.[0]
  const name = as(as(target, 'ResTarget')?.val, 'TypeCast')?.typeName
  const names = namesOf(name?.names)
  const found = catalog.typesNamed(names.at(-1) ?? '').filter((type) => names.length === 1 || type.schema === names.at(-2))
  const [only] = found
  if (found.length !== 1 || only === undefined) return 0
  return (name?.arrayBounds ?? []).length === 0 ? only.oid : only.array
}
