import type { Alias, JoinExpr, Node, RangeFunction, RangeSubselect, RangeVar } from '@pgsql/types'
import type { FunctionInfo } from '../catalog/catalog.ts'
import { figureName } from './column-name.ts'
import { type Context, type Cte, emit, type QueryResult, spend } from './context.ts'
import { evaluate, evaluatePlain } from './expression.ts'
import { reportOperator } from './operators.ts'
import { nameRelation } from './relations.ts'
import { EMPTY, type Item, itemOf, type Level } from './scope.ts'
import { as, at, namesOf } from './tree.ts'
import { onlyType, reportConversion, resolveType } from './types.ts'
import { computed, derive, either, LITERAL, type NamedValue, RECORD, unknownValue, type Value } from './value.ts'

type Query = (node: Node, cx: Context, purpose: 'rows' | 'exists') => QueryResult
type Part = Omit<Level, 'parent'>

/** FROM: what can be named, and what `*` stands for. */
export function buildLevel(nodes: readonly Node[], cx: Context, query: Query): Level {
  let level: Level = { ...EMPTY, parent: cx.level }
  for (const node of nodes) {
    level = { ...join(level, fromItem(node, cx, level, query)), parent: cx.level }
    spend(cx, level.star.length)
  }
  return level
}

function join(left: Part, right: Part): Part {
  return {
    items: [...left.items, ...right.items],
    merged: right.merged.size === 0 ? left.merged : new Map([...left.merged, ...right.merged]),
    star: [...left.star, ...right.star],
    open: left.open || right.open,
  }
}

/** `lateral`: what stands to the left, which functions and LATERAL subqueries see. */
function fromItem(node: Node, cx: Context, lateral: Level, query: Query): Part {
  spend(cx)
  const range = as(node, 'RangeVar')
  if (range !== undefined) return single(rangeVar(range, cx))
  const select = as(node, 'RangeSubselect')
  if (select !== undefined) return single(subselect(select, cx, lateral, query))
  const joined = as(node, 'JoinExpr')
  if (joined !== undefined) return joinExpr(joined, cx, lateral, query)
  const called = as(node, 'RangeFunction')
  if (called !== undefined) return single(rangeFunction(called, { ...cx, level: lateral, quiet: false }))
  const sample = as(node, 'RangeTableSample')
  if (sample !== undefined) {
    const method = namesOf(sample.method).at(-1)
    if (method !== 'system' && method !== 'bernoulli') cx.run.facts.unknown(`sampling method ${method}`, true, at(sample.location))
    for (const arg of sample.args ?? []) evaluate(arg, { ...cx, quiet: false })
    evaluate(sample.repeatable, { ...cx, quiet: false })
    return fromItem(sample.relation as Node, cx, lateral, query)
  }
  const xml = as(node, 'RangeTableFunc')
  if (xml !== undefined) {
    const inside = { ...cx, level: lateral, quiet: false }
    const parts = [xml.docexpr, xml.rowexpr, ...(xml.namespaces ?? [])].map((one) => evaluate(one, inside))
    const columns = (xml.columns ?? []).map((one) => tableColumn(as(one, 'RangeTableFuncCol'), parts, inside))
    return single(aliased(xml.alias, 'xmltable', columns, false))
  }
  const json = as(node, 'JsonTable')
  if (json !== undefined) {
    const inside = { ...cx, level: lateral, quiet: false }
    const parts = [
      evaluate({ JsonValueExpr: json.context_item ?? {} }, inside),
      ...(json.passing ?? []).map((one) => evaluate(one, inside)),
    ]
    evaluate(json.pathspec?.string, inside)
    return single(aliased(json.alias, 'json_table', jsonColumns(json.columns, parts, inside), false))
  }
  cx.run.facts.unknown(`FROM ${Object.keys(node)[0]}`, true, 0)
  return { ...EMPTY, open: true }
}

function single(item: Item): Part {
  return { items: [item], merged: new Map(), star: item.all(), open: item.open }
}

function rangeVar(node: RangeVar, cx: Context): Item {
  const cte = node.schemaname === undefined ? findCte(node.relname ?? '', cx.ctes) : undefined
  if (cte === undefined) return nameRelation(cx, node, 'read')
  const { columns, open } = cte.columns()
  return aliased(node.alias, node.relname ?? '', columns, open)
}

