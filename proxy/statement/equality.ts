import type { A_Expr, Node, TypeName } from '@pgsql/types'
import type { Analysing, Context } from './context.ts'
import type { ColumnUse, Equality, ParameterUse } from './facts.ts'
import { as, at, namesOf } from './tree.ts'
import { baseOf, resolveType } from './types.ts'
import type { Value } from './value.ts'

/** `pg_type.oid`: text, varchar, character(n), uuid. */
const COMPARED = new Set([25, 1043, 1042, 2950])

/** What a constant may be cast to, and still be itself: text, varchar, uuid. */
const CASTS = new Set([25, 1043, 2950])
const ARRAY_CASTS = new Set([1009, 1015, 2951])

/**
 * The equality that an operator is, if one side is a name and the other nothing but plain strings and parameters. Where the constants stand
 * is told, never what they are: texts that differ in constants share their facts. `undefined` too where the team has an operator of that
 * name which could be meant, and inside views and bodies, whose offsets are another text's.
 */
export function equalityOf(body: A_Expr, cx: Context): Equality | undefined {
  if (cx.run.pinned || !isEquality(body, cx)) return undefined
  let known = met.get(cx.run)
  if (known === undefined) {
    known = new Map()
    met.set(cx.run, known)
  }
  // One object for one place in the text, however often it is read: parameters are counted by it.
  const before = known.get(body)
  if (before !== undefined) return before
  const equality = readEquality(body, cx)
  if (equality !== undefined) known.set(body, equality)
  return equality
}

const met = new WeakMap<Analysing, Map<A_Expr, Equality>>()

function readEquality(body: A_Expr, cx: Context): Equality | undefined {
  const { lexpr: left, rexpr: right } = body
  const leftNamed = as(left, 'ColumnRef') !== undefined
  switch (body.kind) {
    case 'AEXPR_OP':
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT':
      if (leftNamed) return gather([right], cx, CASTS, false)
      return as(right, 'ColumnRef') === undefined ? undefined : gather([left], cx, CASTS, false)
    case 'AEXPR_IN':
      return leftNamed ? gather(as(right, 'List')?.items ?? [], cx, CASTS, false) : undefined
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      if (!leftNamed) return undefined
      const list = as(uncast(right, cx, ARRAY_CASTS), 'A_ArrayExpr')
      return list === undefined ? gather([right], cx, ARRAY_CASTS, true) : gather(list.elements ?? [], cx, CASTS, false)
    }
    default:
      return undefined
  }
}

/** A base column's own value, of a type whose equality is that of its characters. */
export function isComparable(value: Value, cx: Context): boolean {
  if (!value.plain || !value.known || value.sources.length === 0) return false
  return COMPARED.has(baseOf(cx.run.catalog, value.type)) && value.sources.every((source) => source.plain && source.attnum > 0)
}

/** Every parameter of the tree, wherever it hangs, against those in the equalities. */
export function parametersOf(tree: unknown, columns: readonly ColumnUse[]): ParameterUse {
  const compared = new Map<number, number>()
  for (const equals of new Set(columns.map((use) => use.equals)))
    for (const number of equals?.parameters ?? []) compared.set(number, (compared.get(number) ?? 0) + 1)
  const times = new Map<number, number>()
  const stack: unknown[] = [tree]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (typeof part !== 'object' || part === null) continue
    // What a constant says is not read here: the facts would depend on it.
    if ('A_Const' in part) continue
    const { ParamRef: parameter } = part as { ParamRef?: { number?: number } }
    if (parameter === undefined) for (const one of Object.values(part)) stack.push(one)
    else times.set(parameter.number ?? 0, (times.get(parameter.number ?? 0) ?? 0) + 1)
  }
  const elsewhere = [...times].filter(([number, count]) => count !== compared.get(number)).map(([number]) => number)
  return { highest: Math.max(0, ...times.keys()), elsewhere }
}

function isEquality({ name }: A_Expr, cx: Context): boolean {
  const names = namesOf(name)
  if (names.length !== 1 || (names[0] !== '=' && names[0] !== '<>')) return false
  return cx.run.catalog.operatorsNamed(names[0]).every((one) => one.system || !(couldCompare(one.left, cx) || couldCompare(one.right, cx)))
}

/** Of a team's operator: it could be the one for these columns. */
function couldCompare(oid: number, cx: Context): boolean {
  const type = cx.run.catalog.type(oid)
  return type === undefined || type.kind === 'pseudo' || type.kind === 'domain' || COMPARED.has(oid)
}

/** Undefined when one of them is anything else. */
function gather(nodes: readonly (Node | undefined)[], cx: Context, casts: ReadonlySet<number>, arrays: boolean): Equality | undefined {
  const constants: number[] = []
  const parameters: number[] = []
  for (const node of nodes) {
    const inner = uncast(node, cx, casts)
    const parameter = as(inner, 'ParamRef')
    const constant = as(inner, 'A_Const') as { sval?: unknown; location?: number } | undefined
    if (parameter?.number !== undefined) parameters.push(parameter.number)
    else if (constant?.sval !== undefined) constants.push(at(constant.location))
    else return undefined
  }
  return constants.length + parameters.length === 0 ? undefined : { constants, parameters, arrays }
}

/** What stands below a cast that changes nothing. */
function uncast(node: Node | undefined, cx: Context, casts: ReadonlySet<number>): Node | undefined {
  const cast = as(node, 'TypeCast')
  if (cast === undefined) return node
  // `text '…'` is a constant's own form, in which no parameter can stand: such a cast has no place.
  if (cast.location === undefined || cast.location < 0) return undefined
  return changesNothing(cast.typeName, cx, casts) ? cast.arg : undefined
}

/** `varchar(3)` would cut. */
function changesNothing(name: TypeName | undefined, cx: Context, casts: ReadonlySet<number>): boolean {
  if ((name?.typmods ?? []).length > 0 || (name?.arrayBounds ?? []).length > 1) return false
  const types = resolveType(cx, name)
  return types.length > 0 && types.every((type) => casts.has(type.oid))
}
