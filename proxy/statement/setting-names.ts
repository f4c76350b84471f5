import type { Node, SelectStmt } from '@pgsql/types'
import { findColumn, findItem, type Item, type Level } from './scope.ts'
import { as, constantOf, namesOf } from './tree.ts'
import type { Value } from './value.ts'

/**
 * Is this `name` of PostgreSQL's own pg_settings, read straight from it? That view lists no setting that a team made up to keep values in
 * (PostgreSQL hides custom placeholders from it), so `current_setting(s.name)` tells no more than the view does.
 */
export function isSettingName(node: Node | undefined, level: Level | undefined): boolean {
  const fields = as(node, 'ColumnRef')?.fields
  const names = namesOf(fields)
  if (fields === undefined || names.length !== fields.length || names.length > 2 || level === undefined) return false
  const name = names.at(-1) ?? ''
  const [only] = level.items
  const item = names.length === 2 ? findItem(undefined, names[0] ?? '', level) : level.items.length === 1 ? only : undefined
  const value = names.length === 2 ? item?.column(name) : findColumn(name, level)
  return item !== undefined && value !== undefined && isNameOfSettings(item, value)
}

function isNameOfSettings(item: Item, value: Value): boolean {
  const [relation] = item.relations
  if (relation === undefined || item.relations.length !== 1 || !relation.system || relation.name !== 'pg_settings') return false
  const [source] = value.sources
  return value.known && value.sources.length === 1 && source?.oid === relation.oid && source.attnum === relation.column('name')?.attnum
}

/**
 * The select list, with `set_config(name, …)` over `pg_settings WHERE name = 'x'` read as `set_config('x', …)`: how pg_dump changes a
 * setting only where the server has it.
 */
export function settledTargets(node: SelectStmt, level: Level): readonly Node[] {
  const targets = node.targetList ?? []
  // Only this query's own rows are those that its WHERE leaves.
  const own = { ...level, parent: undefined }
  const setting = settingOf(node.whereClause, own)
  if (setting === undefined) return targets
  return targets.map((target) => {
    const result = as(target, 'ResTarget')
    const call = as(result?.val, 'FuncCall')
    const [first, ...rest] = call?.args ?? []
    if (call === undefined || namesOf(call.funcname).at(-1) !== 'set_config' || !isSettingName(first, own)) return target
    return { ResTarget: { ...result, val: { FuncCall: { ...call, args: [setting, ...rest] } } } }
  })
}

/** `'x'` of `name = 'x'`. */
function settingOf(where: Node | undefined, level: Level): Node | undefined {
  const compared = as(where, 'A_Expr')
  const right = compared?.rexpr
  if (compared?.kind !== 'AEXPR_OP' || namesOf(compared.name).join('.') !== '=') return undefined
  if (level.items.length !== 1 || !isSettingName(compared.lexpr, level)) return undefined
  return right !== undefined && 'A_Const' in right && constantOf(right) !== undefined ? right : undefined
}