export function findCte(name: string, from: Cte | undefined): Cte | undefined {
  for (let cte = from; cte !== undefined; cte = cte.next) if (cte.name === name) return cte
  return undefined
}

function subselect(node: RangeSubselect, cx: Context, lateral: Level, query: Query): Item {
  const result = query(node.subquery as Node, { ...cx, level: node.lateral === true ? lateral : cx.level, quiet: false }, 'rows')
  return aliased(node.alias, '', result.columns, result.open)
}

function aliased(alias: Alias | undefined, name: string, columns: readonly NamedValue[], open: boolean): Item {
  const whole = (): Value => {
    const all = derive(
      columns.map((column) => column.value),
      RECORD,
    )
    return open ? { ...all, known: false } : all
  }
  return itemOf({ name: alias?.aliasname ?? name, columns, open, whole, names: namesOf(alias?.colnames) })
}

function joinExpr(node: JoinExpr, cx: Context, lateral: Level, query: Query): Part {
  const left = fromItem(node.larg as Node, cx, lateral, query)
  const seen: Level = { ...join(lateral, left), parent: lateral.parent }
  const right = fromItem(node.rarg as Node, cx, seen, query)
  const loud = cx.quiet ? { ...cx, quiet: false } : cx
  const names = node.isNatural === true ? common(left, right) : namesOf(node.usingClause)
  const merged = new Map<string, Value>()
  for (const name of names) {
    const a = columnOf(left, name)
    const b = columnOf(right, name)
    if (a === undefined || b === undefined) {
      cx.run.facts.unknown(`column "${name}"`, false, 0)
      continue
    }
    emit(loud, a, 'uses', 0)
    emit(loud, b, 'uses', 0)
    reportOperator(loud, ['='], a, b, 0)
    merged.set(name, either([a, b]))
  }
  const rest = (part: Part) => part.star.filter((column) => !merged.has(column.name))
  const both = join(left, right)
  const part: Part = {
    items: both.items,
    merged: new Map([...both.merged, ...merged]),
    star: [...[...merged].map(([name, value]) => ({ name, value })), ...rest(left), ...rest(right)],
    open: both.open || (node.isNatural === true && both.open),
  }
  evaluate(node.quals, { ...loud, level: { ...part, parent: cx.level } })
  if (node.alias !== undefined) return single(aliased(node.alias, '', part.star, part.open))
  if (node.join_using_alias === undefined) return part
  const using = aliased(
    node.join_using_alias,
    '',
    [...merged].map(([name, value]) => ({ name, value })),
    false,
  )
  // It can be named, but is no part of `*` and gives no unqualified names.
  return { ...part, items: [...part.items, { ...using, column: (name) => using.column(name) }] }
}

function common(left: Part, right: Part): string[] {
  const names = new Set(right.star.map((column) => column.name))
  return [...new Set(left.star.map((column) => column.name))].filter((name) => names.has(name))
}

function columnOf(part: Part, name: string): Value | undefined {
  const merged = part.merged.get(name)
  if (merged !== undefined) return merged
  const found = part.items.map((item) => item.column(name)).filter((value) => value !== undefined)
  if (found.length > 0) return either(found)
  return part.open ? unknownValue(part.items.map((item) => item.whole())) : undefined
}

/** `generate_series(1, 3) g`, `ROWS FROM (…)`, with ordinality, with column definitions. */
function rangeFunction(node: RangeFunction, cx: Context): Item {
  const columns: NamedValue[] = []
  let open = false
  const functions = (node.functions ?? []).flatMap(unnestEach)
  const single = functions.length === 1
  for (const one of functions) {
    const items = as(one, 'List')?.items ?? []
    const call = items[0] as Node
    const value = evaluatePlain(call, cx)
    const definitions = [...(as(items[1], 'List')?.items ?? []), ...(single ? (node.coldeflist ?? []) : [])]
    const result = functionColumns(call, value, definitions, single ? node.alias : undefined, cx)
    columns.push(...result.columns)
    open ||= result.open
  }
  if (node.ordinality === true) columns.push({ name: 'ordinality', value: computed(20) })
  const first = as(as(node.functions?.[0], 'List')?.items?.[0], 'FuncCall')
  return aliased(node.alias, namesOf(first?.funcname).at(-1) ?? '', columns, open)
}

