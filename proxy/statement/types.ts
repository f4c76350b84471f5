import type { TypeName } from '@pgsql/types'
import type { CastInfo, Catalog, TypeInfo } from '../catalog/catalog.ts'
import type { Context } from './context.ts'
import { classify } from './functions/classify.ts'
import { hasHarmlessTypes } from './functions/extensions.ts'
import { matchesPath } from './paths.ts'
import { reportUnseen } from './routines/report-own.ts'
import { at, namesOf } from './tree.ts'
import { LITERAL, RECORD } from './value.ts'

/** Every type that the name may mean, arrays applied. Reports a name that nothing answers to. */
export function resolveType(cx: Context, name: TypeName | undefined): readonly TypeInfo[] {
  if (name === undefined) return []
  const { catalog, facts, pinned } = cx.run
  const names = namesOf(name.names)
  const last = names.at(-1) ?? ''
  const schema = names.at(-2)
  const found = matchesPath(catalog, catalog.typesNamed(last), schema, pinned)
  if (found.length === 0) facts.unknown(`type "${names.join('.')}"`, false, at(name.location))
  if ((name.arrayBounds ?? []).length === 0) return found
  return found.map((type) => catalog.type(type.array) ?? type)
}

/** One OID if only one type can be meant. */
export function onlyType(types: readonly TypeInfo[]): number {
  return types.length === 1 ? (types[0]?.oid ?? 0) : 0
}

/** A value becomes this type: its input function, a cast's function or a domain's CHECK may run. Reports what is not PostgreSQL's own. */
export function reportConversion(cx: Context, types: readonly TypeInfo[], source: number, offset: number): void {
  for (const type of types) {
    if (type.system) {
      reportCasts(cx, type.oid, source, offset)
      continue
    }
    if (runsCode(cx.run.catalog, type, new Set())) cx.run.facts.unknown(`type ${type.schema}.${type.name}, which runs code`, true, offset)
    reportCasts(cx, type.oid, source, offset)
  }
}

/** A cast that a team wrote, from this type (or one that is not known) to the other. */
function reportCasts(cx: Context, target: number, source: number, offset: number): void {
  const { catalog, facts } = cx.run
  if (source === LITERAL || source === target) return
  for (const cast of catalog.codeCasts) {
    if (cast.target !== target || (source !== 0 && !mayBe(catalog, source, cast.source))) continue
    reportCast(cx, cast, offset)
  }
  function reportCast(_: Context, cast: CastInfo, where: number): void {
    const fn = catalog.fn(cast.fn)
    if (fn !== undefined && classify(fn) === 'harmless') return
    if (fn === undefined) facts.unknown(`cast through function ${cast.fn}`, true, where)
    else reportUnseen(cx, fn, `cast through function ${fn.signature}`, where)
  }
}

/** A value is handed to a function or operator: casts that a team made implicit may run unseen. */
export function reportImplicit(cx: Context, source: number, offset: number): void {
  if (source === 0 || source === LITERAL) return
  for (const cast of cx.run.catalog.codeCasts) {
    if (cast.context !== 'i' || cast.source !== source) continue
    const fn = cx.run.catalog.fn(cast.fn)
    if (fn === undefined) cx.run.facts.unknown(`cast through function ${cast.fn}`, true, offset)
    else if (classify(fn) !== 'harmless') reportUnseen(cx, fn, `cast through function ${fn.signature}`, offset)
  }
}

function mayBe(catalog: Catalog, source: number, wanted: number): boolean {
  return source === wanted || source === RECORD || baseOf(catalog, source) === wanted
}

/** Below all domains. */
export function baseOf(catalog: Catalog, oid: number): number {
  let type = catalog.type(oid)
  for (let depth = 0; type?.kind === 'domain' && type.base !== undefined && depth < 32; depth += 1) type = catalog.type(type.base)
  return type?.oid ?? oid
}

/** Domains with a CHECK of the team's, base types of extensions that nobody looked at, and all that contains one. */
export function runsCode(catalog: Catalog, type: TypeInfo, seen: Set<number>): boolean {
  if (type.system || seen.has(type.oid)) return false
  seen.add(type.oid)
  if (type.runsCode) return true
  const inner = [type.base, type.element]
  if (type.kind === 'composite') inner.push(...(catalog.relation(type.relation)?.columns ?? []).map((column) => column.type))
  if (type.kind === 'base' && !hasHarmlessTypes(type.extension)) return true
  return inner.some((oid) => {
    const below = oid === undefined ? undefined : catalog.type(oid)
    return below !== undefined && runsCode(catalog, below, seen)
  })
}

/** Pseudo-types that stand for whatever comes (pg_type.typname `any…`). */
const ANY = new Set([2276, 2277, 2283, 2776, 3500, 3831, 4537, 5077, 5078, 5079, 5080, 4538])
export const isAny = (oid: number): boolean => ANY.has(oid)

/** `anyarray` takes arrays, `anyrange` ranges and so on. */
function fitsAny(kind: TypeInfo['kind'] | undefined, target: number): boolean {
  if (kind === undefined) return true
  if (target === 2277 || target === 5078) return kind === 'array'
  if (target === 2776 || target === 5079) return kind !== 'array'
  if (target === 3831 || target === 5080) return kind === 'range'
  if (target === 4537 || target === 4538) return kind === 'multirange'
  return target !== 3500 || kind === 'enum'
}

/** Could a value of this type be handed to a parameter of that type? Errs towards yes. */
export function coercible(catalog: Catalog, source: number, target: number): boolean {
  if (source === 0 || source === LITERAL || source === target || isAny(source)) return true
  if (isAny(target)) return fitsAny(catalog.type(baseOf(catalog, source))?.kind, target)
  const base = baseOf(catalog, source)
  const wanted = baseOf(catalog, target)
  if (base === wanted || catalog.implicit(base, wanted)) return true
  if (catalog.codeCasts.some((cast) => cast.context === 'i' && cast.source === base && cast.target === wanted)) return true
  const from = catalog.type(base)
  const to = catalog.type(wanted)
  if (from === undefined || to === undefined) return true
  if (base === RECORD || wanted === RECORD) return from.kind === 'composite' || to.kind === 'composite' || base === wanted
  if (from.kind === 'composite' && to.kind === 'composite') return true
  if (from.kind === 'array' && to.kind === 'array') return coercible(catalog, from.element ?? 0, to.element ?? 0)
  return false
}
