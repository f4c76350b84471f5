import type { Node } from '@pgsql/types'
import { GatewayError } from '../errors.ts'
import { figureName } from './column-name.ts'
import { type Context, emit, type QueryResult, spend } from './context.ts'
import { evaluatePlain, isBare, offsetOf } from './expression.ts'
import { findItem, type Item } from './scope.ts'
import { as, namesOf } from './tree.ts'
import { derive, type NamedValue, unknownValue, type Value } from './value.ts'

/** A select list or RETURNING: what comes out, in order. */
export function selectTargets(nodes: readonly Node[], cx: Context): QueryResult {
  const columns: NamedValue[] = []
  let open = false
  for (const node of nodes) {
    const target = as(node, 'ResTarget')
    const expression = target?.val
    if (expression === undefined) continue
    const starred = expandStar(expression, cx)
    if (starred !== undefined) {
      for (const column of starred.columns) {
        emit(cx, column.value, 'shows', offsetOf(expression))
        columns.push(open || starred.open ? { ...column, value: misplaced(column.value) } : column)
      }
      open ||= starred.open
      continue
    }
    const value = evaluatePlain(expression, cx)
    if (isBare(expression, cx)) emit(cx, value, 'shows', offsetOf(expression))
    columns.push({ name: target?.name ?? figureName(expression), value: open ? misplaced(value) : value })
  }
  if (columns.length > MAX_COLUMNS) throw tooManyColumns()
  spend(cx, columns.length)
  return { columns, open }
}

/** PostgreSQL's own limit on a row (MaxTupleAttributeNumber), which also keeps nested stars from multiplying here. */
const MAX_COLUMNS = 1664

function tooManyColumns(): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '54011',
    message: `target lists can have at most ${MAX_COLUMNS} entries`,
    hint: 'Name the columns you need instead of *.',
  })
}

/** After a star that cannot be counted, nobody knows which place a column has. */
function misplaced(value: Value): Value {
  return { ...value, plain: false, known: false }
}

interface Star {
  readonly columns: readonly NamedValue[]
  readonly open: boolean
}

/** `*`, `c.*`, `public.customers.*`, `(c).*`, `(contact).*`; undefined if the expression is none of them. */
function expandStar(node: Node, cx: Context): Star | undefined {
  const fields = as(node, 'ColumnRef')?.fields
  if (fields !== undefined) {
    if (as(fields.at(-1), 'A_Star') === undefined) return undefined
    const names = namesOf(fields.slice(0, -1))
    if (names.length === 0) return cx.level === undefined ? { columns: [], open: false } : { columns: cx.level.star, open: cx.level.open }
    return starOf(findItem(names.at(-2), names.at(-1) ?? '', cx.level), names.join('.'), cx)
  }
  const indirection = as(node, 'A_Indirection')
  if (indirection === undefined || as(indirection.indirection?.at(-1), 'A_Star') === undefined) return undefined
  const arg = indirection.arg as Node
  const ref = as(arg, 'ColumnRef')?.fields
  if (ref !== undefined && indirection.indirection?.length === 1) {
    const names = namesOf(ref)
    const item = names.length > 2 ? undefined : findItem(names.at(-2), names.at(-1) ?? '', cx.level)
    const asColumn = names.length === 1 ? cx.level?.items.some((one) => one.column(names[0] ?? '') !== undefined) : true
    if (item !== undefined && asColumn !== true) return starOf(item, names.join('.'), cx)
  }
  return fieldsOf(node, cx)
}

function starOf(item: Item | undefined, name: string, cx: Context): Star {
  if (item !== undefined) return { columns: item.all(), open: item.open }
  cx.run.facts.unknown(`relation "${name}"`, false, 0)
  return { columns: [], open: true }
}

/** A composite value, taken apart. */
function fieldsOf(node: Node, cx: Context): Star {
  const indirection = as(node, 'A_Indirection')
  const steps = indirection?.indirection?.slice(0, -1) ?? []
  const arg = indirection?.arg as Node
  const whole = steps.length === 0 ? arg : { A_Indirection: { arg, indirection: steps } }
  const value = evaluatePlain(whole, cx)
  if (isBare(whole, cx)) emit(cx, value, 'uses', offsetOf(arg))
  const type = cx.run.catalog.type(value.type)
  const relation = type?.kind === 'composite' ? cx.run.catalog.relation(type.relation) : undefined
  if (relation === undefined) return { columns: [{ name: '?column?', value: unknownValue([value]) }], open: true }
  const columns = relation.columns.map((column): NamedValue => {
    const own = relation.kind === 'c' ? [] : [{ oid: relation.oid, attnum: column.attnum, plain: false }]
    return { name: column.name, value: derive([value, { sources: own, plain: false, known: true, type: column.type }], column.type) }
  })
  return { columns, open: false }
}
