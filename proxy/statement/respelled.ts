import type { FuncCall } from '@pgsql/types'
import { as, constantOf } from './tree.ts'
import type { Value } from './value.ts'

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
/** Cut at its spaces or dashes. */
export const SPLIT = 128
/** A number as the bytes that it has in the binary format. */
export const SENT = 256
/** Taken apart into characters, one a row: there is nothing to search, so it is masked whole. */
export const LETTERS = 512
/** For a column of which nothing is known. */
export const ANY_SPELLING = REVERSED | ENCODED | SPREAD | RECASED | TREE

const named = (bits: number, names: string): [string, number][] => names.split(/\s+/).map((name) => [name, bits])

const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ...named(REVERSED, 'reverse'),
  ...named(REVERSED | SPREAD, 'array_reverse'),
  ...named(ENCODED, 'encode armor'),
  ...named(REGROUPED, 'translate replace regexp_replace overlay to_char'),
  ...named(RECASED, 'upper initcap casefold'),
  ...named(SPREAD | SPLIT, 'string_to_array regexp_split_to_array regexp_match regexp_matches'),
  ...named(SPREAD, 'array_to_string array_to_json to_json to_jsonb array_agg string_agg'),
  ...named(SENT, 'int8send float8send numeric_send'),
  ...named(SPREAD, 'json_agg jsonb_agg json_build_array jsonb_build_array'),
])

/** What a call of PostgreSQL's own function of this name does to its arguments. */
export function respelledBy(name: string, node: FuncCall, args: readonly Value[]): number {
  const bits = FUNCTIONS.get(name) ?? 0
  if (bits & REGROUPED && takesDashesOut(name, node)) return bits | DASHLESS
  return SPLITTING.has(name) && givesLetters(name, node, args) ? bits | LETTERS : bits
}

const SPLITTING = new Set(
  'substr substring get_byte get_bit string_to_array string_to_table regexp_split_to_array regexp_split_to_table'.split(' '),
)

/** `substr(x, g, 1)` and `get_byte(x, g)` where each row brings another `g`; `string_to_array(x, NULL)`; `regexp_split_to_table(x, '')`. */
function givesLetters(name: string, node: FuncCall, args: readonly Value[]): boolean {
  const [, second, third] = node.args ?? []
  if (name.startsWith('string_')) return as(second, 'A_Const')?.isnull === true || constantOf(second) === ''
  if (name.startsWith('regexp_')) return constantOf(second) === ''
  const counted = args[1]?.sources.length === 0 && (as(second, 'ColumnRef') ?? as(second, 'A_Expr')) !== undefined
  return counted && (name.startsWith('get_') || constantOf(third) === '1')
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
