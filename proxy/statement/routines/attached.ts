import type { AttachedCode, Catalog, FunctionInfo, Relation } from '../../catalog/catalog.ts'
import type { Context } from '../context.ts'
import { classify } from '../functions/classify.ts'
import type { RoutineOf } from './routine-shape.ts'

/** What is done to a table, as far as it decides which of its code runs. */
export type Doing = AttachedCode['on']

/**
 * Code that the team has put on the table and that runs with the statement, though nobody names it. It is trusted, with what it is seen to write
 * reported; see docs/decisions/006-code-in-the-database.md.
 */
export function reportAttached(cx: Context, relation: Relation, doing: Doing, offset: number): void {
  for (const one of withChildren(cx.run.catalog, relation, doing)) {
    for (const code of one.attached) {
      const fn = cx.run.catalog.fn(code.fn)
      if (fn === undefined || !code.on.some((when) => doing.includes(when)) || classify(fn) !== 'unknown') continue
      if (code.kind === 'policy') reportPolicy(cx, one, code, fn, doing, offset)
      reportWrites(cx, one, code, fn, offset)
    }
  }
}

/** Reading rows is not meant to run code that nobody can read; a policy's function that is STABLE or IMMUTABLE cannot write by itself. */
function reportPolicy(cx: Context, relation: Relation, code: AttachedCode, fn: FunctionInfo, doing: Doing, offset: number): void {
  if (!doing.includes('read')) return
  const hidden = unreadIn(cx.run.catalog, fn, cx.run.bodyOf, new Set())
  if (hidden === undefined) return
  cx.run.facts.unknown(`function ${hidden.signature}, which policy ${code.name} on ${relation.label} runs,`, false, offset, hidden.oid)
}

/** A VOLATILE function behind this one whose body cannot be read whole. */
function unreadIn(catalog: Catalog, fn: FunctionInfo, bodyOf: RoutineOf, seen: Set<number>): FunctionInfo | undefined {
  if (seen.has(fn.oid)) return undefined
  seen.add(fn.oid)
  const shape = bodyOf(fn)
  if (shape.unread !== undefined && fn.volatility === 'v') return fn
  for (const one of shape.facts.unknowns) {
    const called = one.fn === undefined ? undefined : catalog.fn(one.fn)
    const found = called === undefined ? undefined : unreadIn(catalog, called, bodyOf, seen)
    if (found !== undefined) return found
  }
  return undefined
}

/** On a read what a policy writes is the statement's own doing; on a write it comes with it, as what a trigger writes does. */
function reportWrites(cx: Context, relation: Relation, code: AttachedCode, fn: FunctionInfo, offset: number): void {
  const { facts, catalog } = cx.run
  const by = code.kind === 'policy' ? 'function' : 'trigger'
  const via = `${code.kind} ${code.name} on ${relation.label}`
  for (const use of cx.run.bodyOf(fn).facts.relations) {
    const written = catalog.relation(use.oid)
    if (written === undefined || use.access === 'read') continue
    facts.relation(written, use.access, { offset, length: 0 }, via, use.verb, { by, fn: fn.oid })
  }
}

/** Rows of a partitioned table are written into its partitions, whose own triggers fire. Policies and defaults are those of the table that is named. */
function withChildren(catalog: Catalog, relation: Relation, doing: Doing): readonly Relation[] {
  if (relation.children.length === 0 || doing.includes('read')) return [relation]
  const all = new Set([relation])
  for (const one of all) {
    for (const oid of one.children) {
      const child = catalog.relation(oid)
      if (child !== undefined) all.add(child)
    }
  }
  return [...all]
}
