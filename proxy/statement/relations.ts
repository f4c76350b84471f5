import type { RangeVar } from '@pgsql/types'
import type { Catalog, Relation } from '../catalog/catalog.ts'
import { type Context, spend } from './context.ts'
import { type Doing, reportAttached } from './routines/attached.ts'
import { type Item, matchesSchema } from './scope.ts'
import { at } from './tree.ts'
import { derive, either, type NamedValue, RECORD, unknownValue, type Value } from './value.ts'

/** Everything that the name may mean. */
export function candidates(catalog: Catalog, schema: string | undefined, name: string, pinned: boolean): readonly Relation[] {
  const all = catalog.relationsNamed(name).filter((relation) => relation.kind !== 'c')
  if (schema !== undefined && schema !== '') return all.filter((relation) => matchesSchema(relation, schema))
  // A definition leaves out the schema of what is found first in any path.
  if (pinned) return all.filter((relation) => relation.schema === 'pg_catalog' || relation.temporary)
  const own = all.filter((relation) => relation.schema === 'pg_catalog')
  // Temporary tables are searched even before pg_catalog.
  if (own.length > 0 && catalog.systemFirst) return [...own, ...all.filter((relation) => relation.temporary)]
  const others = all.filter((relation) => relation.schema !== 'information_schema' && relation.kind !== 't')
  return others.length > 0 ? others : all
}

/** Names a relation: reports it, looks through views, and gives its columns. `access` is what is done to the relation itself. */
export function nameRelation(
  cx: Context,
  node: RangeVar,
  access: 'read' | 'write',
  doing: Doing = access === 'read' ? READING : NOTHING,
): Item {
  spend(cx)
  const { run } = cx
  const name = node.relname ?? ''
  const schema = node.schemaname
  const offset = at(node.location)
  const found = candidates(run.catalog, schema, name, run.pinned)
  if (found.length === 0) {
    run.facts.unknown(`relation "${schema === undefined ? name : `${schema}.${name}`}"`, false, offset)
  }
  for (const relation of found) report(cx, relation, access, offset, name.length, doing)
  const alias = node.alias?.aliasname
  const renames = (node.alias?.colnames ?? []).map((one) => (one as { String?: { sval?: string } }).String?.sval ?? '')
  return itemOfRelations(cx, found, alias ?? name, alias === undefined, renames)
}

/** The columns of what a name means, for a statement that reports it by itself. */
export function peekRelation(cx: Context, node: RangeVar): Item {
  spend(cx)
  const name = node.relname ?? ''
  return itemOfRelations(cx, candidates(cx.run.catalog, node.schemaname, name, false), node.alias?.aliasname ?? name, true, [])
}

const READING: Doing = ['read']
const NOTHING: Doing = []

function report(cx: Context, relation: Relation, access: 'read' | 'write', offset: number, length: number, doing: Doing): void {
  const { run } = cx
  run.facts.relation(relation, access, { offset, length }, undefined)
  if (relation.kind === 't') run.facts.verb('admin', `${relation.label} is raw storage`, offset)
  if (access === 'write' && relation.system) run.facts.verb('admin', `${relation.label} is PostgreSQL's own catalog`, offset)
  if (access === 'write' && relation.rewrites) run.facts.unknown(`rule on ${relation.label}`, false, offset)
  if (isLookedThrough(relation)) importView(cx, relation, access, offset)
  if (relation.attached.length > 0 || relation.children.length > 0) reportAttached(cx, relation, doing, offset)
}

/** The team's own views; PostgreSQL's own are relations in their own right. */
export function isLookedThrough(relation: Relation): boolean {
  return (relation.kind === 'v' || relation.kind === 'm') && !relation.system && relation.definition !== undefined
}

/** What the view does whenever it is read. A materialized view ran its functions when it was filled, not now. */
function importView(cx: Context, view: Relation, access: 'read' | 'write', offset: number): void {
  const { facts, catalog, shapeOf } = cx.run
  const shape = shapeOf(view)
  const span = { offset, length: 0 }
  if (!shape.known) facts.unknown(`view ${view.label}`, false, offset)
  for (const use of shape.facts.relations) {
    const relation = catalog.relation(use.oid)
    // A materialized view ran its functions when it was filled.
    if (relation === undefined || (view.kind === 'm' && use.by !== undefined && use.access === 'write')) continue
    if (use.by === undefined || use.fn === undefined) facts.relation(relation, access, span, view.label)
    else facts.relation(relation, use.access, span, use.via, use.verb, { by: use.by, fn: use.fn })
  }
  for (const use of shape.facts.columns) {
    const relation = catalog.relation(use.oid)
    if (relation !== undefined && use.how === 'uses') facts.column(relation, use.attnum, 'uses', span)
  }
  if (view.kind === 'm') return
  for (const fn of shape.facts.functions) facts.fn(fn.name, offset)
  for (const unknown of shape.facts.unknowns) facts.unknown(`${unknown.what} (in view ${view.label})`, unknown.code, offset, unknown.fn)
  for (const because of shape.facts.because) facts.verb(because.verb, `${because.what} (in view ${view.label})`, offset)
}

