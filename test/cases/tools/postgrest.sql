-- name: start of a request
-- values: ["/orders", "GET", "{\"role\":\"web\"}"]
-- expect: deny
-- because: it sets request.* and the role, which a session behind the gateway may not
SELECT set_config('search_path', 'public', true), set_config('role', 'shop_reader', true), set_config('request.path', $1, true), set_config('request.method', $2, true), set_config('request.jwt.claims', $3, true)
--
-- name: time zones
SELECT name FROM pg_timezone_names
--
-- name: tables with their columns
WITH columns AS (
  SELECT c.oid AS relid, a.attname::name AS column_name, d.description, CASE WHEN t.typbasetype != 0 THEN pg_get_expr(t.typdefaultbin, 0) WHEN a.attidentity = 'd' THEN format('nextval(%s)', quote_literal(seqsch.nspname || '.' || seqclass.relname)) WHEN a.attgenerated = 's' THEN NULL ELSE pg_get_expr(ad.adbin, ad.adrelid)::text END AS column_default,
    NOT (a.attnotnull OR t.typtype = 'd' AND t.typnotnull) AS is_nullable, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, NULL) ELSE format_type(a.atttypid, NULL) END AS data_type, information_schema._pg_char_max_length(information_schema._pg_truetypid(a.*, t.*), information_schema._pg_truetypmod(a.*, t.*))::integer AS character_maximum_length, t.oid AS base_type, a.attnum::integer AS position
  FROM pg_attribute a LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.objsubid = a.attnum LEFT JOIN pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum JOIN pg_class c ON a.attrelid = c.oid JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_depend dep ON dep.refobjid = a.attrelid AND dep.deptype = 'i' AND dep.refobjsubid = a.attnum LEFT JOIN pg_class seqclass ON seqclass.oid = dep.objid LEFT JOIN pg_namespace seqsch ON seqsch.oid = seqclass.relnamespace
  WHERE NOT pg_is_other_temp_schema(c.relnamespace) AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'f', 'm', 'p') AND c.relnamespace = ANY ('{public,billing}'::regnamespace[])
)
SELECT relid, array_agg(row(column_name, description, is_nullable, data_type, character_maximum_length, column_default, coalesce((SELECT array_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = base_type), '{}')) ORDER BY position) AS columns FROM columns GROUP BY relid
--
-- name: relationships
SELECT traint.conname, traint.conrelid::regclass, traint.confrelid::regclass, traint.conrelid = traint.confrelid AS is_self, column_info.cols_and_fcols, (traint.conkey IN (SELECT conkey FROM pg_constraint WHERE conrelid = traint.conrelid AND contype IN ('p', 'u'))) AS one_to_one
FROM pg_constraint traint JOIN LATERAL (SELECT array_agg(row(cols.attname, refs.attname) ORDER BY ord) AS cols_and_fcols, jsonb_agg(cols.attname ORDER BY ord) AS cols FROM unnest(traint.conkey, traint.confkey) WITH ORDINALITY AS _(col, ref, ord) JOIN pg_attribute cols ON cols.attrelid = traint.conrelid AND cols.attnum = col JOIN pg_attribute refs ON refs.attrelid = traint.confrelid AND refs.attnum = ref) AS column_info ON TRUE
WHERE traint.contype = 'f' AND traint.conparentid = 0 ORDER BY 2, 1
--
-- name: functions
WITH base_types AS (WITH RECURSIVE recurse AS (SELECT oid, typbasetype, typnamespace AS base_namespace, coalesce(nullif(typbasetype, 0), oid) AS base_type FROM pg_type UNION SELECT t.oid, b.typbasetype, b.typnamespace, coalesce(nullif(b.typbasetype, 0), b.oid) FROM recurse t JOIN pg_type b ON t.typbasetype = b.oid) SELECT oid, base_namespace, base_type FROM recurse WHERE typbasetype = 0),
arguments AS (SELECT oid, array_agg((coalesce(name, ''), type::regtype::text, CASE type WHEN 'bit'::regtype THEN 'bit varying' ELSE type::regtype::text END, idx <= (pronargs - pronargdefaults), coalesce(mode = 'v', FALSE)) ORDER BY idx) AS args FROM pg_proc, unnest(proargnames, proargtypes, proargmodes) WITH ORDINALITY AS _(name, type, mode, idx) WHERE type IS NOT NULL GROUP BY oid)
SELECT pn.nspname, p.proname, d.description, coalesce(a.args, '{}'), tn.nspname, t.typname, p.proretset, p.provolatile, p.provariadic > 0, lower((regexp_split_to_array((regexp_split_to_array(iso_config, '='))[2], ','))[1]) AS transaction_isolation_level
FROM pg_proc p LEFT JOIN arguments a ON a.oid = p.oid JOIN pg_namespace pn ON pn.oid = p.pronamespace JOIN base_types bt ON bt.oid = p.prorettype JOIN pg_type t ON t.oid = bt.base_type JOIN pg_namespace tn ON tn.oid = t.typnamespace LEFT JOIN pg_description AS d ON d.objoid = p.oid AND d.classoid = 'pg_proc'::regclass LEFT JOIN LATERAL unnest(proconfig) iso_config ON iso_config LIKE 'default_transaction_isolation%'
WHERE t.oid <> 'trigger'::regtype AND prokind = 'f' AND p.pronamespace = ANY ('{public}'::regnamespace[])
--
-- name: a page as JSON
WITH pgrst_source AS (SELECT "public"."orders"."id", "public"."orders"."total", row_to_json("orders_customers_1".*)::jsonb AS "customers" FROM "public"."orders" LEFT JOIN LATERAL (SELECT "customers_1"."name" FROM "public"."customers" AS "customers_1" WHERE "customers_1"."id" = "public"."orders"."customer_id") AS "orders_customers_1" ON TRUE WHERE "public"."orders"."total" >= 5 ORDER BY "public"."orders"."id" DESC LIMIT 10 OFFSET 0)
SELECT NULL::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, coalesce(json_agg(_postgrest_t), '[]') AS body, nullif('', '') AS response_headers FROM (SELECT * FROM pgrst_source) _postgrest_t
