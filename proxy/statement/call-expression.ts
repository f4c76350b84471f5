import type { FuncCall, Node } from '@pgsql/types'
import { mayTake, reportCall, resultType } from './calls.ts'
import { carry } from './carry.ts'
import { type Context, emit } from './context.ts'
import { givesUnseen } from './functions/classify.ts'
import { respelledBy } from './respelled.ts'
import { bodyValue } from './routines/report-own.ts'
import { findColumn, findItem } from './scope.ts'
import { isSettingName } from './setting-names.ts'
import { changesReading, judgeSetting } from './settings.ts'
import { as, at, constantOf, namesOf } from './tree.ts'
import { onlyType, reportConversion, resolveType } from './types.ts'
import { computed, derive, type Value, withSpelling } from './value.ts'

/** Handed in, since a call is an expression and its arguments are too. */
export type Evaluate = (node: Node | undefined, cx: Context) => Value

/** A function call, an aggregate, a window function, or a column that is written as a call: `ssn(c)`. */
export function evaluateCall(node: FuncCall, cx: Context, evaluate: Evaluate): Value {
  const names = namesOf(node.funcname)
  const name = names.at(-1) ?? ''
  const offset = at(node.location)
  const column = columnAsCall(node, name, cx)
  if (column !== undefined) {
    cx.run.calls.delete(node)
    return column
  }
  const args = (node.args ?? []).map((arg) => evaluate(arg, cx))
  const [only] = args
  if (only !== undefined && args.length === 1 && isTypeOnly(cx, name)) return derive(args, castAsCall(node, only, cx, offset))
  const ordered = (node.agg_order ?? []).map((order) => evaluate(order, cx))
  const others = [...ordered, evaluate(node.agg_filter, cx), node.over === undefined ? computed(0) : evaluate({ WindowDef: node.over }, cx)]
  // WITHIN GROUP: the ordered arguments are arguments too.
  const all = node.agg_within_group === true ? [...args, ...ordered] : args
  const named = node.func_variadic === true || (node.args ?? []).some((arg) => as(arg, 'NamedArgExpr') !== undefined)
  const found = reportCall(cx, { schema: names.at(-2), name, args: all, offset, named, kind: 'f' })
  cx.run.calls.set(node, found)
  if (found.some((fn) => fn.system)) {
    reportSpecial(node, name, cx, offset)
    const place = KEEPERS[name]
    if (place !== undefined) carry(cx, { kind: 'place', what: place }, derive(args, 0), offset)
  }
  const result = derive([...args, ...others, bodyValue(cx, found)], resultType(cx.run.catalog, found, all))
  const value = withSpelling(result, respelledBy(name, node, args))
  return found.some(givesUnseen) || keepsValues(node, name, cx) ? { ...value, known: false } : value
}

/** Functions of PostgreSQL that put what they are given where others, or the same person later, can read it. */
const KEEPERS: Readonly<Record<string, string>> = {
  set_config: 'a setting',
  setval: 'a sequence',
  pg_notify: 'a notification',
  lo_from_bytea: 'a large object',
  lo_put: 'a large object',
  lowrite: 'a large object',
  pg_logical_emit_message: 'a message to replicas',
}

/** A setting of somebody's own holds whatever was put there. */
function keepsValues(node: FuncCall, name: string, cx: Context): boolean {
  if (name !== 'current_setting') return false
  const constant = constantOf(node.args?.[0])
  return constant === undefined ? !isSettingName(node.args?.[0], cx.level) : constant.includes('.')
}

/** `tsquery('a & b')`: a type's name, where no function has it. */
function isTypeOnly(cx: Context, name: string): boolean {
  return cx.run.catalog.functionsNamed(name).length === 0 && cx.run.catalog.typesNamed(name).length > 0
}

function castAsCall(node: FuncCall, value: Value, cx: Context, offset: number): number {
  const types = resolveType(cx, { names: node.funcname ?? [], location: offset })
  reportConversion(cx, types, value.type, offset)
  return onlyType(types)
}

/** `ssn(c)` means `c.ssn` where c is a row that has such a column; a function of the name may be meant too. */
function columnAsCall(node: FuncCall, name: string, cx: Context): Value | undefined {
  if (node.funcname?.length !== 1 || node.args?.length !== 1) return undefined
  const fields = as(node.args[0], 'ColumnRef')?.fields
  if (fields === undefined || as(fields.at(-1), 'A_Star') !== undefined) return undefined
  const names = namesOf(fields)
  if (names.length > 2 || (names.length === 1 && findColumn(names[0] ?? '', cx.level) !== undefined)) return undefined
  const item = findItem(names.at(-2), names.at(-1) ?? '', cx.level)
  const column = item?.variable === true ? undefined : item?.column(name)
  if (item === undefined || column === undefined) return undefined
  const whole = item.whole()
  if (mayTake(cx.run.catalog, name, whole.type)) {
    emit(cx, whole, 'uses', at(node.location))
    reportCall(cx, { schema: undefined, name, args: [whole], offset: at(node.location), named: false, kind: 'f' })
    return derive([whole, column], 0)
  }
  return column
}

/** Functions whose meaning lies in a constant argument. */
function reportSpecial(node: FuncCall, name: string, cx: Context, offset: number): void {
  const { facts, catalog } = cx.run
  const constant = constantOf(node.args?.[0])
  if (name === 'set_config') {
    const value = constantOf(node.args?.[1])
    const given = constant === undefined || value === undefined ? undefined : [value]
    const verdict = judgeSetting(constant ?? '', given, catalog.schemas)
    if (verdict.harmless) facts.verb('session', `set_config() sets ${constant ?? ''}`, offset)
    else facts.verb('admin', `set_config(): ${verdict.why}`, offset, changesReading(constant ?? '', given))
  } else if (keepsValues(node, name, cx)) {
    facts.verb('admin', 'current_setting() reads a setting that the team may keep values in', offset)
  }
}
