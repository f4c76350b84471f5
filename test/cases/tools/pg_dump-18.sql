-- name: only what is no view of others
SELECT pg_catalog.set_config(name, 'view, foreign-table', false) FROM pg_catalog.pg_settings WHERE name = 'restrict_nonsystem_relation_kind'
--
-- name: roles
SELECT oid, rolname FROM pg_catalog.pg_roles ORDER BY 1
--
-- name: columns of many tables at once
SELECT a.attrelid, a.attnum, a.attname, a.attstattarget, a.attstorage, t.typstorage, a.atthasdef, a.attisdropped, a.attlen, a.attalign, a.attislocal,
  pg_catalog.format_type(t.oid, a.atttypmod) AS atttypname, array_to_string(a.attoptions, ', ') AS attoptions,
  CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation ELSE 0 END AS attcollation,
  pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value)
    FROM pg_catalog.pg_options_to_table(attfdwoptions) ORDER BY option_name), E',') AS attfdwoptions,
  a.attnotnull, a.attcompression AS attcompression, a.attidentity, a.attmissingval, a.attgenerated
FROM unnest('{{{class:public.orders}},{{class:public.customers}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_attribute a ON (src.tbloid = a.attrelid)
LEFT JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
WHERE a.attnum > 0::pg_catalog.int2
ORDER BY a.attrelid, a.attnum
--
-- name: dependencies of what belongs to no extension
SELECT classid, objid, refobjid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' ORDER BY 3
--
-- name: statistics of relations, without the values
SELECT c.oid, c.relname, c.relpages, c.reltuples, c.relallvisible FROM pg_class c WHERE c.relkind IN ('r', 'm', 'i') AND c.relnamespace = 'public'::regnamespace
--
-- name: begin
BEGIN
--
-- name: lock of several tables
LOCK TABLE public.customers, public.orders, ONLY billing.payments IN ACCESS SHARE MODE
--
-- name: end
COMMIT
--
-- name: all databases, for pg_dumpall
SELECT datname FROM pg_database d WHERE datallowconn AND datconnlimit <> -2 ORDER BY (datname <> 'template1'), datname
--
-- name: roles without passwords, for pg_dumpall
SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, NULL AS rolpassword, rolvaliduntil, rolreplication, rolbypassrls,
  pg_catalog.shobj_description(oid, 'pg_authid') AS rolcomment, rolname = current_user AS is_current_user
FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 2
--
-- name: statistics that hold values
-- from: 18
-- expect: deny
-- because: pg_dump 18 --statistics reads samples of every column
SELECT s.schemaname, s.tablename, s.attname, s.null_frac, s.most_common_vals::text, s.histogram_bounds::text FROM pg_catalog.pg_stats s WHERE s.schemaname = 'public'
