import type { FunctionInfo } from '../../catalog/catalog.ts'
import type { Context } from '../context.ts'
import { classify } from '../functions/classify.ts'
import { derive, type Value } from '../value.ts'
import type { RoutineShape } from './routine-shape.ts'

/**
 * The statement runs code of the team's: unknown until an admin has vouched for it, and what its body does counts in any case. `what` names it as it
 * stands in the statement. An aggregate is what it is made of.
 */
export function reportOwn(cx: Context, fn: FunctionInfo, what: string, offset: number): void {
  if (fn.support !== undefined) {
    for (const oid of fn.support) {
      const part = cx.run.catalog.fn(oid)
      if (part === undefined || classify(part) !== 'harmless') reportPart(cx, fn, part, offset)
    }
    return
  }
  cx.run.facts.unknown(what, true, offset, fn.source === undefined ? undefined : fn.oid)
  if (fn.code !== undefined) importBody(cx, fn, offset)
}

/** The same for code that an operator or a cast runs: what it returns cannot be followed from there, so all that is computed may hold it. */
export function reportUnseen(cx: Context, fn: FunctionInfo, what: string, offset: number): void {
  reportOwn(cx, fn, what, offset)
  const value = bodyValue(cx, [fn])
  if (!value.known || value.sources.length > 0) cx.run.marks.blurred = true
}

function reportPart(cx: Context, whole: FunctionInfo, part: FunctionInfo | undefined, offset: number): void {
  const what = `function ${part?.signature ?? 'that is not there'} (in aggregate ${whole.signature})`
  if (part === undefined) cx.run.facts.unknown(what, true, offset)
  else reportOwn(cx, part, what, offset)
}

/** What the body does, the statement does. What it leaves unknown is covered by the function's own vouch, except for other functions. */
export function importBody(cx: Context, fn: FunctionInfo, offset: number): RoutineShape {
  const { facts, catalog } = cx.run
  const shape = cx.run.bodyOf(fn)
  const span = { offset, length: 0 }
  for (const { verb, what, changesReading } of shape.facts.because) facts.verb(verb, what, offset, changesReading)
  for (const use of shape.facts.relations) {
    const relation = catalog.relation(use.oid)
    if (relation === undefined) continue
    const via = use.by === undefined ? fn.signature : use.via
    facts.relation(relation, use.access, span, via, use.verb, { by: use.by ?? 'function', fn: use.fn ?? fn.oid })
  }
  for (const use of shape.facts.columns) {
    const relation = catalog.relation(use.oid)
    if (relation !== undefined) facts.column(relation, use.attnum, 'uses', span)
  }
  for (const one of shape.facts.functions) facts.fn(one.name, offset)
  for (const one of shape.facts.unknowns) if (one.fn !== undefined && one.fn !== fn.oid) facts.unknown(one.what, one.code, offset, one.fn)
  if (shape.withoutWhere) facts.withoutWhere()
  return shape
}

/** What a call of these may return besides what is made of its arguments. */
export function bodyValue(cx: Context, found: readonly FunctionInfo[]): Value {
  let value = derive([], 0)
  for (const fn of found) {
    const parts = (fn.support ?? [fn.oid]).map((oid) => cx.run.catalog.fn(oid))
    for (const part of parts) {
      if (part?.code === undefined) continue
      const shape = cx.run.bodyOf(part)
      const body: Value = {
        sources: shape.sources,
        plain: false,
        known: shape.unread === undefined || shape.unread === OTHER_LANGUAGE,
        type: 0,
      }
      value = derive([value, body], 0)
    }
  }
  return value
}

/** Its vouch says that it makes its result of its arguments. */
export const OTHER_LANGUAGE = 'its language is not read'
