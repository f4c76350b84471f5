-- name: is it there
SELECT 1
--
-- name: time zone
SHOW timezone
--
-- name: schemas
SELECT nspname FROM pg_namespace WHERE nspname !~ '^information_schema|catalog_history|pg_' AND has_schema_privilege(nspname, 'USAGE')
--
-- name: tables that one may read
WITH table_privileges AS (
  SELECT NULL AS role, t.schemaname AS schema, t.objectname AS table, pg_catalog.has_any_column_privilege(current_user, '"' || replace(t.schemaname, '"', '""') || '"' || '.' || '"' || replace(t.objectname, '"', '""') || '"', 'update') AS update, pg_catalog.has_any_column_privilege(current_user, '"' || replace(t.schemaname, '"', '""') || '"' || '.' || '"' || replace(t.objectname, '"', '""') || '"', 'select') AS select
  FROM (SELECT schemaname, tablename AS objectname FROM pg_catalog.pg_tables UNION SELECT schemaname, viewname FROM pg_views UNION SELECT schemaname, matviewname FROM pg_matviews) t WHERE t.schemaname !~ '^pg_' AND t.schemaname <> 'information_schema' AND pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage')
)
SELECT t.* FROM table_privileges t
--
-- name: tables
SELECT n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'p' THEN 'PARTITIONED TABLE' WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE NULL END AS type, d.description, nullif(stat.n_live_tup, 0) AS estimated_row_count FROM pg_catalog.pg_class AS c INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid LEFT JOIN pg_catalog.pg_description AS d ON c.oid = d.objoid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass LEFT JOIN pg_stat_user_tables AS stat ON n.nspname = stat.schemaname AND c.relname = stat.relname WHERE c.relnamespace = n.oid AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'f', 'm') ORDER BY type ASC, schema ASC, name ASC
--
-- name: fields
SELECT c.column_name AS name, c.udt_schema AS "database-type-schema", CASE WHEN c.udt_schema IN ('public', 'pg_catalog') THEN format('%s', c.udt_name) ELSE format('"%s"."%s"', c.udt_schema, c.udt_name) END AS "database-type", c.ordinal_position - 1 AS "database-position", c.table_schema AS "table-schema", c.table_name AS "table-name", pk.column_name IS NOT NULL AS "pk?", col_description(CAST(CAST(format('%I.%I', CAST(c.table_schema AS text), CAST(c.table_name AS text)) AS regclass) AS oid), c.ordinal_position) AS "field-comment", ((column_default IS NULL OR lower(column_default) = 'null') AND is_nullable = 'NO') AS "database-required", column_default IS NOT NULL AND column_default LIKE '%nextval(%' AS "database-is-auto-increment"
FROM information_schema.columns AS c LEFT JOIN (SELECT tc.table_schema, tc.table_name, kc.column_name FROM information_schema.table_constraints AS tc INNER JOIN information_schema.key_column_usage AS kc ON tc.constraint_name = kc.constraint_name AND tc.table_schema = kc.table_schema AND tc.table_name = kc.table_name WHERE tc.constraint_type = 'PRIMARY KEY') AS pk ON c.table_schema = pk.table_schema AND c.table_name = pk.table_name AND c.column_name = pk.column_name WHERE c.table_schema !~ '^information_schema|catalog_history|pg_' AND c.table_schema IN ('public')
UNION ALL SELECT pa.attname, pn.nspname, pt.typname, pa.attnum - 1, pn.nspname, pc.relname, false, NULL, false, false FROM pg_catalog.pg_class AS pc INNER JOIN pg_catalog.pg_namespace AS pn ON pn.oid = pc.relnamespace INNER JOIN pg_catalog.pg_attribute AS pa ON pa.attrelid = pc.oid INNER JOIN pg_catalog.pg_type AS pt ON pt.oid = pa.atttypid WHERE pc.relkind = 'm' AND pa.attnum >= 1
--
-- name: enums
SELECT nspname, typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid IN (SELECT DISTINCT enumtypid FROM pg_enum)
--
-- name: sync: a substring of each field
SELECT "source"."substring1" AS "substring1" FROM (SELECT SUBSTRING("public"."orders"."status", 1, 1234) AS "substring1" FROM "public"."orders" LIMIT 10000) AS "source" LIMIT 10000
--
-- name: sync: does a field hold JSON
SELECT json_typeof(profile::json), jsonb_object_keys(profile) FROM public.customers LIMIT 10
--
-- name: a question
-- values: ["new"]
-- Metabase:: userID: 1 queryType: MBQL queryHash: 0a1b
SELECT CAST(DATE_TRUNC('month', "public"."orders"."placed_at") AS date) AS "placed_at", COUNT(*) AS "count", SUM("public"."orders"."total") AS "sum" FROM "public"."orders" LEFT JOIN "public"."customers" AS "Customer" ON "public"."orders"."customer_id" = "Customer"."id" WHERE ("public"."orders"."status" = $1) AND ("Customer"."city" IS NOT NULL) GROUP BY CAST(DATE_TRUNC('month', "public"."orders"."placed_at") AS date) ORDER BY 1 ASC
--
-- name: sync: fingerprints a sensitive field
-- expect: ask
-- because: a part of ssn is computed
SELECT SUBSTRING("public"."customers"."ssn", 1, 1234) FROM "public"."customers" LIMIT 10000
