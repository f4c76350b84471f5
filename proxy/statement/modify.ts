import type { DeleteStmt, InsertStmt, MergeStmt, Node, RangeVar, ReturningClause, UpdateStmt } from '@pgsql/types'
import { carryInto, carryRows } from './carry.ts'
import { type Context, emit, type QueryResult } from './context.ts'
import { bindCtes } from './ctes.ts'
import { evaluate } from './expression.ts'
import { buildLevel } from './from.ts'
import { nameRelation } from './relations.ts'
import type { Doing } from './routines/attached.ts'
import { EMPTY, type Item, type Level } from './scope.ts'
import { selectTargets } from './targets.ts'
import { as, at } from './tree.ts'
import { either, type Value } from './value.ts'
import { emitTargets } from './write-targets.ts'

const NO_ROWS: QueryResult = { columns: [], open: false }

/** INSERT, UPDATE, DELETE, MERGE; undefined if the node is none of them. The result is what RETURNING gives. */
export function modify(node: Node, cx: Context): QueryResult | undefined {
  const insert = as(node, 'InsertStmt')
  if (insert !== undefined) return insertInto(insert, cx)
  const update = as(node, 'UpdateStmt')
  if (update !== undefined) return updateTable(update, cx)
  const remove = as(node, 'DeleteStmt')
  if (remove !== undefined) return deleteFrom(remove, cx)
  const merge = as(node, 'MergeStmt')
  return merge === undefined ? undefined : mergeInto(merge, cx)
}

function target(relation: RangeVar | undefined, cx: Context, what: string, doing: Doing): Item {
  const node = relation ?? {}
  cx.run.facts.verb('write', what, at(node.location))
  return nameRelation(cx, node, 'write', doing)
}

function withItems(cx: Context, items: readonly Item[]): Level {
  return { ...EMPTY, items, star: items.flatMap((item) => item.all()), open: items.some((item) => item.open), parent: cx.level }
}

function start(node: { withClause?: Parameters<typeof bindCtes>[0] }, outer: Context): Context {
  const loud = outer.quiet ? { ...outer, quiet: false } : outer
  return node.withClause === undefined ? loud : bindCtes(node.withClause, loud, loud.run.query)
}

function insertInto(node: InsertStmt, outer: Context): QueryResult {
  const cx = start(node, outer)
  const item = target(node.relation, cx, 'INSERT adds rows', node.onConflictClause === undefined ? ['insert'] : ['insert', 'update'])
  const names = namesOfTargets(node.cols)
  let rows: QueryResult = NO_ROWS
  if (node.selectStmt !== undefined) {
    rows = cx.run.query(node.selectStmt, { ...cx, level: outer.level }, 'rows')
    for (const column of rows.columns) emit(cx, column.value, 'uses', at(node.relation?.location))
    emitTargets(cx, item, node.cols, rows.columns.length)
    carryRows(cx, item, names, rows.columns, rows.open, at(node.relation?.location))
  }
  const conflict = node.onConflictClause
  if (conflict !== undefined) {
    const own = { ...cx, level: withItems(cx, [item]) }
    for (const element of conflict.infer?.indexElems ?? []) evaluate(as(element, 'IndexElem')?.expr, own)
    evaluate(conflict.infer?.whereClause, own)
    const both = { ...cx, level: withItems(cx, [item, excluded(item, names, rows)]) }
    assign(conflict.targetList, item, both)
    evaluate(conflict.whereClause, both)
  }
  return returning(node.returningClause, [item], item, cx)
}

function namesOfTargets(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => as(node, 'ResTarget')?.name ?? '')
}

/** The row that was to be added: a column of it is what came for it, or what the table itself puts there. */
function excluded(item: Item, names: readonly string[], rows: QueryResult): Item {
  const places = new Map((names.length > 0 ? names : item.all().map((column) => column.name)).map((name, place) => [name, place]))
  return {
    ...item,
    name: 'excluded',
    bare: false,
    column: (name) => {
      const own = item.column(name)
      const came = rows.columns[places.get(name) ?? -1]?.value
      return own === undefined || came === undefined || came.sources.length === 0 ? own : either([own, came])
    },
  }
}

