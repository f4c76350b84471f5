import type { Node, RangeVar } from '@pgsql/types'
import type { Context } from './context.ts'
import type { Verb } from './facts.ts'
import { candidates } from './relations.ts'
import { as, at, namesOf } from './tree.ts'

/**
 * The relations that a command names, so that rules of tables hold for it: every RangeVar in its tree, and DROP's and COMMENT's lists of
 * names. One that does not exist is what the command makes, or the server's error.
 */
export function reportNamed(cx: Context, body: unknown, verb: Verb): void {
  visit(body, 0, (range) => reportRange(cx, range, verb))
}

function reportRange(cx: Context, range: RangeVar, verb: Verb): void {
  const offset = at(range.location)
  for (const relation of candidates(cx.run.catalog, range.schemaname, range.relname ?? '', false)) {
    cx.run.facts.relation(relation, 'write', { offset, length: 0 }, undefined, verb)
  }
}

function visit(part: unknown, depth: number, found: (range: RangeVar) => void): void {
  if (typeof part !== 'object' || part === null || depth > 60) return
  if (Array.isArray(part)) {
    for (const one of part) visit(one, depth + 1, found)
    return
  }
  if ('relname' in part) found(part as RangeVar)
  for (const one of Object.values(part)) visit(one, depth + 1, found)
}

/** DROP TABLE a, b.c. */
export function reportDropped(cx: Context, objects: readonly Node[] | undefined, verb: Verb): void {
  for (const node of objects ?? []) {
    const names = namesOf(as(node, 'List')?.items)
    if (names.length === 0) continue
    reportRange(cx, { relname: names.at(-1) ?? '', ...(names.length > 1 ? { schemaname: names.at(-2) ?? '' } : {}) }, verb)
  }
}