/** `unnest(a, b)` in FROM is `ROWS FROM (unnest(a), unnest(b))` (PostgreSQL manual, section 7.2.1.4). */
function unnestEach(node: Node): Node[] {
  const items = as(node, 'List')?.items ?? []
  const call = as(items[0], 'FuncCall')
  const args = call?.args ?? []
  if (call === undefined || args.length < 2 || namesOf(call.funcname).at(-1) !== 'unnest') return [node]
  return args.map((arg) => ({ List: { items: [{ FuncCall: { ...call, args: [arg] } }, ...items.slice(1)] } }))
}

function functionColumns(call: Node, value: Value, definitions: readonly Node[], alias: Alias | undefined, cx: Context): QueryResult {
  const from = (type: number): Value => ({ ...derive([value], type), known: value.known })
  if (definitions.length > 0) {
    const columns = definitions.map((one): NamedValue => {
      const definition = as(one, 'ColumnDef')
      const types = resolveType(cx, definition?.typeName)
      reportConversion(cx, types, LITERAL, at(definition?.location))
      return { name: definition?.colname ?? '', value: from(onlyType(types)) }
    })
    return { columns, open: false }
  }
  const node = as(call, 'FuncCall')
  const found = (node === undefined ? undefined : cx.run.calls.get(node)) ?? []
  const shapes = found.map((fn) => shapeOf(fn, cx)).filter((shape) => shape !== undefined)
  const [shape] = shapes
  if (shape !== undefined) {
    const same =
      shapes.length === found.length &&
      shapes.every((one) => one.map((column) => column.name).join() === shape.map((column) => column.name).join())
    return { columns: shape.map((column) => ({ name: column.name, value: from(column.type) })), open: !same }
  }
  // A scalar's column is called as the alias, or as the function.
  const composite =
    cx.run.catalog.type(value.type)?.kind === 'composite' ||
    value.type === RECORD ||
    (value.type === 0 && found.some((fn) => fn.returns === RECORD))
  if (composite) return { columns: [], open: true }
  return { columns: [{ name: alias?.aliasname ?? figureName(call), value: from(value.type) }], open: false }
}

/** The columns of a function that returns rows; undefined for a scalar. */
function shapeOf(fn: FunctionInfo, cx: Context): readonly { name: string; type: number }[] | undefined {
  if (fn.outs.length > 1 || (fn.outs.length === 1 && fn.returns === RECORD)) return fn.outs
  if (fn.outs.length === 1) return fn.outs
  const type = cx.run.catalog.type(fn.returns)
  const relation = type?.kind === 'composite' ? cx.run.catalog.relation(type.relation) : undefined
  return relation?.columns
}

function tableColumn(
  column: { colname?: string; typeName?: RangeTableFuncColType; colexpr?: Node; coldefexpr?: Node; for_ordinality?: boolean } | undefined,
  parts: readonly Value[],
  cx: Context,
): NamedValue {
  const types = resolveType(cx, column?.typeName)
  reportConversion(cx, types, LITERAL, 0)
  const own = [evaluate(column?.colexpr, cx), evaluate(column?.coldefexpr, cx)]
  return { name: column?.colname ?? '', value: derive([...parts, ...own], onlyType(types)) }
}

type RangeTableFuncColType = Parameters<typeof resolveType>[1]

function jsonColumns(nodes: readonly Node[] | undefined, parts: readonly Value[], cx: Context): NamedValue[] {
  return (nodes ?? []).flatMap((node): NamedValue[] => {
    const column = as(node, 'JsonTableColumn')
    if (column?.columns !== undefined) return jsonColumns(column.columns, parts, cx)
    const types = resolveType(cx, column?.typeName)
    reportConversion(cx, types, LITERAL, at(column?.location))
    if (column?.on_empty !== undefined) evaluate({ JsonBehavior: column.on_empty }, cx)
    if (column?.on_error !== undefined) evaluate({ JsonBehavior: column.on_error }, cx)
    return [{ name: column?.name ?? '', value: derive(parts, onlyType(types)) }]
  })
}
