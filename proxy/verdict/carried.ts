import type { Catalog } from '../catalog/catalog.ts'
import type { Carry, CarryTarget, StatementFacts } from '../statement/facts.ts'
import type { Labels } from './labels.ts'
import type { SensitiveLabel } from './policy.ts'

/** A labelled value that goes where its label is not. Names only. */
export interface Carried {
  readonly label: string
  /** `public.customers.ssn`; several with commas. */
  readonly from: string
  /** `public.audit.body`, `a setting`. */
  readonly to: string
  readonly target: CarryTarget
  /** It lies there as it was; otherwise it was computed. */
  readonly plain: boolean
  readonly offset: number
}

const NOTHING: readonly Carried[] = Object.freeze([])
/** Chains inside one string, from one CTE or statement to the next, are no longer. */
const ROUNDS = 8

/**
 * What these statements, one after the other, carry away from its label. `touched`: the labels that each of them touches in any way, for
 * values that cannot be told. What lies where something labelled was put has that label from then on.
 */
export function findCarried(
  facts: readonly StatementFacts[],
  labels: Labels,
  catalog: Catalog,
  touched: readonly ReadonlySet<string>[],
): readonly Carried[] {
  if (facts.every((one) => one.carries === undefined)) return NOTHING
  const gained = new Map<string, Set<string>>()
  const found = new Map<string, Carried>()
  for (let round = 0, before = -1; round < ROUNDS && found.size !== before; round++) {
    before = found.size
    for (const [place, one] of facts.entries()) {
      for (const carry of one.carries ?? []) follow(carry, touched[place] ?? new Set())
    }
  }
  return found.size === 0 ? NOTHING : Object.freeze([...found.values()])

  function follow(carry: Carry, near: ReadonlySet<string>): void {
    const { to, offset } = carry
    const names = new Map<string, { readonly from: Set<string>; plain: boolean }>()
    const take = (label: string, from: string, plain: boolean): void => {
      const there = names.get(label)
      if (there === undefined) names.set(label, { from: new Set([from]), plain })
      else {
        there.from.add(from)
        there.plain &&= plain
      }
    }
    for (const { oid, attnum, plain } of carry.sources) {
      for (const label of labelsAt(oid, attnum)) take(label, nameOf(catalog, oid, attnum), plain)
    }
    if (!carry.known) for (const label of near) take(label, 'what the statement reads', false)
    for (const [label, { from, plain }] of names) {
      if (isCovered(to, label)) continue
      const at = describe(to)
      const key = `${label} ${keyOf(to)}`
      if (!found.has(key)) found.set(key, Object.freeze({ label, from: [...from].sort().join(', '), to: at, target: to, plain, offset }))
      const there = gained.get(keyOf(to))
      if (there === undefined) gained.set(keyOf(to), new Set([label]))
      else there.add(label)
    }
  }

  function labelsAt(oid: number, attnum: number): readonly string[] {
    const own = labels.all(oid, attnum).map((one) => one.label)
    return gained.size === 0 ? own : [...own, ...(gained.get(`${oid} ${attnum}`) ?? [])]
  }

  function isCovered(to: CarryTarget, label: string): boolean {
    return to.kind === 'column' && labels.all(to.oid, to.attnum).some((one) => one.label === label)
  }
}

/** The columns whose values the answer must mask although no label was there when the statement was judged. */
export function gainedLabels(
  carried: readonly Carried[],
  sensitive: readonly SensitiveLabel[],
): ReadonlyMap<string, readonly SensitiveLabel[]> {
  const gained = new Map<string, SensitiveLabel[]>()
  for (const { label, target } of carried) {
    const found = sensitive.find((one) => one.label === label)
    if (found === undefined || target.kind !== 'column') continue
    for (const key of [`${target.oid} ${target.attnum}`, `${target.oid} 0`]) {
      const there = gained.get(key)
      if (there === undefined) gained.set(key, [found])
      else there.push(found)
    }
  }
  return gained
}

function keyOf(to: CarryTarget): string {
  return to.kind === 'column' ? `${to.oid} ${to.attnum}` : describe(to)
}

function describe(to: CarryTarget): string {
  if (to.kind === 'place') return to.what
  if (to.kind === 'column') return `${to.relation}.${to.column}`
  return `${to.schema === undefined ? '' : `${to.schema}.`}${to.name}.${to.column}`
}

function nameOf(catalog: Catalog, oid: number, attnum: number): string {
  const relation = catalog.relation(oid)
  const column = relation?.columns.find((one) => one.attnum === attnum)
  const table = relation?.label ?? `relation ${oid}`
  return column === undefined ? table : `${table}.${column.name}`
}
