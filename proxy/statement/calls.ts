import type { Catalog, FunctionInfo } from '../catalog/catalog.ts'
import { type Context, spend } from './context.ts'
import { classify } from './functions/classify.ts'
import { matchesPath } from './paths.ts'
import { reportOwn } from './routines/report-own.ts'
import { coercible, isAny, reportImplicit } from './types.ts'
import { computed, LITERAL, type Value } from './value.ts'

/** A call as written. */
export interface Call {
  readonly schema: string | undefined
  readonly name: string
  readonly args: readonly Value[]
  readonly offset: number
  /** `f => 1` or VARIADIC: only the number of arguments is told. */
  readonly named: boolean
  /** `f`, or `p` for CALL. */
  readonly kind: 'f' | 'p'
}

/** Reports the function, whichever it is, and gives those that it may be. */
export function reportCall(cx: Context, call: Call): readonly FunctionInfo[] {
  spend(cx)
  const { catalog, facts, pinned } = cx.run
  const named = matchesPath(catalog, catalog.functionsNamed(call.name), call.schema, pinned, false)
  const found = meant(catalog, named, call)
  const shown = call.schema === undefined ? call.name : `${call.schema}.${call.name}`
  if (found.length === 0) {
    const what = named.length === 0 ? `function "${shown}"` : `function ${named[0]?.signature ?? shown}, called with other arguments`
    facts.unknown(what, true, call.offset)
  }
  for (const fn of found) reportFunction(cx, fn, call.offset)
  for (const arg of call.args) reportImplicit(cx, arg.type, call.offset)
  return found
}

/** What this one function does when it runs. */
export function reportFunction(cx: Context, fn: FunctionInfo, offset: number): void {
  const { facts } = cx.run
  facts.fn(`${fn.schema}.${fn.name}`, offset)
  const what = classify(fn)
  if (what === 'harmless') return
  if (what === 'unknown') reportOwn(cx, fn, `${fn.kind === 'p' ? 'procedure' : 'function'} ${fn.signature}`, offset)
  else facts.verb(what.verb, `${fn.name}() ${what.because}`, offset)
}

/** Those of the name that the arguments do not rule out. */
function meant(catalog: Catalog, named: readonly FunctionInfo[], call: Call): readonly FunctionInfo[] {
  const own = named.filter((fn) => fn.system && takesCount(fn, call.args.length))
  const ownMatching = own.filter((fn) => takesTypes(catalog, fn, call, []))
  const others = named.filter(
    (fn) => !fn.system && takesCount(fn, call.args.length) && takesTypes(catalog, fn, call, own) && !isHidden(catalog, fn, own, call),
  )
  const result = [...(ownMatching.length > 0 ? ownMatching : own), ...others]
  // The server may know better than this rough matching of types: then each of the name counts.
  return result.length > 0 ? result : named.filter((fn) => takesCount(fn, call.args.length))
}

/** pg_catalog's own function of the very same arguments is found first. */
function isHidden(catalog: Catalog, fn: FunctionInfo, own: readonly FunctionInfo[], call: Call): boolean {
  if (call.schema !== undefined || !catalog.systemFirst || fn.args === undefined) return false
  const wanted = fn.args.join(' ')
  return own.some((one) => one.schema === 'pg_catalog' && one.args !== undefined && !one.variadic && one.args.join(' ') === wanted)
}

function takesCount(fn: FunctionInfo, count: number): boolean {
  if (fn.args === undefined) return true
  if (fn.kind === 'p') return count <= fn.args.length + fn.outs.length
  if (fn.variadic && count >= fn.args.length - 1 - fn.defaults) return true
  // Ordered-set aggregates take their direct arguments and the ordered ones together.
  return count <= fn.args.length && count >= fn.args.length - fn.defaults
}

function takesTypes(catalog: Catalog, fn: FunctionInfo, call: Call, own: readonly FunctionInfo[]): boolean {
  if (fn.args === undefined || call.named || fn.variadic) return true
  return call.args.every((arg, place) => {
    const wanted = fn.args?.[place]
    if (wanted === undefined) return true
    if (arg.type === LITERAL) return isAny(wanted) || !prefersText(catalog, own, place) || isText(catalog, wanted)
    return coercible(catalog, arg.type, wanted)
  })
}

/** Is there a function of that name which takes one argument of that type? */
export function mayTake(catalog: Catalog, name: string, type: number): boolean {
  const call: Call = { schema: undefined, name, args: [computed(type)], offset: 0, named: false, kind: 'f' }
  return catalog.functionsNamed(name).some((fn) => takesCount(fn, 1) && takesTypes(catalog, fn, call, []))
}

/** An untyped literal goes to a parameter of the string category if any candidate has one there (PostgreSQL manual, section 10.3, rule 4.e). */
function prefersText(catalog: Catalog, own: readonly FunctionInfo[], place: number): boolean {
  return own.some((fn) => fn.args?.[place] !== undefined && isText(catalog, fn.args[place]))
}

function isText(catalog: Catalog, oid: number): boolean {
  return catalog.type(oid)?.category === 'S'
}

/** The result's type if all candidates agree, polymorphic ones filled from the arguments; 0 otherwise. */
export function resultType(catalog: Catalog, found: readonly FunctionInfo[], args: readonly Value[]): number {
  let result: number | undefined
  for (const fn of found) {
    const type = resultOf(catalog, fn, args)
    if (result !== undefined && result !== type) return 0
    result = type
  }
  return result ?? 0
}

function resultOf(catalog: Catalog, fn: FunctionInfo, args: readonly Value[]): number {
  if (!isAny(fn.returns)) return fn.returns
  const place = fn.args?.findIndex(isAny) ?? -1
  const given = args[place]?.type ?? 0
  if (place === -1 || given === 0 || given === LITERAL) return 0
  const type = catalog.type(given)
  const isArray = type?.kind === 'array'
  switch (fn.returns) {
    case 2283: // anyelement
    case 5077: // anycompatible
      return isArray && fn.args?.[place] !== 2283 && fn.args?.[place] !== 5077 ? (type.element ?? 0) : given
    case 2277: // anyarray
    case 5078: // anycompatiblearray
      return isArray ? given : (type?.array ?? 0)
    default:
      return given
  }
}
