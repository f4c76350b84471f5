import type { Node } from '@pgsql/types'
import { parseOne, sameText, walk } from './tree.ts'

/** A bound value as text (null is SQL NULL) and its type as SQL writes it; undefined: as PostgreSQL finds it out. */
export interface BoundValue {
  readonly text: string | null
  readonly type: string | undefined
}

/**
 * The statement with values in place of `$1`, `$2`…, so that the host can plan and count it by itself. It is proved by the grammar: the new text has
 * the very tree of the old one, with each parameter replaced by its literal. Undefined where it cannot be done.
 */
export function putParameters(sql: string, values: readonly BoundValue[]): string | undefined {
  const tree = parseOne(sql)
  if (tree === undefined) return undefined
  const places: { readonly at: number; readonly number: number }[] = []
  walk(tree, (node) => {
    const reference = node['ParamRef'] as { number?: number; location?: number } | undefined
    if (reference !== undefined) places.push({ at: reference.location ?? 0, number: reference.number ?? 0 })
  })
  if (places.length === 0) return sql
  const literals = values.map(literalOf)
  if (places.some(({ number }) => literals[number - 1] === undefined)) return undefined
  const bytes = Buffer.from(sql)
  let made = ''
  let from = 0
  for (const { at, number } of places.toSorted((a, b) => a.at - b.at)) {
    made += `${bytes.toString('utf8', from, at)} ${literals[number - 1]} `
    from = at + 1 + String(number).length
  }
  made += bytes.toString('utf8', from)
  const expected = JSON.stringify(JSON.parse(sameText(tree)), (_key, value: unknown) => inPlace(value, literals))
  return sameText(parseOne(made)) === expected ? made : undefined
}

function inPlace(value: unknown, literals: readonly string[]): unknown {
  if (value === null || typeof value !== 'object' || !('ParamRef' in value)) return value
  const { number = 0 } = value.ParamRef as { number?: number }
  return JSON.parse(sameText(literalTree(literals[number - 1] ?? '')))
}

/** The tree of one literal. */
function literalTree(literal: string): Node | undefined {
  const tree = parseOne(`SELECT ${literal}`)
  const target = tree !== undefined && 'SelectStmt' in tree ? tree.SelectStmt.targetList?.[0] : undefined
  return target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
}

/** `standard_conforming_strings` is on wherever this is sent. */
function literalOf({ text, type }: BoundValue): string {
  const value = text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
  return type === undefined ? value : `CAST(${value} AS ${type})`
}
