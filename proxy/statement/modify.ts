import type { DeleteStmt, InsertStmt, MergeStmt, Node, RangeVar, ReturningClause, UpdateStmt } from '@pgsql/types'
import { type Context, emit, type QueryResult } from './context.ts'
import { bindCtes } from './ctes.ts'
import { evaluate } from './expression.ts'
import { buildLevel } from './from.ts'
import { nameRelation } from './relations.ts'
import type { Doing } from './routines/attached.ts'
import { EMPTY, type Item, type Level } from './scope.ts'
import { selectTargets } from './targets.ts'
import { as, at } from './tree.ts'
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
  if (node.selectStmt !== undefined) {
    const rows = cx.run.query(node.selectStmt, { ...cx, level: outer.level }, 'rows')
    for (const column of rows.columns) emit(cx, column.value, 'uses', at(node.relation?.location))
    emitTargets(cx, item, node.cols, rows.columns.length)
  }
  const conflict = node.onConflictClause
  if (conflict !== undefined) {
    const own = { ...cx, level: withItems(cx, [item]) }
    for (const element of conflict.infer?.indexElems ?? []) evaluate(as(element, 'IndexElem')?.expr, own)
    evaluate(conflict.infer?.whereClause, own)
    const both = { ...cx, level: withItems(cx, [item, { ...item, name: 'excluded', bare: false }]) }
    assign(conflict.targetList, item, both)
    evaluate(conflict.whereClause, both)
  }
  return returning(node.returningClause, [item], item, cx)
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
      for (const value of when.values ?? []) evaluate(value, inside)
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
    evaluate(set?.val, cx)
  }
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
