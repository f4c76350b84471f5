/**
 * PostgreSQL's own functions that are STABLE or VOLATILE, or that need a closer look than their volatility: classed once, with the reason.
 * A name that is in no table is unknown. Names were taken from pg_proc of PostgreSQL 14 to 18.
 */
import type { Verb } from '../facts.ts'

/** What calling a function means: a verb beyond read, and why. `because` completes "…(name) ". */
export interface FunctionClass {
  readonly verb: Verb
  readonly because: string
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/**
 * Only compute, format, or tell about the server what everyone may know. `set_config` and `current_setting` are judged by their arguments.
 */
export const HARMLESS: ReadonlySet<string> = new Set(
  words(`
  aclexplode age array_in array_out array_sample array_send array_shuffle array_to_json array_to_string anytextcat textanycat
  any_value grouping merge_action
  bpcharsend cash_in cash_out clock_timestamp concat concat_ws convert convert_from convert_to cstring_send
  current_catalog current_database current_date current_role current_schema current_schemas current_time current_timestamp current_user
  localtime localtimestamp session_user system_user user getpgusername
  date date_add date_cmp_timestamptz date_eq_timestamptz date_ge_timestamptz date_gt_timestamptz date_in date_le_timestamptz
  date_lt_timestamptz date_ne_timestamptz date_out date_part date_subtract date_trunc
  enum_first enum_in enum_last enum_out enum_range enum_send extract format format_type gen_random_uuid generate_series
  get_current_ts_config getdatabaseencoding
  has_any_column_privilege has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege
  has_language_privilege has_largeobject_privilege has_parameter_privilege has_schema_privilege has_sequence_privilege
  has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege pg_has_role row_security_active
  in_range inet_client_addr inet_client_port inet_server_addr inet_server_port interval_in interval_out interval_pl_timestamptz
  json_agg json_agg_strict json_build_array json_build_object json_object_agg json_object_agg_strict json_object_agg_unique
  json_object_agg_unique_strict json_populate_record json_populate_recordset json_to_record json_to_recordset json_to_tsvector
  json_array_elements json_each to_json to_jsonb row_to_json jsonb_agg jsonb_agg_strict jsonb_build_array jsonb_build_object
  jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz jsonb_path_query_first_tz jsonb_path_query_tz
  jsonb_populate_record jsonb_populate_record_valid jsonb_populate_recordset jsonb_to_record jsonb_to_recordset jsonb_to_tsvector
  length make_timestamptz money mxid_age namesend now numeric obj_description col_description shobj_description oidvectortypes overlaps
  pg_available_extension_versions pg_available_extensions pg_extension_update_paths pg_backend_pid pg_basetype pg_blocking_pids
  pg_char_to_encoding pg_client_encoding pg_encoding_to_char pg_collation_actual_version pg_collation_for pg_collation_is_visible
  pg_database_collation_actual_version pg_column_compression pg_column_is_updatable pg_column_size pg_column_toast_chunk_id
  pg_conf_load_time pg_conversion_is_visible pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned
  txid_current txid_current_if_assigned txid_current_snapshot txid_status pg_xact_status pg_xact_commit_timestamp
  pg_xact_commit_timestamp_origin pg_last_committed_xact pg_database_size pg_describe_object pg_filenode_relation
  pg_function_is_visible pg_get_acl pg_get_catalog_foreign_keys pg_get_constraintdef pg_get_expr pg_get_function_arg_default
  pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_functiondef
  pg_get_indexdef pg_get_keywords pg_get_multixact_members pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef
  pg_get_publication_tables pg_get_replica_identity_index pg_get_ruledef pg_get_serial_sequence pg_get_statisticsobjdef
  pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_viewdef
  pg_get_wait_events pg_identify_object pg_identify_object_as_address pg_index_column_has_property pg_index_has_property
  pg_indexam_has_property pg_indexes_size pg_input_error_info pg_input_is_valid pg_is_in_recovery pg_is_other_temp_schema
  pg_is_wal_replay_paused pg_get_wal_replay_pause_state pg_jit_available pg_numa_available pg_last_wal_receive_lsn pg_last_wal_replay_lsn
  pg_last_xact_replay_timestamp pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_listening_channels
  pg_my_temp_schema pg_notification_queue_usage pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
  pg_options_to_table pg_partition_ancestors pg_partition_tree pg_partition_root pg_postmaster_start_time
  pg_relation_filenode pg_relation_is_publishable pg_relation_is_updatable pg_relation_size pg_table_size pg_total_relation_size
  pg_tablespace_size pg_tablespace_databases pg_tablespace_location pg_safe_snapshot_blocking_pids pg_sequence_last_value
  pg_sequence_parameters pg_get_sequence_data pg_settings_get_flags pg_statistics_obj_is_visible pg_table_is_visible
  pg_timezone_abbrevs pg_timezone_abbrevs_abbrevs pg_timezone_abbrevs_zone pg_timezone_names pg_trigger_depth pg_ts_config_is_visible
  pg_ts_dict_is_visible pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof currval lastval
  set_config current_setting pg_show_all_settings
  phraseto_tsquery plainto_tsquery quote_literal quote_nullable random random_normal range_send regclass setseed statement_timestamp
  textsend time timeofday timestamp timestamp_cmp_timestamptz timestamp_eq_timestamptz timestamp_ge_timestamptz
  timestamp_gt_timestamptz timestamp_le_timestamptz timestamp_lt_timestamptz timestamp_ne_timestamptz timestamptz timestamptz_cmp_date
  timestamptz_cmp_timestamp timestamptz_eq_date timestamptz_eq_timestamp timestamptz_ge_date timestamptz_ge_timestamp
  timestamptz_gt_date timestamptz_gt_timestamp timestamptz_le_date timestamptz_le_timestamp timestamptz_lt_date
  timestamptz_lt_timestamp timestamptz_mi_interval timestamptz_ne_date timestamptz_ne_timestamp timestamptz_pl_interval timetz timezone
  to_char to_date to_number to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure
  to_regrole to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp ts_debug ts_headline ts_match_tq
  ts_match_tt ts_parse ts_token_type ts_lexize uuidv4 uuidv7 varcharsend version websearch_to_tsquery xml xml_is_well_formed xml_send
  substring position overlay trim btrim collation
  pg_stat_get_analyze_count pg_stat_get_autoanalyze_count pg_stat_get_autovacuum_count pg_stat_get_blocks_fetched
  pg_stat_get_blocks_hit pg_stat_get_dead_tuples pg_stat_get_ins_since_vacuum pg_stat_get_last_analyze_time
  pg_stat_get_last_autoanalyze_time pg_stat_get_last_autovacuum_time pg_stat_get_last_vacuum_time pg_stat_get_lastscan
  pg_stat_get_live_tuples pg_stat_get_mod_since_analyze pg_stat_get_numscans pg_stat_get_tuples_deleted pg_stat_get_tuples_fetched
  pg_stat_get_tuples_hot_updated pg_stat_get_tuples_inserted pg_stat_get_tuples_newpage_updated pg_stat_get_tuples_returned
  pg_stat_get_tuples_updated pg_stat_get_vacuum_count pg_stat_get_function_calls pg_stat_get_function_self_time
  pg_stat_get_xact_function_calls pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time
  pg_stat_get_replication_slot pg_stat_get_subscription_stats amvalidate
  pg_stat_get_function_total_time pg_stat_get_db_blk_read_time pg_stat_get_db_blk_write_time pg_stat_get_db_blocks_fetched
  pg_stat_get_db_blocks_hit pg_stat_get_db_conflict_all pg_stat_get_db_deadlocks pg_stat_get_db_numbackends
  pg_stat_get_db_stat_reset_time pg_stat_get_db_temp_bytes pg_stat_get_db_temp_files pg_stat_get_db_tuples_deleted
  pg_stat_get_db_tuples_fetched pg_stat_get_db_tuples_inserted pg_stat_get_db_tuples_returned pg_stat_get_db_tuples_updated
  pg_stat_get_db_xact_commit pg_stat_get_db_xact_rollback pg_stat_get_wal pg_stat_get_io pg_stat_get_slru pg_stat_get_archiver
  pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_updated pg_stat_have_stats
  pg_stat_clear_snapshot pg_stat_get_snapshot_timestamp pg_lock_status pg_advisory_unlock pg_advisory_unlock_all
  pg_advisory_unlock_shared pg_cursor pg_get_replication_slots
  `),
)

/** information_schema's own: SQL functions that its views are made of. */
export const INFORMATION_SCHEMA: ReadonlySet<string> = new Set(
  words(`
  _pg_char_max_length _pg_char_octet_length _pg_datetime_precision _pg_expandarray _pg_index_position _pg_interval_type
  _pg_numeric_precision _pg_numeric_precision_radix _pg_numeric_scale _pg_truetypid _pg_truetypmod
  `),
)

/** Everything else that was looked at. */
export const CLASSED: ReadonlyMap<string, FunctionClass> = new Map([
  ...classed('write', 'changes a sequence', 'nextval setval'),
  ...classed(
    'write',
    'takes a lock that others wait for',
    `
    pg_advisory_lock pg_advisory_lock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared
    pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared`,
  ),
  ...classed('write', 'sends a notification to other sessions', 'pg_notify'),
  ...classed(
    'write',
    'changes a large object',
    `
    lo_creat lo_create lo_from_bytea lo_put lo_truncate lo_truncate64 lo_unlink lowrite`,
  ),
  ...classed(
    'admin',
    'reads a large object, which no rule of columns covers',
    `
    lo_get lo_open lo_close lo_lseek lo_lseek64 lo_tell lo_tell64 loread`,
  ),
  ...classed(
    'admin',
    "reads or writes the server's files",
    `
    lo_import lo_export pg_read_file pg_read_binary_file pg_stat_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_tmpdir
    pg_ls_archive_statusdir pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir pg_ls_summariesdir pg_current_logfile
    pg_hba_file_rules pg_ident_file_mappings pg_show_all_file_settings pg_relation_filepath pg_file_write pg_file_sync
    pg_file_rename pg_file_unlink pg_logdir_ls pg_file_read pg_file_length`,
  ),
  ...classed(
    'admin',
    'runs SQL that is given as text, which cannot be judged',
    `
    query_to_xml query_to_xml_and_xmlschema query_to_xmlschema cursor_to_xml cursor_to_xmlschema ts_stat ts_rewrite`,
  ),
  ...classed(
    'admin',
    'reads whole tables that are named in text',
    `
    table_to_xml table_to_xml_and_xmlschema table_to_xmlschema schema_to_xml schema_to_xml_and_xmlschema schema_to_xmlschema
    database_to_xml database_to_xml_and_xmlschema database_to_xmlschema`,
  ),
  ...classed(
    'admin',
    'shows what other sessions run',
    `
    pg_stat_get_activity pg_stat_get_backend_activity pg_prepared_statement pg_prepared_xact pg_stat_get_wal_senders
    pg_stat_get_progress_info pg_get_backend_memory_contexts pg_get_aios pg_log_backend_memory_contexts`,
  ),
  ...classed('admin', 'shows sampled values of columns', 'pg_mcv_list_items'),
  ...classed('admin', 'keeps a connection busy', 'pg_sleep pg_sleep_for pg_sleep_until'),
  ...classed('admin', 'ends or cancels what others run', 'pg_terminate_backend pg_cancel_backend'),
  ...classed(
    'admin',
    'changes how the server runs',
    `
    pg_reload_conf pg_rotate_logfile pg_promote pg_switch_wal pg_switch_xlog pg_create_restore_point
    pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup pg_wal_replay_pause pg_wal_replay_resume pg_log_standby_snapshot
    pg_import_system_collations pg_nextoid pg_stop_making_pinned_objects pg_extension_config_dump
    brin_summarize_new_values brin_summarize_range brin_desummarize_range gin_clean_pending_list
    pg_clear_attribute_stats pg_clear_relation_stats pg_restore_attribute_stats pg_restore_relation_stats pg_stat_force_next_flush
    pg_stat_reset pg_stat_reset_backend_stats pg_stat_reset_replication_slot pg_stat_reset_shared pg_stat_reset_slru
    pg_stat_reset_single_function_counters pg_stat_reset_single_table_counters pg_stat_reset_subscription_stats
    pg_export_snapshot pg_logical_emit_message`,
  ),
  ...classed(
    'admin',
    'belongs to replication',
    `
    pg_copy_logical_replication_slot pg_copy_physical_replication_slot pg_create_logical_replication_slot
    pg_create_physical_replication_slot pg_drop_replication_slot pg_replication_slot_advance pg_sync_replication_slots
    pg_logical_slot_get_binary_changes pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes
    pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_drop pg_replication_origin_oid
    pg_replication_origin_progress pg_replication_origin_session_is_setup pg_replication_origin_session_progress
    pg_replication_origin_session_reset pg_replication_origin_session_setup pg_replication_origin_xact_reset
    pg_replication_origin_xact_setup pg_show_replication_origin_status pg_wal_summary_contents pg_available_wal_summaries`,
  ),
])

function classed(verb: Verb, because: string, names: string): [string, FunctionClass][] {
  return words(names).map((name) => [name, { verb, because }])
}
