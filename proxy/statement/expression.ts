import type { A_Expr, A_Indirection, FuncCall, Node, SubLink, TypeCast, TypeName } from '@pgsql/types'
import { evaluateCall } from './call-expression.ts'
import { columnValue } from './column-ref.ts'
import { type Context, emit, spend } from './context.ts'
import { equalityOf, isComparable } from './equality.ts'
import type { Equality } from './facts.ts'
import { project } from './indirection.ts'
import { NODES } from './nodes.ts'
import { reportOperator } from './operators.ts'
import { BYTEA, ENCODED, NODE_TREE, SPREAD, TREE } from './respelled.ts'
import { as, at, type NodeKind, type Nodes, namesOf, tag } from './tree.ts'
import { onlyType, reportConversion, resolveType } from './types.ts'
import { BOOL, computed, derive, either, INT4, LITERAL, NUMERIC, RECORD, TEXT, unknownValue, type Value, withSpelling } from './value.ts'

/** An expression that is used: every column in it counts as used. */
export function evaluate(node: Node | undefined, cx: Context): Value {
  if (node === undefined) return computed(0)
  const value = evaluatePlain(node, cx)
  if (isBare(node, cx)) emit(cx, value, 'uses', offsetOf(node))
  return value
}

/** As `evaluate`, but a bare column is not reported: the caller says whether it is shown or used. */
export function evaluatePlain(node: Node, cx: Context): Value {
  spend(cx)
  const { kind, body } = tag(node)
  const handler = HANDLERS[kind] as ((body: unknown, cx: Context, node: Node) => Value) | undefined
  if (handler !== undefined) return handler(body, cx, node)
  if (NODES[kind] === 'walk') return walk(body, cx)
  cx.run.facts.unknown(`node ${kind}`, true, 0)
  return unknownValue()
}

/** A column or a field of a row, which nobody has reported yet. `ssn(c)` is one too, and so is `(SELECT ssn FROM c)`. */
export function isBare(node: Node, cx: Context): boolean {
  return (
    'ColumnRef' in node ||
    'A_Indirection' in node ||
    ('FuncCall' in node && !cx.run.calls.has(node.FuncCall)) ||
    ('SubLink' in node && node.SubLink.subLinkType === 'EXPR_SUBLINK')
  )
}

export function offsetOf(node: Node): number {
  const { body } = tag(node)
  const location = (body as { location?: number; arg?: Node }).location
  if (location !== undefined) return at(location)
  const inner = (body as { arg?: Node }).arg
  return inner === undefined ? 0 : offsetOf(inner)
}

export function evaluateAll(nodes: readonly Node[] | undefined, cx: Context): Value[] {
  return (nodes ?? []).map((node) => evaluate(node, cx))
}

/** Every node in it, wherever it hangs: for node types whose parts tell all. */
function walk(body: unknown, cx: Context): Value {
  const values: Value[] = []
  for (const [key, part] of Object.entries(body as Record<string, unknown>)) walkPart(key, part, cx, values)
  return derive(values, 0)
}

function walkPart(key: string, part: unknown, cx: Context, values: Value[]): void {
  if (typeof part !== 'object' || part === null) return
  if (Array.isArray(part)) {
    for (const one of part) walkPart(key, one, cx, values)
    return
  }
  if (key === 'typeName') {
    convert(cx, part as TypeName, computed(LITERAL), 0)
    return
  }
  const names = Object.keys(part)
  const only = names.length === 1 ? (names[0] as NodeKind) : undefined
  if (only !== undefined && NODES[only] !== undefined) {
    if (only === 'SelectStmt')
      values.push(...cx.run.query(part as Node, inner(cx), 'rows').columns.map((column) => used(cx, column.value, 0)))
    else values.push(evaluate(part as Node, cx))
  } else if (key === 'TypeName') convert(cx, part as TypeName, computed(LITERAL), 0)
  else for (const [name, value] of Object.entries(part)) walkPart(name, value, cx, values)
}

const inner = (cx: Context): Context => (cx.quiet ? { ...cx, quiet: false } : cx)

function used(cx: Context, value: Value, offset: number): Value {
  emit(inner(cx), value, 'uses', offset)
  return value
}

function convert(cx: Context, name: TypeName | undefined, value: Value, offset: number): number {
  const types = resolveType(cx, name)
  reportConversion(cx, types, value.type, offset)
  return onlyType(types)
}

/** CURRENT_DATE and its like; the others are names of roles and schemas. */
function sqlValueType(op: string): number {
  if (op === 'SVFOP_CURRENT_DATE') return 1082
  if (op.startsWith('SVFOP_CURRENT_TIMESTAMP')) return 1184
  if (op.startsWith('SVFOP_CURRENT_TIME')) return 1266
  if (op.startsWith('SVFOP_LOCALTIMESTAMP')) return 1114
  return op.startsWith('SVFOP_LOCALTIME') ? 1083 : 19
}

