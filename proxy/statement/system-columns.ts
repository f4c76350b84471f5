/**
 * Columns of PostgreSQL's own catalogs that hold other people's values: samples of tables, the text of other sessions' statements,
 * password hashes. `mask`: may come out in place, masked; using them is an administrator's business. `admin`: naming them is.
 */
import type { Relation } from '../catalog/catalog.ts'

export interface SystemColumns {
  /** `*` is every column. */
  readonly columns: readonly string[]
  readonly mode: 'mask' | 'admin'
  readonly why: string
}

const samples = 'holds sampled values of columns'
const statements = 'holds what other sessions run'
const secrets = 'holds credentials'

const TABLE: ReadonlyMap<string, SystemColumns> = new Map([
  [
    'pg_stats',
    {
      columns: ['most_common_vals', 'histogram_bounds', 'most_common_elems', 'range_length_histogram', 'range_bounds_histogram'],
      mode: 'mask',
      why: samples,
    },
  ],
  ['pg_stats_ext', { columns: ['most_common_vals'], mode: 'mask', why: samples }],
  ['pg_stats_ext_exprs', { columns: ['most_common_vals', 'histogram_bounds', 'most_common_elems'], mode: 'mask', why: samples }],
  ['pg_statistic', { columns: ['stavalues1', 'stavalues2', 'stavalues3', 'stavalues4', 'stavalues5'], mode: 'mask', why: samples }],
  ['pg_statistic_ext_data', { columns: ['stxdmcv', 'stxdexpr'], mode: 'mask', why: samples }],
  ['pg_stat_activity', { columns: ['query'], mode: 'mask', why: statements }],
  ['pg_prepared_statements', { columns: ['statement'], mode: 'mask', why: statements }],
  ['pg_cursors', { columns: ['statement'], mode: 'mask', why: statements }],
  ['pg_authid', { columns: ['rolpassword'], mode: 'admin', why: secrets }],
  ['pg_shadow', { columns: ['passwd'], mode: 'admin', why: secrets }],
  ['pg_user_mapping', { columns: ['umoptions'], mode: 'admin', why: secrets }],
  ['pg_user_mappings', { columns: ['umoptions'], mode: 'admin', why: secrets }],
  ['user_mapping_options', { columns: ['option_value'], mode: 'admin', why: secrets }],
  ['_pg_user_mappings', { columns: ['umoptions'], mode: 'admin', why: secrets }],
  ['pg_subscription', { columns: ['subconninfo'], mode: 'admin', why: secrets }],
  ['pg_largeobject', { columns: ['*'], mode: 'admin', why: 'holds large objects, which no rule of columns covers' }],
  ['pg_hba_file_rules', { columns: ['*'], mode: 'admin', why: "shows the server's files" }],
  ['pg_ident_file_mappings', { columns: ['*'], mode: 'admin', why: "shows the server's files" }],
  ['pg_file_settings', { columns: ['*'], mode: 'admin', why: "shows the server's files" }],
  ['pg_backend_memory_contexts', { columns: ['*'], mode: 'admin', why: "shows the server's memory" }],
])

/** Extensions' views, in whatever schema they were put. */
const EXTENSIONS: ReadonlyMap<string, SystemColumns> = new Map([
  ['pg_stat_statements', { columns: ['query'], mode: 'mask', why: statements }],
])

export function systemColumnsOf(relation: Relation): SystemColumns | undefined {
  return relation.system ? TABLE.get(relation.name) : relation.kind === 'v' ? EXTENSIONS.get(relation.name) : undefined
}

/** `attnum` 0 is the whole row. */
export function systemColumn(relation: Relation, attnum: number): SystemColumns | undefined {
  const found = systemColumnsOf(relation)
  if (found === undefined) return undefined
  if (attnum === 0 || found.columns[0] === '*') return found
  return found.columns.some((name) => relation.column(name)?.attnum === attnum) ? found : undefined
}
