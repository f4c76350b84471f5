-- name: is it alive
SELECT 'keep alive'
--
-- name: what server
SELECT version(), current_database(), current_schemas(false), current_user, pg_is_in_recovery(), pg_postmaster_start_time()
--
-- name: databases
SELECT N.oid::bigint AS id, datname AS name, D.description, datistemplate AS is_template, datallowconn AS allow_connections, pg_catalog.pg_get_userbyid(N.datdba) AS "owner"
FROM pg_catalog.pg_database N LEFT JOIN pg_catalog.pg_shdescription D ON N.oid = D.objoid
ORDER BY CASE WHEN datname = pg_catalog.current_database() THEN -1::bigint ELSE N.oid::bigint END
--
-- name: schemas with their states
SELECT N.oid::bigint AS id, N.xmin AS state_number, nspname AS name, D.description, pg_catalog.pg_get_userbyid(N.nspowner) AS "owner"
FROM pg_catalog.pg_namespace N LEFT JOIN pg_catalog.pg_description D ON N.oid = D.objoid ORDER BY CASE WHEN nspname = pg_catalog.current_schema() THEN -1::bigint ELSE N.oid::bigint END
--
-- name: has anything changed since
SELECT L.transactionid::varchar::bigint AS transaction_id FROM pg_catalog.pg_locks L WHERE L.transactionid IS NOT NULL ORDER BY pg_catalog.age(L.transactionid) DESC LIMIT 1
--
-- name: current transaction
SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL ELSE (pg_catalog.txid_current() % 4294967296)::varchar::bigint END AS current_txid
--
-- name: roles
SELECT R.oid::bigint AS role_id, rolname AS role_name, rolsuper AS is_super, rolinherit AS is_inherit, rolcreatedb AS can_createdb, rolcanlogin AS can_login, rolvaliduntil AS valid_until, rolconfig AS config, D.description
FROM pg_catalog.pg_roles R LEFT JOIN pg_catalog.pg_shdescription D ON D.objoid = R.oid
--
-- name: members of roles
SELECT member id, roleid role_id, admin_option FROM pg_catalog.pg_auth_members ORDER BY id, roleid::text
--
-- name: tables changed since a transaction
SELECT T.relkind AS table_kind, T.relname AS table_name, T.oid AS table_id, T.xmin AS table_state_number, T.relhasoids_of_old AS table_with_oids, T.reltablespace AS tablespace_id, T.reloptions AS options, T.relpersistence AS persistence,
  (SELECT pg_catalog.array_agg(inhparent::bigint ORDER BY inhseqno)::varchar FROM pg_catalog.pg_inherits WHERE T.oid = inhrelid) AS ancestors,
  T.relispartition AS is_partition, pg_catalog.pg_get_partkeydef(T.oid) AS partition_key, pg_catalog.pg_get_expr(T.relpartbound, T.oid) AS partition_expression, pg_catalog.pg_get_userbyid(T.relowner) AS "owner"
FROM (SELECT *, false AS relhasoids_of_old, xmin FROM pg_catalog.pg_class) T
WHERE relnamespace = 2200 AND relkind IN ('r', 'm', 'v', 'p', 'f') AND pg_catalog.age(T.xmin) <= coalesce(nullif(greatest(pg_catalog.age('1'::varchar::xid), -1), -1), 2147483647)
ORDER BY table_kind, table_id
--
-- name: columns
WITH T AS (
  SELECT T.oid AS table_id, T.relname AS table_name FROM pg_catalog.pg_class T
  WHERE T.relnamespace = 2200 AND T.relkind IN ('r', 'm', 'v', 'f', 'p') AND (pg_catalog.age(T.xmin) <= 2147483647 OR EXISTS (SELECT A.attrelid FROM pg_catalog.pg_attribute A WHERE A.attrelid = T.oid AND pg_catalog.age(A.xmin) <= 2147483647))
)
SELECT T.table_id, C.attnum AS column_position, C.attname AS column_name, C.xmin AS column_state_number, C.atttypmod AS type_mod, C.attndims AS dimensions_number,
  pg_catalog.format_type(C.atttypid, C.atttypmod) AS type_spec, C.atttypid AS type_id, C.attnotnull AS mandatory, D.column_default_expression, NOT C.attislocal AS column_is_inherited, C.attfdwoptions AS options, C.attisdropped AS is_dropped,
  C.attidentity AS identity_kind, C.attgenerated AS generated
FROM T INNER JOIN pg_catalog.pg_attribute C ON T.table_id = C.attrelid
LEFT JOIN (SELECT adrelid, adnum, pg_catalog.pg_get_expr(adbin, adrelid) AS column_default_expression FROM pg_catalog.pg_attrdef) D ON (C.attrelid, C.attnum) = (D.adrelid, D.adnum)
WHERE attnum > 0 ORDER BY table_id, attnum
--
-- name: indexes with their opclasses
SELECT tab.oid AS table_id, tab.relkind AS table_kind, ind_head.indexrelid AS index_id, k AS column_idx, k <= ind_head.indnkeyatts AS in_key, ind_head.indkey[k - 1] AS column_position, ind_head.indoption[k - 1] AS column_options,
  ind_head.indcollation[k - 1] AS collation, coll.nspname AS collation_schema, collname AS collation_str, ind_head.indclass[k - 1] AS opclass, CASE WHEN opcdefault THEN NULL ELSE opcn.nspname END AS opclass_schema,
  CASE WHEN indexprs IS NULL THEN NULL WHEN ind_head.indkey[k - 1] = 0 THEN chr(27) || pg_catalog.pg_get_indexdef(ind_head.indexrelid, k::int, true) ELSE pg_catalog.pg_get_indexdef(ind_head.indexrelid, k::int, true) END AS expression, amcanorder AS can_order
