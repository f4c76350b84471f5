-- name: query editor: tables
SELECT CASE WHEN quote_ident(table_schema) IN (SELECT CASE WHEN trim(s[i]) = '"$user"' THEN user ELSE trim(s[i]) END FROM generate_series(array_lower(string_to_array(current_setting('search_path'), ','), 1), array_upper(string_to_array(current_setting('search_path'), ','), 1)) AS i, string_to_array(current_setting('search_path'), ',') s) THEN quote_ident(table_name) ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS "table" FROM information_schema.tables WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog') ORDER BY 1
--
-- name: query editor: columns
SELECT quote_ident(column_name) AS "column", data_type AS "type" FROM information_schema.columns WHERE quote_ident(table_name) = 'orders'
--
-- name: server's version
SELECT current_setting('server_version_num')::int / 100
--
-- name: is TimescaleDB there
SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'
--
-- name: a panel
SELECT floor(extract(epoch FROM placed_at) / 300) * 300 AS "time", status AS metric, count(*) AS value FROM orders WHERE placed_at BETWEEN '2026-11-24T10:00:00Z' AND '2026-11-24T12:00:00Z' GROUP BY 1, 2 ORDER BY 1
--
-- name: a panel with gaps filled
WITH t AS (SELECT generate_series(date_trunc('hour', now() - interval '1 day'), now(), interval '1 hour') AS bucket) SELECT t.bucket AS time, coalesce(sum(o.total), 0) FROM t LEFT JOIN orders o ON date_trunc('hour', o.placed_at) = t.bucket GROUP BY 1 ORDER BY 1
--
-- name: a variable
SELECT DISTINCT status AS __text, status AS __value FROM orders ORDER BY 1
--
-- name: exporter: databases
SELECT pg_database.datname, pg_database.datconnlimit, pg_database_size(pg_database.datname) FROM pg_database WHERE has_database_privilege(datname, 'CONNECT')
--
-- name: exporter: activity
SELECT pg_database.datname, tmp.state, tmp2.usename, coalesce(count, 0) AS count, coalesce(max_tx_duration, 0) AS max_tx_duration FROM (VALUES ('active'), ('idle'), ('idle in transaction'), ('disabled')) AS tmp(state) CROSS JOIN pg_database LEFT JOIN (SELECT datname, state, usename, count(*) AS count, max(extract(epoch FROM now() - xact_start))::float AS max_tx_duration FROM pg_stat_activity GROUP BY datname, state, usename) AS tmp2 ON tmp.state = tmp2.state AND pg_database.datname = tmp2.datname
--
-- name: exporter: locks
SELECT pg_database.datname, tmp.mode, coalesce(count, 0) AS count FROM (VALUES ('accesssharelock'), ('rowsharelock'), ('exclusivelock')) AS tmp(mode) CROSS JOIN pg_database LEFT JOIN (SELECT database, lower(mode) AS mode, count(*) AS count FROM pg_locks WHERE database IS NOT NULL GROUP BY database, lower(mode)) AS tmp2 ON tmp.mode = tmp2.mode AND pg_database.oid = tmp2.database ORDER BY 1
--
-- name: exporter: replication
SELECT CASE WHEN NOT pg_is_in_recovery() THEN 0 WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE greatest(0, extract(epoch FROM (now() - pg_last_xact_replay_timestamp()))) END AS lag, CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS is_replica
--
-- name: exporter: tables
SELECT current_database() datname, schemaname, relname, seq_scan, seq_tup_read, idx_scan, n_tup_ins, n_live_tup, coalesce(last_vacuum, '1970-01-01Z') AS last_vacuum, vacuum_count, pg_indexes_size(relid) AS indexes_size, pg_table_size(relid) AS table_size FROM pg_stat_user_tables
--
-- name: exporter: checkpoints
-- until: 16
-- because: 17 moved them to pg_stat_checkpointer
SELECT checkpoints_timed, checkpoints_req, buffers_checkpoint, buffers_backend, stats_reset FROM pg_stat_bgwriter
--
-- name: exporter: checkpoints of 17
-- from: 17
-- because: pg_stat_checkpointer came with 17
SELECT num_timed, num_requested, buffers_written, stats_reset FROM pg_stat_checkpointer
--
-- name: exporter: input and output
-- from: 16
-- because: pg_stat_io came with 16
SELECT backend_type, object, context, reads, writes, extends, hits FROM pg_stat_io
--
-- name: exporter: progress of vacuums
SELECT p.pid, p.datname, p.relid::regclass, p.phase, p.heap_blks_total, p.heap_blks_scanned, a.wait_event FROM pg_stat_progress_vacuum p JOIN pg_stat_activity a USING (pid)
--
-- name: exporter: write-ahead log
SELECT wal_records, wal_fpi, wal_bytes, pg_current_wal_lsn() - '0/0' AS written FROM pg_stat_wal
--
-- name: exporter: settings
SELECT name, setting, coalesce(unit, ''), short_desc, vartype FROM pg_settings WHERE vartype IN ('bool', 'integer', 'real') AND name != 'sync_commit_cancel_wait'
--
-- name: exporter: replication slots
SELECT slot_name, slot_type, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) FROM pg_replication_slots
--
-- name: exporter: directory of the log
-- expect: deny
-- because: it lists the server's files
SELECT count(*) AS segments, sum(size) AS size FROM pg_ls_waldir()
