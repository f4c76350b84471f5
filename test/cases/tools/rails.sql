-- name: SET client_min_messages TO 'warning'
SET client_min_messages TO 'warning'
--
-- name: SET standard_conforming_strings = on
SET standard_conforming_strings = on
--
-- name: SET intervalstyle = iso_8601
SET intervalstyle = iso_8601
--
-- name: SET SESSION timezone TO 'UTC'
SET SESSION timezone TO 'UTC'
--
-- name: select pg_type
SELECT t.oid, t.typname
FROM pg_type as t
WHERE t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'bool', 'timestamp', 'timestamptz')
--
-- name: select pg_type, pg_range
SELECT t.oid, t.typname, t.typelem, t.typdelim, t.typinput, r.rngsubtype, t.typtype, t.typbasetype
FROM pg_type as t
LEFT JOIN pg_range as r ON oid = rngtypid
WHERE
  t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'text', 'varchar', 'char', 'name', 'bpchar', 'bool', 'bit', 'varbit', 'timestamptz', 'date', 'money', 'bytea', 'point', 'hstore', 'json', 'jsonb', 'cidr', 'inet', 'uuid', 'xml', 'tsvector', 'macaddr', 'citext', 'ltree', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'time', 'timestamp', 'numeric', 'interval')
  OR t.typtype IN ('r', 'e', 'd')
  OR t.typinput = 'array_in(cstring,oid,integer)'::regprocedure
  OR t.typelem != 0
--
-- name: SHOW TIME ZONE
SHOW TIME ZONE
--
-- name: SELECT 1
SELECT 1
--
-- name: select pg_class, pg_namespace
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r','p')
--
-- name: select pg_attribute, pg_attrdef, pg_type, pg_collation
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"orders"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
--
-- name: select pg_type, pg_range (2)
SELECT t.oid, t.typname, t.typelem, t.typdelim, t.typinput, r.rngsubtype, t.typtype, t.typbasetype
FROM pg_type as t
LEFT JOIN pg_range as r ON oid = rngtypid
WHERE t.oid IN ({{type:public.pair}})
--
-- name: select pg_class, pg_index, pg_namespace
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'orders'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
--
-- name: select pg_attribute
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = {{class:public.orders}}
AND a.attnum IN (2)
--
-- name: select pg_index, pg_attribute
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"orders"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx
--
-- name: select pg_constraint, pg_class, pg_attribute
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'orders'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname
--
-- name: select pg_constraint, pg_class
SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'orders'
--
-- name: select pg_class, pg_namespace (2)
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'orders'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))
--
-- name: select pg_class
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"orders"'::regclass
--
-- name: select pg_class, pg_attribute, pg_attrdef, pg_constraint
SELECT attr.attname, nsp.nspname,
  CASE
    WHEN pg_get_expr(def.adbin, def.adrelid) !~* 'nextval' THEN NULL
    WHEN split_part(pg_get_expr(def.adbin, def.adrelid), '''', 2) ~ '.' THEN
      substr(split_part(pg_get_expr(def.adbin, def.adrelid), '''', 2),
             strpos(split_part(pg_get_expr(def.adbin, def.adrelid), '''', 2), '.')+1)
    ELSE split_part(pg_get_expr(def.adbin, def.adrelid), '''', 2)
  END
FROM pg_class       t
JOIN pg_attribute   attr ON (t.oid = attrelid)
JOIN pg_attrdef     def  ON (adrelid = attrelid AND adnum = attnum)
JOIN pg_constraint  cons ON (conrelid = adrelid AND adnum = conkey[1])
JOIN pg_namespace   nsp  ON (t.relnamespace = nsp.oid)
WHERE t.oid = '"employees"'::regclass
  AND cons.contype = 'p'
  AND pg_get_expr(def.adbin, def.adrelid) ~* 'nextval|uuid_generate'
--
-- name: SHOW max_identifier_length
SHOW max_identifier_length
--
-- name: select pg_namespace
SELECT nspname
  FROM pg_namespace
 WHERE nspname !~ '^pg_.*'
   AND nspname NOT IN ('information_schema')
 ORDER by nspname
--
-- name: select pg_extension
SELECT extname FROM pg_extension
--
-- name: SELECT current_schema
SELECT current_schema
--
-- name: select pg_database
SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()
--
-- name: select pg_database (2)
SELECT datcollate FROM pg_database WHERE datname = current_database()
--
-- name: select pg_database (3)
SELECT datctype FROM pg_database WHERE datname = current_database()
--
-- name: select pg_class, pg_namespace (3)
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'orders' AND c.relkind IN ('r','p')
--
-- name: select pg_class, pg_namespace (4)
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'orders' AND c.relkind IN ('r','v','m','p','f')
--
-- name: select pg_class, pg_namespace (5)
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r','v','m','p','f')
--
-- name: select pg_class, pg_index, pg_namespace (2)
SELECT COUNT(*)
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND i.relname = 'x'
  AND t.relname = 'orders'
  AND n.nspname = ANY (current_schemas(false))
--
-- name: SELECT pg_try_advisory_lock(1)
-- expect: ask
-- because: the lock of a migration tool keeps others waiting
SELECT pg_try_advisory_lock(1)
--
-- name: select pg_namespace (2)
SELECT COUNT(*) FROM pg_namespace WHERE nspname = 'billing'
--
-- name: select pg_class, pg_namespace (6)
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('f')
--
-- name: SHOW search_path
SHOW search_path
--
-- name: select orders
-- values: ["1"]
SELECT "orders".* FROM "orders" ORDER BY "orders"."id" ASC LIMIT $1
--
-- name: select orders (2)
-- values: ["new", "3"]
SELECT "orders".* FROM "orders" WHERE "orders"."status" = $1 ORDER BY "orders"."id" ASC LIMIT $2
--
-- name: select customers
SELECT "customers".* FROM "customers"
--
-- name: select orders (3)
-- values: ["1"]
SELECT "orders".* FROM "orders" WHERE "orders"."customer_id" = $1
--
-- name: select orders, customers
-- values: ["Uppsala"]
SELECT COUNT(*) FROM "orders" INNER JOIN "customers" ON "customers"."id" = "orders"."customer_id" WHERE "customers"."city" = $1
--
-- name: select orders (4)
-- values: ["1", "1"]
SELECT 1 AS one FROM "orders" WHERE "orders"."id" = $1 LIMIT $2
--
-- name: select orders (5)
SELECT SUM("orders"."total") AS sum_total, "orders"."status" AS orders_status FROM "orders" GROUP BY "orders"."status"
--
-- name: select orders (6)
SELECT "orders"."id" FROM "orders"
--
-- name: select customers, orders
-- expect: ask
-- because: DISTINCT compares the sensitive columns of customers
SELECT DISTINCT "customers".* FROM "customers" LEFT OUTER JOIN "orders" ON "orders"."customer_id" = "customers"."id"
--
-- name: select orders (7)
SELECT MAX("orders"."total") FROM "orders"
--
-- name: select orders (8)
-- values: ["1"]
SELECT "orders".* FROM "orders" WHERE "orders"."id" = $1
--
-- name: explain orders
-- values: ["1"]
EXPLAIN SELECT "orders".* FROM "orders" WHERE "orders"."id" = $1
--
-- name: select schema_migrations
SELECT "schema_migrations"."version" FROM "schema_migrations" ORDER BY "schema_migrations"."version" ASC
--
-- name: select ar_internal_metadata
-- values: ["environment"]
SELECT "ar_internal_metadata"."value" FROM "ar_internal_metadata" WHERE "ar_internal_metadata"."key" = $1