FROM pg_catalog.pg_index ind_head JOIN pg_catalog.pg_class ind_stor ON ind_stor.oid = ind_head.indexrelid
CROSS JOIN unnest(ind_head.indkey) WITH ORDINALITY u(u, k)
LEFT JOIN pg_catalog.pg_collation c ON c.oid = ind_head.indcollation[k - 1] LEFT JOIN pg_catalog.pg_namespace coll ON collnamespace = coll.oid
LEFT JOIN pg_catalog.pg_opclass opc ON opc.oid = ind_head.indclass[k - 1] LEFT JOIN pg_catalog.pg_namespace opcn ON opcnamespace = opcn.oid
LEFT JOIN (SELECT am.oid AS amoid, pg_catalog.pg_indexam_has_property(am.oid, 'can_order') AS amcanorder FROM pg_catalog.pg_am am) am ON amoid = ind_stor.relam
JOIN pg_catalog.pg_class tab ON tab.oid = ind_head.indrelid
WHERE tab.relnamespace = 2200 AND tab.relkind IN ('r', 'm', 'v', 'p') ORDER BY index_id, k
--
-- name: constraints
SELECT T.oid table_id, relkind table_kind, C.oid::bigint con_id, C.xmin con_state_id, conname con_name, contype con_kind, conkey con_columns, conindid index_id, confrelid ref_table_id, condeferrable is_deferrable, condeferred is_init_deferred,
  confupdtype on_update, confdeltype on_delete, connoinherit no_inherit, pg_catalog.pg_get_expr(conbin, T.oid) con_expression, confkey ref_columns, conexclop::int[] excl_operators, array(SELECT unnest::regoper::varchar FROM unnest(conexclop)) excl_operators_str
FROM pg_catalog.pg_constraint C JOIN pg_catalog.pg_class T ON C.conrelid = T.oid WHERE relkind IN ('r', 'v', 'f', 'p') AND relnamespace = 2200 AND contype IN ('p', 'u', 'f', 'c', 'x') AND connamespace = 2200
--
-- name: routines with their arguments
WITH languages AS (SELECT oid AS lang_oid, lanname AS lang FROM pg_catalog.pg_language),
routines AS (SELECT proname AS r_name, prolang AS lang_oid, oid AS r_id, xmin AS r_state_number, proargnames AS arg_names, proargmodes AS arg_modes, proargtypes::int[] AS in_arg_types, proallargtypes::int[] AS all_arg_types,
  pg_catalog.pg_get_expr(proargdefaults, 0) AS arg_defaults, provariadic AS arg_variadic_id, prorettype AS ret_type_id, proretset AS ret_set, prokind AS kind, provolatile AS volatile_kind, proisstrict AS is_strict, prosecdef AS is_security_definer, proconfig AS configuration_parameters, procost AS cost, pg_catalog.pg_get_userbyid(proowner) AS "owner", prorows AS rows, proleakproof AS is_leakproof, proparallel AS concurrency_kind
  FROM pg_catalog.pg_proc WHERE pronamespace = 2200 AND NOT (prokind = 'a') AND pg_catalog.age(xmin) <= 2147483647)
SELECT * FROM routines NATURAL JOIN languages
--
-- name: sources of routines
SELECT PC.oid AS id, PC.prosrc AS src, pg_catalog.pg_get_function_sqlbody(PC.oid) AS sqlbody FROM pg_catalog.pg_proc PC WHERE PC.pronamespace = 2200
--
-- name: sources of views
SELECT T.relkind AS view_kind, T.oid AS view_id, pg_catalog.pg_get_viewdef(T.oid, true) AS source_text FROM pg_catalog.pg_class T JOIN pg_catalog.pg_namespace N ON T.relnamespace = N.oid WHERE N.oid = 2200 AND T.relkind IN ('m', 'v')
--
-- name: privileges
SELECT T.oid AS object_id, T.relacl AS acl FROM pg_catalog.pg_class T WHERE T.relnamespace = 2200 AND T.relacl IS NOT NULL UNION ALL SELECT T.oid, T.nspacl FROM pg_catalog.pg_namespace T WHERE T.nspacl IS NOT NULL
--
-- name: sequences
SELECT cls.xmin AS sequence_state_number, sq.seqrelid AS sequence_id, cls.relname AS sequence_name, pg_catalog.format_type(sq.seqtypid, NULL) AS data_type, sq.seqstart AS next_value, sq.seqincrement AS inc_value, sq.seqcycle AS cycle_option
FROM pg_catalog.pg_sequence sq INNER JOIN pg_class cls ON sq.seqrelid = cls.oid WHERE cls.relnamespace = 2200
--
-- name: time zones
SELECT name, is_dst FROM pg_catalog.pg_timezone_names UNION DISTINCT SELECT abbrev AS name, is_dst FROM pg_catalog.pg_timezone_abbrevs
--
-- name: a page of a table
SELECT t.*, t.ctid FROM public.orders t LIMIT 501
