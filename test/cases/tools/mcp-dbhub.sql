-- name: select information_schema.schemata
SELECT schema_name
        FROM information_schema.schemata
        WHERE schema_name NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
        ORDER BY schema_name
--
-- name: select information_schema.tables
-- values: ["billing"]
SELECT table_name
        FROM information_schema.tables
        WHERE table_schema = $1
        AND table_type IN ('BASE TABLE', 'FOREIGN')
        ORDER BY table_name
--
-- name: select information_schema.columns, pg_namespace, pg_class, pg_description
-- values: ["public", "audit"]
SELECT
          c.column_name,
          c.data_type,
          c.is_nullable,
          c.column_default,
          pgd.description
        FROM information_schema.columns c
        LEFT JOIN pg_catalog.pg_namespace nsp
          ON nsp.nspname = c.table_schema
        LEFT JOIN pg_catalog.pg_class cls
          ON cls.relnamespace = nsp.oid
          AND cls.relname = c.table_name
        LEFT JOIN pg_catalog.pg_description pgd
          ON pgd.objoid = cls.oid
          AND pgd.objsubid = c.ordinal_position
        WHERE c.table_schema = $1
        AND c.table_name = $2
        ORDER BY c.ordinal_position
--
-- name: select pg_class
-- values: ["audit", "public"]
SELECT
          i.relname as index_name,
          array_agg(a.attname::text) as column_names,
          ix.indisunique as is_unique,
          ix.indisprimary as is_primary
        FROM
          pg_class t,
          pg_class i,
          pg_index ix,
          pg_attribute a,
          pg_namespace ns
        WHERE
          t.oid = ix.indrelid
          AND i.oid = ix.indexrelid
          AND a.attrelid = t.oid
          AND a.attnum = ANY(ix.indkey)
          AND t.relkind IN ('r','p')
          AND t.relname = $1
          AND ns.oid = t.relnamespace
          AND ns.nspname = $2
        GROUP BY
          i.relname,
          ix.indisunique,
          ix.indisprimary
        ORDER BY
          i.relname
--
-- name: select pg_class, pg_namespace
-- values: ["audit", "public"]
SELECT c.reltuples::bigint as count
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = $1
        AND n.nspname = $2
        AND c.relkind IN ('r','p','m','f')
--
-- name: select pg_class, pg_namespace (2)
-- values: ["audit", "public"]
SELECT obj_description(c.oid) as table_comment
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = $1
        AND n.nspname = $2
        AND c.relkind IN ('r','p','m','f','v')
--
-- name: select information_schema.tables (2)
-- values: ["public"]
SELECT table_name
        FROM information_schema.tables
        WHERE table_schema = $1
        AND table_type = 'VIEW'
        ORDER BY table_name
--
-- name: select information_schema.routines
-- values: ["public"]
SELECT
          routine_name
        FROM information_schema.routines
        WHERE routine_schema = $1 AND routine_type = 'PROCEDURE'
        ORDER BY routine_name
--
-- name: select information_schema.parameters, information_schema.routines
-- values: ["public", "close_month"]
SELECT
          routine_name as procedure_name,
          routine_type,
          CASE WHEN routine_type = 'PROCEDURE' THEN 'procedure' ELSE 'function' END as procedure_type,
          external_language as language,
          data_type as return_type,
          routine_definition as definition,
          (
            SELECT string_agg(
              parameter_name || ' ' ||
              parameter_mode || ' ' ||
              data_type,
              ', '
            )
            FROM information_schema.parameters
            WHERE specific_schema = $1
            AND specific_name = $2
            AND parameter_name IS NOT NULL
          ) as parameter_list
        FROM information_schema.routines
        WHERE routine_schema = $1
        AND routine_name = $2
--
-- name: select pg_proc, pg_namespace
-- values: ["close_month", "public"]
SELECT p.oid, p.prosrc
          FROM pg_proc p
          JOIN pg_namespace n ON p.pronamespace = n.oid
          WHERE p.proname = $1
          AND n.nspname = $2
--
-- name: select orders
SELECT id FROM orders
