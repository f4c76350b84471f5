-- name: start of a connection
SET DateStyle = ISO; SET client_min_messages = notice; SELECT set_config('bytea_output', 'hex', false) FROM pg_show_all_settings() WHERE name = 'bytea_output'; SET client_encoding = 'UTF-8'
--
-- name: who am I
SELECT roles.oid AS id, roles.rolname AS name, roles.rolsuper AS is_superuser, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreaterole END AS can_create_role, CASE WHEN roles.rolsuper THEN true ELSE roles.rolcreatedb END AS can_create_db,
  CASE WHEN 'pg_signal_backend' = ANY (ARRAY(WITH RECURSIVE cte AS (SELECT pg_roles.oid, pg_roles.rolname FROM pg_roles WHERE pg_roles.oid = roles.oid UNION ALL SELECT m.roleid, pgr.rolname FROM cte cte_1 JOIN pg_auth_members m ON m.member = cte_1.oid JOIN pg_roles pgr ON pgr.oid = m.roleid) SELECT rolname FROM cte)) THEN true ELSE false END AS can_signal_backend
FROM pg_catalog.pg_roles AS roles WHERE rolname = current_user
--
-- name: the database
SELECT db.oid AS did, db.datname, db.datallowconn, pg_encoding_to_char(db.encoding) AS serverencoding, has_database_privilege(db.oid, 'CREATE') AS cancreate, datistemplate FROM pg_catalog.pg_database db WHERE db.datname = current_database()
--
-- name: server, in recovery or not
SELECT CASE WHEN usesuper THEN pg_catalog.pg_is_in_recovery() ELSE FALSE END AS inrecovery, CASE WHEN usesuper AND pg_catalog.pg_is_in_recovery() THEN pg_is_wal_replay_paused() ELSE FALSE END AS isreplaypaused FROM pg_catalog.pg_user WHERE usename = current_user
--
-- name: gss
SELECT gss_authenticated, encrypted FROM pg_catalog.pg_stat_gssapi WHERE pid = pg_backend_pid()
--
-- name: tree of tables
SELECT rel.oid, rel.relname AS name, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = FALSE) AS triggercount, (SELECT count(*) FROM pg_catalog.pg_trigger WHERE tgrelid = rel.oid AND tgisinternal = FALSE AND tgenabled = 'O') AS has_enable_triggers,
  (CASE WHEN rel.relkind = 'p' THEN true ELSE false END) AS is_partitioned, (SELECT count(1) FROM pg_catalog.pg_inherits WHERE inhrelid = rel.oid LIMIT 1) AS is_inherits, (SELECT count(1) FROM pg_catalog.pg_inherits WHERE inhparent = rel.oid LIMIT 1) AS is_inherited, des.description
FROM pg_catalog.pg_class rel LEFT OUTER JOIN pg_catalog.pg_description des ON (des.objoid = rel.oid AND des.objsubid = 0 AND des.classoid = 'pg_class'::regclass)
WHERE rel.relkind IN ('r', 's', 't', 'p') AND rel.relnamespace = 2200::oid AND NOT rel.relispartition ORDER BY rel.relname
--
-- name: properties of a table
SELECT rel.oid, rel.relname AS name, rel.reltablespace AS spcoid, rel.relacl AS relacl_str, (CASE WHEN length(spc.spcname::text) > 0 OR rel.relkind = 'p' THEN spc.spcname ELSE (SELECT sp.spcname FROM pg_catalog.pg_database dtb JOIN pg_catalog.pg_tablespace sp ON dtb.dattablespace = sp.oid WHERE dtb.oid = {{class:public.orders}}::oid) END) AS spcname,
  (SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = 2200::oid) AS schema, pg_catalog.pg_get_userbyid(rel.relowner) AS relowner, rel.relreplident, rel.relrowsecurity AS rlspolicy, con.conname, con.conkey,
  EXISTS (SELECT 1 FROM pg_catalog.pg_trigger JOIN pg_catalog.pg_proc pt ON pt.oid = tgfoid AND pt.proname = 'logtrigger' WHERE tgrelid = rel.oid) AS isrepl, substring(pg_catalog.array_to_string(rel.reloptions, ',') FROM 'fillfactor=([0-9]*)') AS fillfactor, (substring(pg_catalog.array_to_string(rel.reloptions, ',') FROM 'autovacuum_enabled=([a-z|0-9]*)'))::bool AS autovacuum_enabled,
  pg_catalog.array_to_string(ARRAY(SELECT label FROM pg_catalog.pg_seclabels sl1 WHERE sl1.objoid = rel.oid AND sl1.objsubid = 0), ', ') AS labels
