-- name: schemas
SELECT schema_name, schema_owner, CASE WHEN schema_name LIKE 'pg_%' THEN 'system' WHEN schema_name = 'information_schema' THEN 'information' ELSE 'user' END AS schema_type FROM information_schema.schemata ORDER BY 3, 1
--
-- name: tables of a schema
-- values: ["public", "BASE TABLE"]
SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema = $1 AND table_type = $2 ORDER BY table_name
--
-- name: sequences
SELECT sequence_schema, sequence_name, data_type, start_value, increment FROM information_schema.sequences WHERE sequence_schema = 'public'
--
-- name: extensions
SELECT extname, extversion, extrelocatable FROM pg_extension ORDER BY extname
--
-- name: columns
SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'customers' ORDER BY ordinal_position
--
-- name: constraints
SELECT tc.constraint_name, tc.constraint_type, kcu.column_name FROM information_schema.table_constraints AS tc LEFT JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name AND tc.table_schema = kcu.table_schema WHERE tc.table_schema = 'public' AND tc.table_name = 'orders'
--
-- name: foreign keys, and what they point to
SELECT tc.table_name, kcu.column_name, ccu.table_schema AS foreign_schema, ccu.table_name AS foreign_table, ccu.column_name AS foreign_column, rc.update_rule, rc.delete_rule
FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name) JOIN information_schema.referential_constraints rc USING (constraint_schema, constraint_name) JOIN information_schema.constraint_column_usage ccu USING (constraint_schema, constraint_name) WHERE tc.constraint_type = 'FOREIGN KEY'
--
-- name: indexes
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'orders'
--
-- name: read-only transaction
BEGIN TRANSACTION READ ONLY
--
-- name: a query within it
SELECT status, count(*) FROM orders GROUP BY status
--
-- name: end of it
ROLLBACK
--
-- name: a plan
EXPLAIN (FORMAT JSON) SELECT * FROM public.orders WHERE customer_id = 1
--
-- name: a plan with its times
EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM public.orders WHERE placed_at > now() - interval '7 days'
--
-- name: a generic plan
-- from: 16
-- because: GENERIC_PLAN came with 16
EXPLAIN (GENERIC_PLAN, FORMAT JSON) SELECT * FROM public.orders WHERE customer_id = $1
--
-- name: is an extension there
SELECT COUNT(*) > 0 AS there FROM pg_available_extensions WHERE name = 'hypopg' AND installed_version IS NOT NULL
--
-- name: duplicate indexes
SELECT schemaname AS schema, t.relname AS table, ix.relname AS name, regexp_replace(pg_get_indexdef(i.indexrelid), '^[^\(]*\((.*)\)$', '\1') AS columns, regexp_replace(pg_get_indexdef(i.indexrelid), '.* USING ([^ ]*) \(.*', '\1') AS using, indisunique, indisprimary, indisvalid, indexprs::text, indpred::text, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class ix ON ix.oid = i.indexrelid LEFT JOIN pg_stat_user_indexes ui ON ui.indexrelid = i.indexrelid WHERE schemaname IS NOT NULL ORDER BY 1, 2
--
-- name: indexes that nobody uses
SELECT schemaname, relname, indexrelname, pg_relation_size(i.indexrelid) AS size_bytes, idx_scan, indisprimary FROM pg_stat_user_indexes ui JOIN pg_index i ON ui.indexrelid = i.indexrelid WHERE NOT indisunique AND idx_scan <= 50 ORDER BY 4 DESC, 2
--
-- name: bloat of indexes, from the statistics' widths
WITH atts AS (
  SELECT nspname, relname, reltuples, relpages, indrelid, relam, regexp_split_to_table(indkey::text, ' ')::smallint AS attnum, indexrelid AS index_oid
  FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace JOIN pg_am ON pg_class.relam = pg_am.oid WHERE pg_am.amname = 'btree'
), sizes AS (
  SELECT i.nspname, i.relname, i.reltuples, i.relpages, a.attrelid AS table_oid, index_oid, current_setting('block_size')::numeric AS bs, CASE WHEN version() ~ '64-bit' THEN 8 ELSE 4 END AS maxalign, 24 AS pagehdr,
    CASE WHEN max(coalesce(s.null_frac, 0)) = 0 THEN 2 ELSE 6 END AS hdr, sum((1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, 2048)) AS width
  FROM pg_attribute a JOIN pg_stats s ON (quote_ident(s.schemaname) || '.' || quote_ident(s.tablename))::regclass = a.attrelid AND s.attname = a.attname JOIN atts i ON i.indrelid = a.attrelid AND a.attnum = i.attnum
  WHERE a.attnum > 0 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT nspname, relname, bs * relpages::bigint AS total, greatest(0, relpages - ceil(reltuples * (4 + hdr + width) / (bs - pagehdr::float))) * bs AS wasted, pg_relation_size(table_oid) FROM sizes ORDER BY wasted DESC NULLS LAST
--
-- name: hit rates of the cache
SELECT sum(idx_blks_hit) / nullif(sum(idx_blks_hit + idx_blks_read), 0) AS index_rate, (SELECT sum(heap_blks_hit) / nullif(sum(heap_blks_hit) + sum(heap_blks_read), 0) FROM pg_statio_user_tables) AS table_rate FROM pg_statio_user_indexes
--
-- name: idle connections
SELECT state, count(*), max(now() - state_change) AS longest FROM pg_stat_activity WHERE datname = current_database() GROUP BY state
--
-- name: how many connections there may be
SELECT (SELECT count(*) FROM pg_stat_activity) AS used, (SELECT setting::int FROM pg_settings WHERE name = 'max_connections') AS allowed
--
-- name: how near to wraparound
SELECT n.nspname, c.relname, (SELECT setting FROM pg_settings WHERE name = 'autovacuum_freeze_max_age')::bigint - age(c.relfrozenxid) AS left FROM pg_class c JOIN pg_namespace n ON c.relnamespace = n.oid WHERE c.relkind = 'r' AND 2146483648 - age(c.relfrozenxid) < 2146483648 ORDER BY 3
--
-- name: sequences that run out
SELECT n.nspname AS sequence_schema, c.relname AS sequence, a.attname, format_type(a.atttypid, a.atttypmod) AS column_type, pg_sequence_last_value(c.oid) AS last_value, s.seqmax FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
--
-- name: constraints that are not validated
SELECT n.nspname, c.conrelid::regclass, c.conname, fn.nspname AS referenced FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace LEFT JOIN pg_class f ON f.oid = c.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE NOT c.convalidated
--
-- name: replicas and slots
SELECT r.client_addr, r.state, pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn) AS lag FROM pg_stat_replication r UNION ALL SELECT NULL, s.slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn) FROM pg_replication_slots s WHERE NOT s.active
--
-- name: foreign keys without an index
SELECT c.conrelid::regclass AS table, c.conname, array_agg(a.attname ORDER BY x.n) AS columns
FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS x(attnum, n) JOIN pg_attribute a ON a.attnum = x.attnum AND a.attrelid = c.conrelid
WHERE c.contype = 'f' AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] OPERATOR(pg_catalog.@>) c.conkey) GROUP BY 1, 2
--
-- name: tables without a primary key
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
--
-- name: the biggest tables
SELECT schemaname || '.' || relname AS table, pg_size_pretty(pg_total_relation_size(relid)) AS size, n_live_tup, n_dead_tup, round(100.0 * n_dead_tup / nullif(n_live_tup + n_dead_tup, 0), 1) AS dead, last_autovacuum FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 20
--
-- name: all of a table as JSON (Supabase)
WITH tables AS (SELECT c.oid::int8 AS id, nc.nspname AS schema, c.relname AS name, c.relrowsecurity AS rls_enabled, pg_total_relation_size(format('%I.%I', nc.nspname, c.relname))::int8 AS bytes, pg_stat_get_live_tuples(c.oid) AS live_rows_estimate, obj_description(c.oid) AS comment FROM pg_namespace nc JOIN pg_class c ON nc.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT pg_is_other_temp_schema(nc.oid) AND (pg_has_role(c.relowner, 'USAGE') OR has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))),
columns AS (SELECT c.oid::int8 AS table_id, c.oid || '.' || a.attnum AS id, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS format, a.attidentity IN ('a', 'd') AS is_identity, array_to_json(array(SELECT enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid ORDER BY e.enumsortorder)) AS enums FROM pg_attribute a JOIN pg_class c ON a.attrelid = c.oid WHERE a.attnum > 0 AND NOT a.attisdropped)
SELECT t.*, coalesce((SELECT array_agg(row_to_json(columns)) FILTER (WHERE columns.table_id = t.id) FROM columns), '{}') AS columns FROM tables t WHERE schema IN ('public')
--
-- name: tables open to all (security advice)
SELECT 'rls_disabled_in_public' AS name, format('Table `%s.%s` is public, but RLS has not been enabled.', n.nspname, c.relname) AS detail, jsonb_build_object('schema', n.nspname, 'name', c.relname) AS metadata FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON c.relnamespace = n.oid WHERE c.relkind = 'r' AND NOT c.relrowsecurity AND n.nspname = any (array(SELECT trim(unnest(string_to_array('public,billing', ',')))))
--
-- name: functions with a search path that can change (security advice)
SELECT n.nspname, p.proname, md5(p.prosrc) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON p.pronamespace = n.oid LEFT JOIN pg_catalog.pg_depend dep ON p.oid = dep.objid AND dep.deptype = 'e' WHERE n.nspname = 'public' AND dep.objid IS NULL AND NOT EXISTS (SELECT 1 FROM unnest(coalesce(p.proconfig, '{}')) AS config WHERE config LIKE 'search_path=%')
--
-- name: migrations
SELECT version, current_setting('server_version') FROM schema_migrations ORDER BY version
--
-- name: sample of a table
SELECT * FROM public.orders ORDER BY random() LIMIT 5
--
-- name: profile of a column
SELECT min(total), max(total), avg(total)::numeric(12, 2), percentile_cont(0.5) WITHIN GROUP (ORDER BY total), count(DISTINCT customer_id), count(*) FILTER (WHERE placed_at IS NULL) FROM orders
--
-- name: statistics of columns, without values
SELECT schemaname, tablename, attname, null_frac, avg_width, n_distinct, correlation FROM pg_stats WHERE schemaname = 'public'
--
-- name: statistics of columns, with values: masked
SELECT tablename, attname, most_common_vals FROM pg_stats WHERE schemaname = 'public'
--
-- name: statistics of columns, with values worked on
-- expect: deny
-- because: samples of the tables' values leave in a form that cannot be masked
SELECT attname, array_to_string(most_common_vals, ',') FROM pg_stats WHERE schemaname = 'public'
--
-- name: statements that wait
SELECT a.pid, a.usename, a.state, a.wait_event_type, now() - a.query_start AS since, pg_blocking_pids(a.pid) FROM pg_stat_activity a WHERE a.state <> 'idle' AND cardinality(pg_blocking_pids(a.pid)) > 0
--
-- name: statements that run, cut short
-- expect: deny
-- because: other sessions' statements leave in a form that cannot be masked
SELECT pid, left(query, 60) FROM pg_stat_activity WHERE state = 'active'
