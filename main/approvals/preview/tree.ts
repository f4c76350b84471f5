import type { Node } from '@pgsql/types'
import { readTree } from '../grammar.ts'

/** Fields of the grammar's nodes that say where something stands, and not what it is. */
const PLACES = /^(location|.*_location|list_start|list_end|stmt_len)$/

/** A part of a tree as text, without places: two parts with the same text say the same. */
export function sameText(part: unknown): string {
  return JSON.stringify(part ?? null, (key, value: unknown) => (PLACES.test(key) ? undefined : value))
}

/** The only statement of a text; undefined where there is another number of them, where it is too long, or where the grammar refuses it. */
export function parseOne(text: string): Node | undefined {
  const tree = readTree(text)
  return tree?.stmts?.length === 1 ? tree.stmts[0]?.stmt : undefined
}

/** The grammar takes DEFAULT for an expression, and nothing but INSERT and UPDATE can do anything with it. */
export function hasDefault(part: unknown): boolean {
  return sameText(part).includes('{"SetToDefault":')
}

/** Calls `visit` with each object of a tree, parents first. */
export function walk(part: unknown, visit: (node: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(part)) {
    for (const item of part) walk(item, visit)
    return
  }
  if (part === null || typeof part !== 'object') return
  visit(part as Readonly<Record<string, unknown>>)
  for (const value of Object.values(part)) walk(value, visit)
}