FROM pg_catalog.pg_class rel LEFT OUTER JOIN pg_catalog.pg_tablespace spc ON spc.oid = rel.reltablespace LEFT OUTER JOIN pg_catalog.pg_constraint con ON con.conrelid = rel.oid AND con.contype = 'p'
WHERE rel.oid = {{class:public.orders}}::oid
--
-- name: statistics of a table
SELECT seq_scan AS "Sequential scans", idx_scan, n_tup_ins, n_live_tup, n_dead_tup, last_vacuum, pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(stat.relid) + CASE WHEN cl.reltoastrelid = 0 THEN 0 ELSE pg_catalog.pg_relation_size(cl.reltoastrelid) END) AS size, heap_blks_read
FROM pg_catalog.pg_stat_all_tables stat JOIN pg_catalog.pg_statio_all_tables statio ON stat.relid = statio.relid JOIN pg_catalog.pg_class cl ON cl.oid = stat.relid WHERE stat.relid = {{class:public.orders}}::oid
--
-- name: dependents
SELECT DISTINCT dep.deptype, dep.classid, dep.objid, cl.relkind, ad.attname, pg_get_expr(ad2.adbin, ad2.adrelid) AS adsrc, CASE WHEN cl.relkind IS NOT NULL AND att.attnum IS NOT NULL THEN cl.relkind::text || CAST(att.attnum AS text) WHEN cl.relkind IS NOT NULL THEN cl.relkind::text WHEN tg.oid IS NOT NULL THEN 'T' ELSE '' END AS type, COALESCE(coc.relname, clrw.relname) AS ownertable
FROM pg_catalog.pg_depend dep LEFT JOIN pg_catalog.pg_class cl ON dep.objid = cl.oid LEFT JOIN pg_catalog.pg_attribute att ON dep.objid = att.attrelid AND dep.objsubid = att.attnum LEFT JOIN pg_catalog.pg_trigger tg ON dep.objid = tg.oid LEFT JOIN pg_catalog.pg_attrdef ad2 ON ad2.oid = dep.objid LEFT JOIN pg_catalog.pg_attribute ad ON ad.attrelid = ad2.adrelid AND ad.attnum = ad2.adnum
LEFT JOIN pg_catalog.pg_rewrite rw ON dep.objid = rw.oid LEFT JOIN pg_catalog.pg_class clrw ON clrw.oid = rw.ev_class LEFT JOIN pg_catalog.pg_constraint co ON dep.objid = co.oid LEFT JOIN pg_catalog.pg_class coc ON co.conrelid = coc.oid
WHERE dep.refobjid = {{class:public.orders}}::oid ORDER BY dep.classid, cl.relkind
--
-- name: dashboard: charts
/*pga4dash*/
SELECT 'session_stats' AS chart_name, row_to_json(t)::jsonb AS chart_data FROM (SELECT (SELECT count(*) FROM pg_stat_activity) AS "Total", (SELECT count(*) FROM pg_stat_activity WHERE state = 'active') AS "Active") t
UNION ALL
SELECT 'tps_stats', row_to_json(t)::jsonb FROM (SELECT (SELECT sum(xact_commit) + sum(xact_rollback) FROM pg_stat_database WHERE datname = (SELECT datname FROM pg_database WHERE oid = 5)) AS "Transactions") t
--
-- name: dashboard: sessions
/*pga4dash*/
SELECT pid, datname, usename, application_name, client_addr, pg_catalog.to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS backend_start, state, wait_event_type || ': ' || wait_event AS wait_event,
  array_to_string(pg_catalog.pg_blocking_pids(pid), ', ') AS blocking_pids, query, backend_type, CASE WHEN state = 'active' THEN round((extract(epoch FROM now() - query_start) / 60)::numeric, 2) ELSE 0 END AS active_since
FROM pg_catalog.pg_stat_activity WHERE datname = (SELECT datname FROM pg_catalog.pg_database WHERE oid = 5) ORDER BY pid
--
-- name: dashboard: locks
/*pga4dash*/
SELECT pid, locktype, datname, relation::regclass, page, tuple, virtualxid AS vxid, transactionid AS xid, classid::regclass, objid, objsubid, virtualtransaction AS vxact, mode, granted, fastpath FROM pg_catalog.pg_locks l LEFT OUTER JOIN pg_catalog.pg_database d ON (l.database = d.oid) ORDER BY pid, locktype
--
-- name: dashboard: settings
/*pga4dash*/
SELECT name, category, setting, unit, short_desc FROM pg_catalog.pg_settings ORDER BY category
--
-- name: dashboard: prepared transactions
/*pga4dash*/
SELECT gid, database, owner, transaction, prepared FROM pg_catalog.pg_prepared_xacts ORDER BY gid, database
--
-- name: is a transaction open
SELECT pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL
--
-- name: replication
SELECT pid, usename, application_name, client_addr, backend_start, state, sent_lsn, sync_state FROM pg_catalog.pg_stat_replication
