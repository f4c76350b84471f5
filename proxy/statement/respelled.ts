import type { FuncCall } from '@pgsql/types'
import { constantOf } from './tree.ts'

/**
 * Ways in which an expression can write a text so that it no longer looks like what it is, yet can be read back. Bits, since one value
 * may have come through several. What is searched for patterns is searched in what these undo as well.
 */
export const REVERSED = 1
/** base64 or hexadecimal. */
export const ENCODED = 2
/** Other separators between digits, or none. */
export const REGROUPED = 4
/** Dashes taken out, so that an SSN is nine bare digits. */
export const DASHLESS = 8
/** Each character or digit by itself, as in an array. */
export const SPREAD = 16
/** Capital letters where there were small ones. */
export const RECASED = 32
/** A stored expression tree, in which constants are lists of byte values. */
export const TREE = 64
/** Cut at its spaces. */
export const SPLIT = 128
/** For a column of which nothing is known. */
export const ANY_SPELLING = REVERSED | ENCODED | SPREAD | RECASED | TREE

const named = (bits: number, names: string): [string, number][] => names.split(/\s+/).map((name) => [name, bits])

const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ...named(REVERSED, 'reverse'),
  ...named(REVERSED | SPREAD, 'array_reverse'),
  ...named(ENCODED, 'encode armor'),
  ...named(REGROUPED, 'translate replace regexp_replace overlay to_char'),
  ...named(RECASED, 'upper initcap casefold'),
  ...named(SPREAD | SPLIT, 'string_to_array regexp_split_to_array'),
  ...named(SPREAD, 'array_to_string array_to_json to_json to_jsonb array_agg string_agg'),
  ...named(SPREAD, 'json_agg jsonb_agg json_build_array jsonb_build_array'),
])

/** What a call of PostgreSQL's own function of this name does to its arguments. */
export function respelledBy(name: string, node: FuncCall): number {
  const bits = FUNCTIONS.get(name) ?? 0
  return bits & REGROUPED && takesDashesOut(name, node) ? bits | DASHLESS : bits
}

/** `replace(x, '-', '')`, `translate(x, '- ', '')`. */
function takesDashesOut(name: string, node: FuncCall): boolean {
  if (name !== 'replace' && name !== 'translate') return false
  const [, from, to] = (node.args ?? []).map((arg) => constantOf(arg))
  const at = from?.indexOf('-') ?? -1
  if (from === undefined || to === undefined || at < 0) return false
  return name === 'replace' ? from === '-' && to === '' : at >= to.length
}

/** `xmlelement(…)` writes bytes in base64 or hexadecimal, as the session's `xmlbinary` says. */
export const BYTEA = 17
export const NODE_TREE = 194
