-- name: quiet start
SET application_name = 'DBeaver 24.2.0 - Main <shop>'
--
-- name: schema and user
SELECT current_schema(), session_user
--
-- name: search path
SHOW search_path
--
-- name: database
SELECT db.oid, db.*, shobj_description(db.oid, 'pg_database') AS description FROM pg_catalog.pg_database db WHERE datallowconn AND NOT datistemplate OR db.datname = 'postgres' ORDER BY db.datname
--
-- name: schemas
SELECT n.oid, n.*, d.description FROM pg_catalog.pg_namespace n LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.objsubid = 0 AND d.classoid = 'pg_namespace'::regclass ORDER BY nspname
--
-- name: types of a database
SELECT t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) AS base_type_name, d.description
FROM pg_catalog.pg_type t LEFT OUTER JOIN pg_catalog.pg_type et ON et.oid = t.typelem LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid = t.typrelid LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid = d.objoid
WHERE t.typname IS NOT NULL AND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL OR et.typcategory <> 'C')
--
-- name: enum labels
SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = {{type:public.mood}} ORDER BY e.enumsortorder
--
-- name: tables of a schema
SELECT c.oid, c.*, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS partition_expr, pg_catalog.pg_get_partkeydef(c.oid) AS partition_key
FROM pg_catalog.pg_class c LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass
WHERE c.relnamespace = {{schema:billing}} AND c.relkind NOT IN ('i', 'I', 'c')
--
-- name: columns of a table
SELECT c.relname, a.*, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) AS def_value, dsc.description, dep.objid
FROM pg_catalog.pg_attribute a INNER JOIN pg_catalog.pg_class c ON (a.attrelid = c.oid)
LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid = ad.adrelid AND a.attnum = ad.adnum)
LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid = dsc.objoid AND a.attnum = dsc.objsubid)
LEFT OUTER JOIN pg_depend dep ON dep.refobjid = a.attrelid AND dep.deptype = 'i' AND dep.refobjsubid = a.attnum AND dep.classid = dep.refclassid
WHERE NOT a.attisdropped AND c.oid = {{class:public.orders}} ORDER BY a.attnum
--
-- name: constraints
SELECT c.oid, c.*, t.relname AS tabrelname, rt.relnamespace AS refnamespace, d.description,
  CASE WHEN c.contype = 'c' THEN "substring"(pg_get_constraintdef(c.oid), 7) ELSE NULL END consrc_copy
FROM pg_catalog.pg_constraint c INNER JOIN pg_catalog.pg_class t ON t.oid = c.conrelid LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_constraint'::regclass
WHERE c.conrelid = {{class:public.orders}} ORDER BY c.oid
--
-- name: indexes
SELECT i.*, i.indkey AS keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname AS tabrelname, dsc.description, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS pred_expr,
  pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) AS expr, pg_catalog.pg_relation_size(i.indexrelid) AS index_rel_size, pg_catalog.pg_stat_get_numscans(i.indexrelid) AS index_num_scans
FROM pg_catalog.pg_index i INNER JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid INNER JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid = dsc.objoid
WHERE i.indrelid = {{class:public.orders}} ORDER BY c.relname
--
-- name: triggers
SELECT x.oid, x.*, p.pronamespace AS func_schema_id, d.description FROM pg_catalog.pg_trigger x LEFT OUTER JOIN pg_catalog.pg_proc p ON p.oid = x.tgfoid
LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = x.oid AND d.objsubid = 0 WHERE x.tgrelid = {{class:public.customers}} AND NOT x.tgisinternal
--
-- name: policies and rules
SELECT pc.*, pg_catalog.pg_get_expr(pc.polqual, pc.polrelid, true) AS using_expr, r.rulename FROM pg_catalog.pg_policy pc LEFT JOIN pg_catalog.pg_rewrite r ON r.ev_class = pc.polrelid WHERE pc.polrelid = {{class:public.customers}}
--
-- name: procedures
SELECT p.oid, p.*, pg_catalog.pg_get_expr(p.proargdefaults, 0) AS arg_defaults, d.description FROM pg_catalog.pg_proc p LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.objsubid = 0 WHERE p.pronamespace = 2200 ORDER BY p.proname
--
-- name: source of a procedure
SELECT pg_get_functiondef({{proc:with_tax}})
--
-- name: definition of a view
SELECT pg_get_viewdef({{class:public.v_customers}}, true)
--
-- name: sizes of tables
SELECT c.oid, pg_catalog.pg_total_relation_size(c.oid) AS total_rel_size, pg_catalog.pg_relation_size(c.oid) AS rel_size FROM pg_class c WHERE c.relnamespace = 2200
--
-- name: roles
SELECT a.oid, a.*, pd.description FROM pg_catalog.pg_roles a LEFT JOIN pg_catalog.pg_shdescription pd ON a.oid = pd.objoid ORDER BY a.rolname
--
-- name: privileges
SELECT n.nspname, c.relname, c.relacl, (aclexplode(c.relacl)).* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relacl IS NOT NULL
--
-- name: keywords
SELECT string_agg(word, ',') FROM pg_catalog.pg_get_keywords()
--
-- name: settings
SELECT * FROM pg_catalog.pg_settings
--
-- name: extensions to be had
SELECT * FROM pg_catalog.pg_available_extensions
--
-- name: tablespaces, languages, access methods
SELECT t.oid, t.*, pg_tablespace_location(t.oid) loc FROM pg_catalog.pg_tablespace t ORDER BY t.oid
--
-- name: search for objects
SELECT x.oid, x.relname, x.relnamespace, x.relkind FROM pg_catalog.pg_class x WHERE x.relkind IN ('r', 'v', 'm', 'p', 'f') AND x.relname ILIKE '%ord%' AND x.relnamespace IN (2200, {{schema:billing}}) ORDER BY x.relname LIMIT 100
--
-- name: data of a table
SELECT x.* FROM public.orders x
--
-- name: count of rows
SELECT count(*) AS total_rows FROM public.orders x
--
-- name: plan
EXPLAIN (FORMAT JSON, VERBOSE, BUFFERS, COSTS, ANALYZE, TIMING, SUMMARY) SELECT x.id FROM public.orders x
--
-- name: dashboard
SELECT (SELECT count(*) FROM pg_stat_activity WHERE state = 'active') AS active, (SELECT sum(xact_commit) FROM pg_stat_database) AS commits, (SELECT sum(blks_hit) FROM pg_stat_database) AS hits
--
-- name: sessions, with what they run
SELECT sa.* FROM pg_catalog.pg_stat_activity sa
--
-- name: locks of others, with what they run
-- expect: deny
-- because: it aggregates the text of other sessions' statements, which cannot be masked in place
SELECT blocked.pid, string_agg(left(blocker.query, 20), ';') AS blockers FROM pg_stat_activity blocked JOIN pg_stat_activity blocker ON blocker.pid = ANY (pg_blocking_pids(blocked.pid)) GROUP BY 1
--
-- name: roles with their passwords
-- expect: deny
-- because: pg_authid holds credentials
SELECT a.oid, a.* FROM pg_catalog.pg_authid a
