import type { Node, SelectStmt } from '@pgsql/types'
import { type Context, emit, type QueryResult, spend } from './context.ts'
import { bindCtes } from './ctes.ts'
import { evaluate } from './expression.ts'
import { buildLevel } from './from.ts'
import { modify } from './modify.ts'
import { EMPTY, findColumn, type Level } from './scope.ts'
import { settledTargets } from './setting-names.ts'
import { selectTargets } from './targets.ts'
import { as, at, constantOf, namesOf } from './tree.ts'
import { either, type NamedValue, type Value } from './value.ts'

/** Any query: SELECT, VALUES, set operations, and the data-modifying statements with RETURNING. `exists`: only whether rows come. */
export function query(node: Node, cx: Context, _purpose: 'rows' | 'exists'): QueryResult {
  spend(cx)
  const select = as(node, 'SelectStmt')
  if (select !== undefined) return selectQuery(select, cx)
  const changed = modify(node, cx)
  if (changed !== undefined) return changed
  cx.run.facts.unknown(`statement ${Object.keys(node)[0]} inside another`, true, 0)
  return { columns: [], open: true }
}

export function selectQuery(node: SelectStmt, outer: Context): QueryResult {
  const cx = node.withClause === undefined ? outer : bindCtes(node.withClause, outer, query)
  if (node.intoClause !== undefined) {
    const at0 = at(node.intoClause.rel?.location)
    cx.run.facts.verb('ddl', 'SELECT INTO makes a table', at0)
  }
  const result = node.op !== undefined && node.op !== 'SETOP_NONE' ? setOperation(node, cx) : simpleSelect(node, cx)
  for (const lock of node.lockingClause ?? []) lockRows(lock, node, cx)
  return result
}

function setOperation(node: SelectStmt, cx: Context): QueryResult {
  const left = selectQuery(node.larg ?? {}, cx)
  const right = selectQuery(node.rarg ?? {}, cx)
  const open = left.open || right.open
  const columns = left.columns.map((column, place): NamedValue => {
    const other = right.columns[place]
    return { name: column.name, value: other === undefined ? column.value : either([column.value, other.value]) }
  })
  const compares = node.op !== 'SETOP_UNION' || node.all !== true
  // Rows that are compared with each other tell, by their number, what they hold.
  if (compares) for (const column of columns) emit(cx, column.value, 'uses', 0)
  tail(node, { ...cx, level: { ...EMPTY, parent: cx.level } }, columns)
  return { columns, open }
}

function simpleSelect(node: SelectStmt, outer: Context): QueryResult {
  if (node.valuesLists !== undefined) return values(node, outer)
  const level = buildLevel(node.fromClause ?? [], outer, query)
  const cx: Context = { ...outer, level }
  const result = selectTargets(settledTargets(node, level), cx)
  const loud: Context = cx.quiet ? { ...cx, quiet: false } : cx
  evaluate(node.whereClause, loud)
  for (const group of node.groupClause ?? []) groupBy(group, loud, result.columns)
  evaluate(node.havingClause, loud)
  for (const window of node.windowClause ?? []) evaluate(window, loud)
  distinct(node.distinctClause, loud, result.columns)
  tail(node, loud, result.columns)
  return result
}

function values(node: SelectStmt, cx: Context): QueryResult {
  const columns: Value[][] = []
  for (const row of node.valuesLists ?? []) {
    const items = as(row, 'List')?.items ?? []
    for (const [place, item] of items.entries()) {
      const value = selectTargets([{ ResTarget: { val: item } }], cx).columns[0]?.value
      const column = columns[place]
      if (value === undefined || (column !== undefined && value.sources.length === 0 && column.length > 0)) continue
      if (column === undefined) columns[place] = [value]
      else column.push(value)
    }
  }
  const named = columns.map((all, place): NamedValue => ({ name: `column${place + 1}`, value: either(all) }))
  tail(node, { ...cx, level: { ...EMPTY, parent: cx.level } }, named)
  return { columns: named, open: false }
}

/** ORDER BY, LIMIT, OFFSET. */
function tail(node: SelectStmt, cx: Context, columns: readonly NamedValue[]): void {
  const loud = cx.quiet ? { ...cx, quiet: false } : cx
  for (const sort of node.sortClause ?? []) {
    const expression = as(sort, 'SortBy')
    if (!namesOutput(expression?.node, columns, loud)) evaluate(sort, loud)
    else if (expression?.useOp !== undefined) evaluate({ SortBy: { useOp: expression.useOp, node: { A_Const: { isnull: true } } } }, loud)
  }
  evaluate(node.limitCount, loud)
  evaluate(node.limitOffset, loud)
}

/** ORDER BY 1, ORDER BY an output column's name: such a name is the output column first. */
function namesOutput(node: Node | undefined, columns: readonly NamedValue[], cx: Context): boolean {
  const place = node !== undefined && 'A_Const' in node ? Number(constantOf(node)) : Number.NaN
  const fields = as(node, 'ColumnRef')?.fields
  const name = fields?.length === 1 ? namesOf(fields)[0] : undefined
  const found = Number.isInteger(place)
    ? columns.slice(place - 1, place)
    : name === undefined
      ? []
      : columns.filter((column) => column.name === name)
  for (const column of found) emit(cx, column.value, 'uses', at(as(node, 'ColumnRef')?.location))
  return found.length > 0
}

/** GROUP BY: a name is an input column first. */
function groupBy(node: Node, cx: Context, columns: readonly NamedValue[]): void {
  const set = as(node, 'GroupingSet')
  if (set !== undefined) {
    for (const one of set.content ?? []) groupBy(one, cx, columns)
    return
  }
  const fields = as(node, 'ColumnRef')?.fields
  const name = fields?.length === 1 ? namesOf(fields)[0] : undefined
  const input = name === undefined ? undefined : findColumn(name, cx.level && { ...cx.level, parent: undefined })
  if (input === undefined && namesOutput(node, columns, cx)) return
  evaluate(node, cx)
}

/** DISTINCT compares what comes out, DISTINCT ON what it names. */
function distinct(nodes: readonly Node[] | undefined, cx: Context, columns: readonly NamedValue[]): void {
  if (nodes === undefined) return
  const expressions = nodes.filter((node) => Object.keys(node).length > 0)
  if (expressions.length === 0) for (const column of columns) emit(cx, column.value, 'uses', 0)
  for (const node of expressions) if (!namesOutput(node, columns, cx)) evaluate(node, cx)
}

/** FOR UPDATE and its like: others wait for these rows. */
function lockRows(node: Node, select: SelectStmt, cx: Context): void {
  const lock = as(node, 'LockingClause')
  const named = (lock?.lockedRels ?? []).map((one) => as(one, 'RangeVar')?.relname)
  const offset = at(as(lock?.lockedRels?.[0], 'RangeVar')?.location)
  const words = (lock?.strength ?? '')
    .replace('LCS_FOR', 'FOR ')
    .replace('FOR NOKEYUPDATE', 'FOR NO KEY UPDATE')
    .replace('FOR KEYSHARE', 'FOR KEY SHARE')
  cx.run.facts.verb('write', `${words} locks rows that others wait for`, offset)
  const level: Level = buildLevel(select.fromClause ?? [], { ...cx, quiet: true }, query)
  for (const item of level.items) {
    if (named.length > 0 && !named.includes(item.name)) continue
    for (const relation of item.relations) cx.run.facts.relation(relation, 'write', { offset, length: 0 }, undefined)
  }
}
