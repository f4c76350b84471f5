import type { Relation } from '../catalog/catalog.ts'
import { either, type NamedValue, type Value } from './value.ts'

/** One name in FROM: a table, a subquery, a function, a join with an alias. */
export interface Item {
  /** What it is called here; empty when it cannot be named. */
  readonly name: string
  /** Not renamed: may also be named with its schema. */
  readonly bare: boolean
  /** A variable of a body: it gives no unqualified names, and its fields are not written as calls. */
  readonly variable?: true
  readonly relations: readonly Relation[]
  readonly column: (name: string) => Value | undefined
  readonly all: () => readonly NamedValue[]
  /** There may be columns that are not listed. */
  readonly open: boolean
  readonly whole: () => Value
}

/** One query level's FROM. */
export interface Level {
  readonly items: readonly Item[]
  /** Columns that USING or NATURAL made one of. */
  readonly merged: ReadonlyMap<string, Value>
  readonly star: readonly NamedValue[]
  readonly open: boolean
  readonly parent: Level | undefined
}

export const EMPTY: Omit<Level, 'parent'> = { items: [], merged: new Map(), star: [], open: false }

/** An unqualified name: the nearest level that has it answers, and everything there of that name counts. */
export function findColumn(name: string, from: Level | undefined): Value | undefined {
  for (let level = from; level !== undefined; level = level.parent) {
    const merged = level.merged.get(name)
    if (merged !== undefined) return merged
    const found: Value[] = []
    let open = false
    for (const item of level.items) {
      if (item.variable === true) continue
      const value = item.column(name)
      if (value !== undefined) found.push(value)
      else if (item.open) open = true
    }
    if (found.length > 0 && !open) return either(found)
    if (open) return openColumn(name, level, found)
  }
  return undefined
}

/** Something here may have a column of that name, or a level further out has it. */
function openColumn(name: string, level: Level, found: readonly Value[]): Value {
  const wholes = level.items.filter((item) => item.open).map((item) => item.whole())
  const outer = found.length === 0 ? findColumn(name, level.parent) : undefined
  const all = either([...found, ...wholes, ...(outer === undefined ? [] : [outer])])
  return { ...all, plain: false, known: false, type: 0 }
}

/** `customers` in `customers.ssn`: the nearest level that has an item of that name. */
export function findItem(schema: string | undefined, name: string, from: Level | undefined): Item | undefined {
  for (let level = from; level !== undefined; level = level.parent) {
    const found = level.items.filter(
      (item) =>
        item.name === name && (schema === undefined || (item.bare && item.relations.some((relation) => matchesSchema(relation, schema)))),
    )
    if (found.length > 0) return found.length === 1 ? found[0] : mergeItems(found)
  }
  return undefined
}

export function matchesSchema(relation: Relation, schema: string): boolean {
  return relation.schema === schema || (schema === 'pg_temp' && relation.temporary)
}

/** Two of the same name in one FROM (`public.notes, private.notes`): the schema would tell them apart; without it both count. */
function mergeItems(items: readonly Item[]): Item {
  const [first] = items as [Item]
  return {
    ...first,
    relations: items.flatMap((item) => item.relations),
    column: (name) => {
      const found = items.map((item) => item.column(name)).filter((value) => value !== undefined)
      return found.length === 0 ? undefined : either(found)
    },
    all: () => items.flatMap((item) => item.all()),
    open: true,
    whole: () => either(items.map((item) => item.whole())),
  }
}

/** An item whose columns are already known: a subquery, a CTE, a function. `names` rename from the left. */
export function itemOf(options: {
  name: string
  columns: readonly NamedValue[]
  open: boolean
  whole: () => Value
  names?: readonly string[]
}): Item {
  const names = options.names ?? []
  const columns = options.columns.map((column, place) => ({ ...column, name: names[place] ?? column.name }))
  let index: Map<string, Value> | undefined
  return {
    name: options.name,
    bare: false,
    relations: [],
    column: (name) => {
      if (index === undefined) {
        index = new Map()
        for (const column of columns) {
          const same = index.get(column.name)
          index.set(column.name, same === undefined ? column.value : either([same, column.value]))
        }
      }
      return index.get(name)
    },
    all: () => columns,
    open: options.open,
    whole: options.whole,
  }
}
