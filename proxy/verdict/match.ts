import type { Catalog } from '../catalog/catalog.ts'
import type { RelationUse } from '../statement/facts.ts'
import type { Atom, Taken } from './atoms.ts'
import type { SessionSoFar } from './decide.ts'
import { familyOf } from './labels.ts'
import { compilePattern, splitName } from './patterns.ts'
import type { Rule } from './policy.ts'

/** Does the rule speak of this atom of this statement? Every condition that the rule gives must hold. */
export function matches(rule: Rule, atom: Atom, taken: Taken, catalog: Catalog, now: Date, session: SessionSoFar): boolean {
  return (
    (rule.statements === undefined || rule.statements.includes(atom.verb)) &&
    (rule.tables === undefined || matchesTables(rule, rule.tables, atom, taken, catalog)) &&
    (rule.touches === undefined || rule.touches.some((label) => taken.shows.has(label) || taken.uses.has(label))) &&
    (rule.shows === undefined || rule.shows.some((label) => taken.shows.has(label))) &&
    (rule.uses === undefined || rule.uses.some((label) => taken.uses.has(label))) &&
    (rule.without === undefined || taken.facts.withoutWhere) &&
    (rule.functions === undefined || matchesFunctions(rule, rule.functions, taken)) &&
    (rule.afterUntrusted === undefined || session.untrusted) &&
    (rule.hours === undefined || isWithin(rule.hours, now))
  )
}

/** `allow` must name the very relation; `ask` and `deny` hold for whatever is reached through it. */
function matchesTables(rule: Rule, tables: readonly string[], atom: Atom, taken: Taken, catalog: Catalog): boolean {
  const use = atom.relation
  if (use === undefined) return rule.effect === 'allow'
  const patterns = tables.map(compilePattern)
  const named = (name: string) => patterns.some((pattern) => pattern(splitName(name)))
  if (rule.effect === 'allow') return named(use.relation)
  return reached(use, taken, catalog).some(named)
}

function reached(use: RelationUse, taken: Taken, catalog: Catalog): string[] {
  const names: string[] = []
  for (const other of [use, ...taken.facts.relations.filter((one) => one.via === use.relation)]) {
    const relation = catalog.relation(other.oid)
    if (relation === undefined) names.push(other.relation)
    else for (const one of familyOf(catalog, relation)) names.push(one.label)
  }
  return names
}

function matchesFunctions(rule: Rule, functions: readonly string[], taken: Taken): boolean {
  const patterns = functions.map(compilePattern)
  const named = (fn: { readonly name: string }) => patterns.some((pattern) => pattern(splitName(fn.name)))
  return rule.effect === 'allow' ? taken.facts.functions.every(named) : taken.facts.functions.some(named)
}

/** `[from, to)` in the host's local time; a span that ends before it begins goes over midnight, and belongs to the day it began. */
export function isWithin(hours: NonNullable<Rule['hours']>, now: Date): boolean {
  const minute = now.getHours() * 60 + now.getMinutes()
  const { fromMinute, toMinute, days } = hours
  const over = toMinute <= fromMinute
  const inside = over ? minute >= fromMinute || minute < toMinute : minute >= fromMinute && minute < toMinute
  if (!inside || days === undefined) return inside
  const began = over && minute < toMinute ? (now.getDay() + 6) % 7 : now.getDay()
  return days.includes(began)
}
