import type { Catalog, OperatorInfo } from '../catalog/catalog.ts'
import type { Context } from './context.ts'
import { classify } from './functions/classify.ts'
import { matchesPath } from './paths.ts'
import { reportUnseen } from './routines/report-own.ts'
import { coercible, isAny, reportImplicit } from './types.ts'
import { LITERAL, type Value } from './value.ts'

/** Reports an operator that may be the team's own, and gives the result's type. `left` undefined: prefix. */
export function reportOperator(cx: Context, names: readonly string[], left: Value | undefined, right: Value, offset: number): number {
  const { catalog, facts, pinned } = cx.run
  const name = names.at(-1) ?? ''
  const all = matchesPath(catalog, catalog.operatorsNamed(name), names.at(-2), pinned, false)
  const arity = all.filter((one) => (one.left === 0) === (left === undefined))
  const own = arity.filter((one) => one.system)
  for (const one of arity) {
    if (one.system || isHidden(catalog, one, own, names.length) || !takes(catalog, one, left, right)) continue
    const fn = catalog.fn(one.fn)
    if (fn !== undefined && classify(fn) === 'harmless') continue
    const what = `operator ${one.schema}.${one.name}`
    if (fn === undefined) facts.unknown(what, true, offset)
    else reportUnseen(cx, fn, what, offset)
  }
  if (all.length === 0 && !catalog.assumed) facts.unknown(`operator ${names.join('.')}`, true, offset)
  if (left !== undefined) reportImplicit(cx, left.type, offset)
  reportImplicit(cx, right.type, offset)
  return typeOf(catalog, own, left, right)
}

/** pg_catalog's own operator on the very same types is found first. */
function isHidden(catalog: Catalog, one: OperatorInfo, own: readonly OperatorInfo[], parts: number): boolean {
  return parts === 1 && catalog.systemFirst && own.some((other) => other.left === one.left && other.right === one.right)
}

/** An untyped literal takes the other side's type (PostgreSQL manual, section 10.2). */
function takes(catalog: Catalog, one: OperatorInfo, left: Value | undefined, right: Value): boolean {
  const leftType = left === undefined ? 0 : left.type === LITERAL && right.type !== 0 ? right.type : left.type
  const rightType = right.type === LITERAL && left !== undefined && left.type !== 0 ? left.type : right.type
  if (leftType === LITERAL && rightType === LITERAL && left !== undefined) return catalog.type(one.left)?.category === 'S'
  return (left === undefined || coercible(catalog, leftType, one.left)) && coercible(catalog, rightType, one.right)
}

function typeOf(catalog: Catalog, own: readonly OperatorInfo[], left: Value | undefined, right: Value): number {
  const sideLeft = left === undefined ? 0 : left.type === LITERAL ? right.type : left.type
  const sideRight = right.type === LITERAL && left !== undefined ? left.type : right.type
  const exact = own.filter((one) => one.left === sideLeft && one.right === sideRight)
  const fitting = exact.length > 0 ? exact : own.filter((one) => takes(catalog, one, left, right))
  const pool = fitting.length > 0 ? fitting : own
  const [first] = pool
  if (first === undefined || !pool.every((one) => one.result === first.result)) return 0
  return isAny(first.result) ? polymorphic(catalog, sideLeft, sideRight) : first.result
}

/** `tags || 'x'` is what the array is; of two others nobody here knows. */
function polymorphic(catalog: Catalog, left: number, right: number): number {
  const array = [left, right].find((oid) => catalog.type(oid)?.kind === 'array')
  return array ?? (left === right ? left : 0)
}
