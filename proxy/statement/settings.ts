/**
 * Which settings a session may change by itself. An allow-list: anything else is an administrator's business. Used for SET, RESET,
 * set_config() and the options of a startup packet.
 */

/** `harmless`, or why not. */
export type SettingVerdict = { readonly harmless: true } | { readonly harmless: false; readonly why: string }

const OK: SettingVerdict = Object.freeze({ harmless: true })
const no = (why: string): SettingVerdict => ({ harmless: false, why })

/** Change only how values look, how the planner works for this session, or how long it waits. */
const ANY_VALUE = new Set(
  `application_name bytea_output client_min_messages constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost
  cursor_tuple_fraction datestyle default_statistics_target default_text_search_config effective_cache_size enable_async_append
  enable_bitmapscan enable_gathermerge enable_hashagg enable_hashjoin enable_incremental_sort enable_indexonlyscan enable_indexscan
  enable_material enable_memoize enable_mergejoin enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning
  enable_partitionwise_aggregate enable_partitionwise_join enable_seqscan enable_sort enable_tidscan extra_float_digits
  from_collapse_limit geqo geqo_threshold idle_in_transaction_session_timeout intervalstyle jit join_collapse_limit
  lc_messages lc_monetary lc_numeric lc_time lock_timeout max_parallel_workers_per_gather plan_cache_mode quote_all_identifiers
  random_page_cost seq_page_cost statement_timeout synchronize_seqscans timezone transaction_timeout xmlbinary xmloption
  transaction_isolation default_transaction_isolation transaction_deferrable default_transaction_deferrable`.split(/\s+/),
)

/** Harmless only with these values, compared without case. */
const SOME_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['standard_conforming_strings', ['on', 'true', 'yes', '1', 'tr', 't', 'y', 'ye', 'yes']],
  ['client_encoding', ['utf8', 'utf-8', 'unicode']],
  ['default_transaction_read_only', ['on', 'true', 'yes', '1']],
  ['transaction_read_only', ['on', 'true', 'yes', '1']],
  ['escape_string_warning', ['on', 'off', 'true', 'false']],
  ['backslash_quote', ['safe_encoding', 'off']],
  ['row_security', ['on', 'off', 'true', 'false', '1', '0']],
  ['check_function_bodies', ['on', 'off', 'true', 'false']],
  ['default_table_access_method', ['heap']],
  ['default_tablespace', ['']],
  ['restrict_nonsystem_relation_kind', ['', 'view', 'foreign-table', 'view, foreign-table', 'view,foreign-table', 'foreign-table, view']],
  ['default_toast_compression', ['pglz', 'lz4']],
])

/** Those whose default comes from a place that the gateway pins or does not know. */
const NEVER_RESET = new Set([
  'role',
  'session_authorization',
  'client_encoding',
  'standard_conforming_strings',
  'default_transaction_read_only',
])

/**
 * True: the server would read other statements than the grammar does, so no policy can allow it. `value` undefined: not a constant. A
 * change that nobody could see coming is seen when the server reports it, and ends the session.
 */
export function changesReading(name: string, value: readonly string[] | undefined): boolean {
  const key = name.toLowerCase()
  return (key === 'standard_conforming_strings' || key === 'client_encoding') && !judgeSetting(key, value, undefined).harmless
}

/** `value` undefined: not a constant. `schemas`: those that exist. Names are compared without case, as the server does. */
export function judgeSetting(name: string, value: readonly string[] | undefined, schemas: ReadonlySet<string> | undefined): SettingVerdict {
  const key = name.toLowerCase()
  if (value === undefined) return no('the setting or its value is not a constant')
  if (ANY_VALUE.has(key)) return OK
  const allowed = SOME_VALUES.get(key)
  if (allowed !== undefined) {
    const given = value.join(',').toLowerCase()
    return allowed.includes(given) ? OK : no(`${key} may not be set to "${given}"`)
  }
  if (key === 'search_path') return judgeSearchPath(value, schemas)
  return no(`the setting ${key} is not among those that a session may change`)
}

/** RESET and SET … TO DEFAULT. */
export function judgeReset(name: string): SettingVerdict {
  const key = name.toLowerCase()
  if (NEVER_RESET.has(key)) return no(`${key} is kept as the gateway set it`)
  return ANY_VALUE.has(key) || SOME_VALUES.has(key) || key === 'search_path'
    ? OK
    : no(`the setting ${key} is not among those that a session may change`)
}

/** Existing schemas only, and nothing before pg_catalog: otherwise `=` or `lower()` could become somebody's code. */
function judgeSearchPath(value: readonly string[], schemas: ReadonlySet<string> | undefined): SettingVerdict {
  const names = value.length === 1 ? splitPath(value[0] ?? '') : value
  if (names === undefined) return no('the search_path could not be read')
  for (const [place, name] of names.entries()) {
    if (name === 'pg_catalog' && place > 0)
      return no('search_path puts another schema before pg_catalog, which changes what operators and functions mean')
    if (name === '' || name === '$user' || name === 'pg_temp' || name === 'pg_catalog') continue
    if (schemas !== undefined && !schemas.has(name)) return no(`search_path names the schema "${name}", which does not exist`)
  }
  return OK
}

/** A list of identifiers in one string, as the server's SplitIdentifierString reads it; undefined if it is malformed. */
function splitPath(text: string): readonly string[] | undefined {
  if (text.trim() === '') return []
  const names: string[] = []
  const item = /\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(,|$)/y
  for (;;) {
    const found = item.exec(text)
    if (found === null) return undefined
    names.push(found[1] === undefined ? (found[2] ?? '').toLowerCase() : found[1].replaceAll('""', '"'))
    if (found[3] === '') return names
  }
}