type Handlers = { [K in NodeKind]?: (body: Nodes[K], cx: Context, node: Node) => Value }

const HANDLERS: Handlers = {
  A_Const: (body) => {
    const { ival, fval, boolval } = body as { ival?: unknown; fval?: unknown; boolval?: unknown }
    return computed(ival !== undefined ? INT4 : fval !== undefined ? NUMERIC : boolval !== undefined ? BOOL : LITERAL)
  },
  ParamRef: () => computed(0),
  SetToDefault: () => computed(LITERAL),
  CurrentOfExpr: () => computed(BOOL),
  MergeSupportFunc: () => computed(TEXT),
  MultiAssignRef: (body, cx) => evaluate(body.source, cx),
  SQLValueFunction: (body) => computed(sqlValueType(body.op ?? '')),
  GroupingFunc: (body, cx) => derive(evaluateAll(body.args, cx), INT4),
  ColumnRef: (body, cx) => columnValue(body, cx),
  A_Indirection: (body, cx) => evaluateIndirection(body, cx),
  A_Expr: (body, cx) => evaluateOperator(body, cx),
  BoolExpr: (body, cx) => derive(evaluateAll(body.args, cx), BOOL),
  NullTest: (body, cx) => derive([evaluate(body.arg, cx)], BOOL),
  BooleanTest: (body, cx) => derive([evaluate(body.arg, cx)], BOOL),
  TypeCast: (body, cx) => evaluateCast(body, cx),
  CollateClause: (body, cx) => {
    const value = evaluate(body.arg, cx)
    return derive([value], value.type)
  },
  FuncCall: (body: FuncCall, cx) => evaluateCall(body, cx, evaluate),
  NamedArgExpr: (body, cx) => evaluate(body.arg, cx),
  SubLink: (body, cx) => evaluateSubLink(body, cx),
  CaseExpr: (body, cx) => {
    const subject = body.arg === undefined ? undefined : evaluate(body.arg, cx)
    const tests: Value[] = []
    const results: Value[] = []
    for (const node of body.args ?? []) {
      const when = as(node, 'CaseWhen')
      const test = evaluate(when?.expr, cx)
      if (subject !== undefined) reportOperator(cx, ['='], subject, test, at(when?.location))
      tests.push(test)
      results.push(evaluate(when?.result, cx))
    }
    if (body.defresult !== undefined) results.push(evaluate(body.defresult, cx))
    return derive([...(subject === undefined ? [] : [subject]), ...tests, ...results], either(results).type)
  },
  CoalesceExpr: (body, cx) => choice(body.args, cx),
  MinMaxExpr: (body, cx) => choice(body.args, cx),
  RowExpr: (body, cx) => derive(evaluateAll(body.args, cx), RECORD),
  SortBy: (body, cx) => {
    const value = evaluate(body.node, cx)
    if (body.useOp !== undefined) reportOperator(cx, namesOf(body.useOp), value, value, at(body.location))
    return value
  },
  List: (body, cx) => derive(evaluateAll(body.items, cx), 0),
  A_ArrayExpr: (body, cx) => {
    const values = evaluateAll(body.elements, cx)
    return derive(values, cx.run.catalog.type(either(values).type)?.array ?? 0)
  },
  XmlExpr: (body, cx) => {
    const values = [...(body.args ?? []), ...(body.named_args ?? [])].map((arg) => evaluate(as(arg, 'ResTarget')?.val ?? arg, cx))
    return withSpelling(derive(values, 142), values.some((value) => value.type === BYTEA) ? ENCODED : 0)
  },
  XmlSerialize: (body, cx) => {
    const value = evaluate(body.expr, cx)
    return derive([value], convert(cx, body.typeName, value, at(body.location)))
  },
  JsonFuncExpr: (body, cx) => walk(body, cx),
}

function choice(args: readonly Node[] | undefined, cx: Context): Value {
  const values = evaluateAll(args, cx)
  return derive(values, either(values).type)
}

function evaluateCast(body: TypeCast, cx: Context): Value {
  const value = evaluate(body.arg, cx)
  // `$1::text`: the parameter becomes that type itself, unless the client declared another one (see parameter-types.ts).
  const from = as(body.arg, 'ParamRef') === undefined ? value : computed(LITERAL)
  return withSpelling(derive([value], convert(cx, body.typeName, from, at(body.location))), spelledOut(cx, value.type))
}

/** What a value of this type is like once it is text. */
function spelledOut(cx: Context, type: number): number {
  if (type === NODE_TREE) return TREE
  return cx.run.catalog.type(type)?.kind === 'array' ? SPREAD : 0
}