function updateTable(node: UpdateStmt, outer: Context): QueryResult {
  const cx = start(node, outer)
  const item = target(node.relation, cx, 'UPDATE changes rows', ['update'])
  if (node.whereClause === undefined) cx.run.facts.withoutWhere()
  const level = joined(item, node.fromClause, cx)
  const inside = { ...cx, level }
  assign(node.targetList, item, inside)
  evaluate(node.whereClause, inside)
  return returning(node.returningClause, level.items, item, cx)
}

function deleteFrom(node: DeleteStmt, outer: Context): QueryResult {
  const cx = start(node, outer)
  const item = target(node.relation, cx, 'DELETE removes rows', ['delete'])
  if (node.whereClause === undefined) cx.run.facts.withoutWhere()
  const level = joined(item, node.usingClause, cx)
  evaluate(node.whereClause, { ...cx, level })
  return returning(node.returningClause, level.items, item, cx)
}

function mergeInto(node: MergeStmt, outer: Context): QueryResult {
  const cx = start(node, outer)
  const item = target(node.relation, cx, 'MERGE changes rows', ['insert', 'update', 'delete'])
  const level = joined(item, node.sourceRelation === undefined ? [] : [node.sourceRelation], cx)
  const inside = { ...cx, level }
  evaluate(node.joinCondition, inside)
  for (const one of node.mergeWhenClauses ?? []) {
    const when = as(one, 'MergeWhenClause')
    evaluate(when?.condition, inside)
    if (when?.commandType === 'CMD_INSERT') {
      emitTargets(cx, item, when.targetList, when.values?.length ?? 0)
      const values = (when.values ?? []).map((value) => ({ name: '', value: evaluate(value, inside) }))
      carryRows(cx, item, namesOfTargets(when.targetList), values, false, at(node.relation?.location))
    } else assign(when?.targetList, item, inside)
  }
  return returning(node.returningClause, level.items, item, cx)
}

function joined(item: Item, others: readonly Node[] | undefined, cx: Context): Level {
  const more = buildLevel(others ?? [], cx, cx.run.query)
  return {
    items: [item, ...more.items],
    merged: more.merged,
    star: [...item.all(), ...more.star],
    open: item.open || more.open,
    parent: cx.level,
  }
}

/** SET a = …, (b, c) = (…). */
function assign(nodes: readonly Node[] | undefined, item: Item, cx: Context): void {
  if (nodes === undefined) return
  emitTargets(cx, item, nodes, 0)
  for (const node of nodes) {
    const set = as(node, 'ResTarget')
    for (const step of set?.indirection ?? []) if (as(step, 'A_Indices') !== undefined) evaluate(step, cx)
    carryInto(cx, item, set?.name ?? '', assigned(set?.val, cx), at(set?.location))
  }
}

/** What one column of `(b, c) = (…)` gets is one column of what stands there. */
function assigned(node: Node | undefined, cx: Context): Value {
  const value = evaluate(node, cx)
  const part = as(node, 'MultiAssignRef')
  const place = (part?.colno ?? 0) - 1
  const row = as(part?.source, 'RowExpr')?.args?.[place]
  if (row !== undefined) return evaluate(row, cx)
  const subselect = as(part?.source, 'SubLink')?.subselect
  if (subselect === undefined) return value
  const { columns, open } = cx.run.query(subselect, cx, 'rows')
  return open ? value : (columns[place]?.value ?? value)
}

/** RETURNING sees the row, and the row before and after under `old` and `new` or the names given (PostgreSQL 18). */
function returning(clause: ReturningClause | undefined, items: readonly Item[], own: Item, cx: Context): QueryResult {
  if (clause === undefined) return NO_ROWS
  const names = new Map([
    ['RETURNING_OPTION_OLD', 'old'],
    ['RETURNING_OPTION_NEW', 'new'],
  ])
  for (const node of clause.options ?? []) {
    const option = as(node, 'ReturningOption')
    if (option?.option !== undefined && option.value !== undefined) names.set(option.option, option.value)
  }
  const versions = [...names.values()]
    .filter((name) => !items.some((item) => item.name === name))
    .map((name): Item => ({ ...own, name, bare: false }))
  const level = withItems(cx, items)
  // `*` and unqualified names mean the row itself; the versions can only be named.
  const named: Level = { ...EMPTY, items: versions, parent: cx.level }
  return selectTargets(clause.exprs ?? [], { ...cx, level: { ...level, parent: named } })
}