function itemOfRelations(cx: Context, found: readonly Relation[], name: string, bare: boolean, renames: readonly string[]): Item {
  const [only] = found
  if (found.length !== 1 || only === undefined || renames.length > 0) return mergedItem(cx, found, name, bare, renames)
  const columns = columnsOf(cx, only)
  return {
    name,
    bare,
    relations: found,
    column: columns.column,
    all: columns.all,
    open: columns.open,
    whole: columns.whole,
  }
}

/** Several candidates, or renamed columns: a name may mean each candidate's column of that name. */
function mergedItem(cx: Context, found: readonly Relation[], name: string, bare: boolean, renames: readonly string[]): Item {
  const each = found.map((relation) => columnsOf(cx, relation))
  const lists = each.map((one) => one.all().map((column, place) => ({ ...column, name: renames[place] ?? column.name })))
  const [first] = lists
  const sameNames =
    first !== undefined && lists.every((list) => list.length === first.length && list.every((one, i) => one.name === first[i]?.name))
  const names = sameNames ? first.map((one) => one.name) : [...new Set(lists.flat().map((one) => one.name))]
  const column = (wanted: string): Value | undefined => {
    const values = lists.map(
      (list, i) => list.find((one) => one.name === wanted)?.value ?? (renames.length === 0 ? each[i]?.column(wanted) : undefined),
    )
    const present = values.filter((value) => value !== undefined)
    return present.length === 0 ? undefined : either(present)
  }
  return {
    name,
    bare,
    relations: found,
    column,
    all: () => names.map((one): NamedValue => ({ name: one, value: column(one) ?? unknownValue() })),
    open: found.length === 0 || !sameNames || each.some((one) => one.open),
    whole: () => either(each.map((one) => one.whole())),
  }
}

interface Columns {
  readonly column: (name: string) => Value | undefined
  readonly all: () => readonly NamedValue[]
  readonly open: boolean
  readonly whole: () => Value
}

function columnsOf(cx: Context, relation: Relation): Columns {
  return isLookedThrough(relation) ? columnsOfView(cx, relation) : columnsOfTable(relation)
}

function columnsOfTable(relation: Relation): Columns {
  const value = (attnum: number, type: number): Value => ({
    sources: [{ oid: relation.oid, attnum, plain: true }],
    plain: true,
    known: true,
    type,
  })
  return {
    column: (name) => {
      const column = relation.column(name)
      return column === undefined ? undefined : value(column.attnum, column.type)
    },
    all: () => relation.columns.map((column) => ({ name: column.name, value: value(column.attnum, column.type) })),
    open: false,
    whole: () => ({
      sources: [{ oid: relation.oid, attnum: 0, plain: false }],
      plain: false,
      known: true,
      type: relation.rowType || RECORD,
    }),
  }
}

/** Its own column, and all that this column is made of. */
function columnsOfView(cx: Context, view: Relation): Columns {
  const shape = cx.run.shapeOf(view)
  const value = (place: number, attnum: number, type: number): Value => {
    const below = shape.columns[place]?.value ?? unknownValue()
    return { ...below, sources: [{ oid: view.oid, attnum, plain: true }, ...below.sources], type }
  }
  const all = (): NamedValue[] =>
    view.columns.map((column, place) => ({ name: column.name, value: value(place, column.attnum, column.type) }))
  return {
    column: (name) => {
      const place = view.columns.findIndex((column) => column.name === name)
      const column = view.columns[place]
      if (column !== undefined) return value(place, column.attnum, column.type)
      const system = view.column(name)
      return system === undefined ? undefined : { sources: [], plain: false, known: true, type: system.type }
    },
    all,
    open: false,
    whole: () => {
      const below = derive(
        all().map((column) => column.value),
        view.rowType || RECORD,
      )
      return { ...below, sources: [{ oid: view.oid, attnum: 0, plain: false }, ...below.sources] }
    },
  }
}