function evaluateIndirection(body: A_Indirection, cx: Context): Value {
  const arg = body.arg as Node
  const value = evaluatePlain(arg, cx)
  for (const step of body.indirection ?? []) if (as(step, 'A_Indices') !== undefined) evaluate(step, cx)
  return project(value, arg, body.indirection ?? [], cx, offsetOf(arg))
}

/** As `evaluate`; a column that is only compared with constants is reported as that. */
function evaluateSide(node: Node | undefined, cx: Context, equality: Equality | undefined): Value {
  if (node === undefined || equality === undefined || as(node, 'ColumnRef') === undefined) return evaluate(node, cx)
  const value = evaluatePlain(node, cx)
  emit(cx, value, 'uses', offsetOf(node), isComparable(value, cx) ? equality : undefined)
  return value
}

function evaluateOperator(body: A_Expr, cx: Context): Value {
  const equality = equalityOf(body, cx)
  const left = body.lexpr === undefined ? undefined : evaluateSide(body.lexpr, cx, equality)
  const right = evaluateSide(body.rexpr, cx, equality)
  const offset = at(body.location)
  const names = namesOf(body.name)
  const both = left === undefined ? [right] : [left, right]
  switch (body.kind) {
    case 'AEXPR_OP':
      return derive(both, reportOperator(cx, names, left, right, offset))
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      reportOperator(cx, names, left, { ...right, type: cx.run.catalog.type(right.type)?.element ?? 0 }, offset)
      return derive(both, BOOL)
    case 'AEXPR_NULLIF':
      reportOperator(cx, ['='], left, right, offset)
      return derive(both, left?.type ?? 0)
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      for (const name of ['<', '<=', '>', '>=']) reportOperator(cx, [name], left, itemTypes(body.rexpr), offset)
      return derive(both, BOOL)
    case 'AEXPR_IN':
      reportOperator(cx, names, left, itemTypes(body.rexpr), offset)
      return derive(both, BOOL)
    case 'AEXPR_SIMILAR':
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      reportOperator(cx, names, left, right, offset)
      return derive(both, BOOL)
    default:
      cx.run.facts.unknown(`expression ${body.kind ?? ''}`, true, offset)
      return unknownValue(both)
  }
}

/** The common type of a list's constants, for `IN (…)`; nothing is reported again. */
function itemTypes(list: Node | undefined): Value {
  const types = new Set((as(list, 'List')?.items ?? []).map((item) => literalType(item)))
  types.delete(LITERAL)
  const [only] = types
  return computed(types.size === 0 ? LITERAL : types.size === 1 ? (only ?? 0) : 0)
}

function literalType(node: Node): number {
  const constant = as(node, 'A_Const') as { ival?: unknown; fval?: unknown; boolval?: unknown } | undefined
  if (constant === undefined) return 0
  if (constant.ival !== undefined) return INT4
  if (constant.fval !== undefined) return NUMERIC
  return constant.boolval !== undefined ? BOOL : LITERAL
}

function evaluateSubLink(body: SubLink, cx: Context): Value {
  const within = inner(cx)
  const exists = body.subLinkType === 'EXISTS_SUBLINK'
  const result = cx.run.query(body.subselect as Node, within, exists ? 'exists' : 'rows')
  const values = result.columns.map((column) => column.value)
  const first = values[0] ?? computed(0)
  const offset = at(body.location)
  switch (body.subLinkType) {
    case 'EXISTS_SUBLINK':
      return computed(BOOL)
    case 'EXPR_SUBLINK':
      // Its one value passes through; several are a row that is compared or stored.
      if (values.length > 1) for (const value of values) emit(within, value, 'uses', offset)
      if (result.open) return unknownValue(values)
      return values.length > 1 ? derive(values, RECORD) : first
    case 'ARRAY_SUBLINK':
      for (const value of values) emit(within, value, 'uses', offset)
      return derive(values, cx.run.catalog.type(first.type)?.array ?? 0)
    case 'ANY_SUBLINK':
    case 'ALL_SUBLINK': {
      const left = evaluate(body.testexpr, cx)
      for (const value of values) emit(within, value, 'uses', offset)
      const operator = namesOf(body.operName)
      reportOperator(cx, operator.length === 0 ? ['='] : operator, left, left.type === RECORD ? computed(0) : first, offset)
      return derive([left, ...values], BOOL)
    }
    default:
      if (body.subLinkType !== 'MULTIEXPR_SUBLINK' && body.subLinkType !== 'ROWCOMPARE_SUBLINK') {
        cx.run.facts.unknown(`subquery ${body.subLinkType ?? ''}`, true, offset)
      }
      for (const value of values) emit(within, value, 'uses', offset)
      return derive(values, RECORD)
  }
}
