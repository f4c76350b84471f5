-- name: SET TIME ZONE 'UTC'
SET TIME ZONE 'UTC'
--
-- name: select pg_class, pg_namespace
SELECT c.relname,
            CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END
            FROM pg_catalog.pg_class c
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v')
                AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
                AND pg_catalog.pg_table_is_visible(c.oid)
--
-- name: select pg_constraint, pg_class, pg_attribute
SELECT a1.attname, c2.relname, a2.attname
            FROM pg_constraint con
            LEFT JOIN pg_class c1 ON con.conrelid = c1.oid
            LEFT JOIN pg_class c2 ON con.confrelid = c2.oid
            LEFT JOIN pg_attribute a1 ON c1.oid = a1.attrelid AND a1.attnum = con.conkey[1]
            LEFT JOIN pg_attribute a2 ON c2.oid = a2.attrelid AND a2.attnum = con.confkey[1]
            WHERE
                c1.relname = 'SequelizeMeta' AND
                con.contype = 'f' AND
                c1.relnamespace = c2.relnamespace AND
                pg_catalog.pg_table_is_visible(c1.oid)
--
-- name: select unnest, pg_attribute, pg_class
SELECT
                c.conname,
                array(
                    SELECT attname
                    FROM unnest(c.conkey) WITH ORDINALITY cols(colid, arridx)
                    JOIN pg_attribute AS ca ON cols.colid = ca.attnum
                    WHERE ca.attrelid = c.conrelid
                    ORDER BY cols.arridx
                ),
                c.contype,
                (SELECT fkc.relname || '.' || fka.attname
                FROM pg_attribute AS fka
                JOIN pg_class AS fkc ON fka.attrelid = fkc.oid
                WHERE fka.attrelid = c.confrelid AND fka.attnum = c.confkey[1]),
                cl.reloptions
            FROM pg_constraint AS c
            JOIN pg_class AS cl ON c.conrelid = cl.oid
            WHERE cl.relname = 'SequelizeMeta' AND pg_catalog.pg_table_is_visible(cl.oid)
--
-- name: select pg_index, pg_class, pg_am
SELECT
                indexname, array_agg(attname ORDER BY arridx), indisunique, indisprimary,
                array_agg(ordering ORDER BY arridx), amname, exprdef, s2.attoptions
            FROM (
                SELECT
                    c2.relname as indexname, idx.*, attr.attname, am.amname,
                    CASE
                        WHEN idx.indexprs IS NOT NULL THEN
                            pg_get_indexdef(idx.indexrelid)
                    END AS exprdef,
                    CASE am.amname
                        WHEN 'btree' THEN
                            CASE (option & 1)
                                WHEN 1 THEN 'DESC' ELSE 'ASC'
                            END
                    END as ordering,
                    c2.reloptions as attoptions
                FROM (
                    SELECT *
                    FROM pg_index i, unnest(i.indkey, i.indoption) WITH ORDINALITY koi(key, option, arridx)
                ) idx
                LEFT JOIN pg_class c ON idx.indrelid = c.oid
                LEFT JOIN pg_class c2 ON idx.indexrelid = c2.oid
                LEFT JOIN pg_am am ON c2.relam = am.oid
                LEFT JOIN pg_attribute attr ON attr.attrelid = c.oid AND attr.attnum = idx.key
                WHERE c.relname = 'SequelizeMeta' AND pg_catalog.pg_table_is_visible(c.oid)
            ) s2
            GROUP BY indexname, indisunique, indisprimary, amname, exprdef, attoptions
--
-- name: select pg_attribute, pg_attrdef, pg_collation, pg_type
SELECT
                a.attname AS column_name,
                NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)) AS is_nullable,
                pg_get_expr(ad.adbin, ad.adrelid) AS column_default,
                CASE WHEN collname = 'default' THEN NULL ELSE collname END AS collation
            FROM pg_attribute a
            LEFT JOIN pg_attrdef ad ON a.attrelid = ad.adrelid AND a.attnum = ad.adnum
            LEFT JOIN pg_collation co ON a.attcollation = co.oid
            JOIN pg_type t ON a.atttypid = t.oid
            JOIN pg_class c ON a.attrelid = c.oid
            JOIN pg_namespace n ON c.relnamespace = n.oid
            WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v')
                AND c.relname = 'SequelizeMeta'
                AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
                AND pg_catalog.pg_table_is_visible(c.oid)
--
-- name: select SequelizeMeta
SELECT * FROM "SequelizeMeta" LIMIT 1
--
-- name: select _prisma_migrations
SELECT * FROM "_prisma_migrations" LIMIT 1
--
-- name: select alembic_version
SELECT * FROM "alembic_version" LIMIT 1
--
-- name: select ar_internal_metadata
SELECT * FROM "ar_internal_metadata" LIMIT 1
--
-- name: select audit
SELECT * FROM "audit" LIMIT 1
--
-- name: select audit_old
SELECT * FROM "audit_old" LIMIT 1
--
-- name: select customers
SELECT * FROM "customers" LIMIT 1
--
-- name: select django_migrations
SELECT * FROM "django_migrations" LIMIT 1
--
-- name: select employees
SELECT * FROM "employees" LIMIT 1
--
-- name: select knex_migrations
SELECT * FROM "knex_migrations" LIMIT 1
--
-- name: select knex_migrations_lock
SELECT * FROM "knex_migrations_lock" LIMIT 1
--
-- name: select migrations
SELECT * FROM "migrations" LIMIT 1
--
-- name: select mv_totals
SELECT * FROM "mv_totals" LIMIT 1
--
-- name: select orders
SELECT * FROM "orders" LIMIT 1
--
-- name: select schema_migrations
SELECT * FROM "schema_migrations" LIMIT 1
--
-- name: select typeorm_metadata
SELECT * FROM "typeorm_metadata" LIMIT 1
--
-- name: select v_customers
SELECT * FROM "v_customers" LIMIT 1
--
-- name: select pg_class, pg_namespace, pg_depend, pg_attrdef
SELECT s.relname as sequence_name, col.attname
            FROM pg_class s
                JOIN pg_namespace sn ON sn.oid = s.relnamespace
                JOIN pg_depend d ON d.refobjid = s.oid AND d.refclassid = 'pg_class'::regclass
                JOIN pg_attrdef ad ON ad.oid = d.objid AND d.classid = 'pg_attrdef'::regclass
                JOIN pg_attribute col ON col.attrelid = ad.adrelid AND col.attnum = ad.adnum
                JOIN pg_class tbl ON tbl.oid = ad.adrelid
            WHERE s.relkind = 'S'
              AND d.deptype in ('a', 'n')
              AND pg_catalog.pg_table_is_visible(tbl.oid)
              AND tbl.relname = 'orders'
--
-- name: select django_migrations (2)
SELECT "django_migrations"."id", "django_migrations"."app", "django_migrations"."name", "django_migrations"."applied" FROM "django_migrations"
--
-- name: select orders, customers
SELECT "orders"."id", "orders"."customer_id", "orders"."status", "orders"."total", "orders"."placed_at", "customers"."id", "customers"."name", "customers"."city" FROM "orders" INNER JOIN "customers" ON ("orders"."customer_id" = "customers"."id") WHERE "orders"."status" = 'new' ORDER BY "orders"."id" DESC LIMIT 3
--
-- name: select orders (2)
SELECT "orders"."status", COUNT("orders"."customer_id") AS "n" FROM "orders" GROUP BY "orders"."id", "orders"."customer_id", "orders"."status", "orders"."total", "orders"."placed_at" HAVING COUNT("orders"."customer_id") > 0
--
-- name: select orders (3)
SELECT SUM("orders"."total") AS "total__sum" FROM "orders"
--
-- name: select orders (4)
SELECT DATE_TRUNC('month', "orders"."placed_at" AT TIME ZONE 'America/Chicago') AS "m", COUNT("orders"."id") AS "n" FROM "orders" GROUP BY DATE_TRUNC('month', "orders"."placed_at" AT TIME ZONE 'America/Chicago')
--
-- name: select customers, orders
SELECT "customers"."id", "customers"."name", "customers"."city" FROM "customers" WHERE EXISTS(SELECT (1) AS "a" FROM "orders" U0 WHERE U0."customer_id" = "customers"."id" LIMIT 1)
--
-- name: select orders (5)
SELECT COUNT(*) AS "__count" FROM "orders" WHERE ("orders"."total" > 5 OR UPPER("orders"."status"::text) LIKE UPPER('%w%'))
--
-- name: select orders (6)
SELECT "orders"."id", "orders"."customer_id", "orders"."status", "orders"."total", "orders"."placed_at", ROW_NUMBER() OVER (PARTITION BY "orders"."customer_id" ORDER BY "orders"."id" ASC) AS "r" FROM "orders"
--
-- name: select orders (7)
SELECT (1) AS "a" FROM "orders" WHERE "orders"."id" = 1 LIMIT 1
--
-- name: explain orders
EXPLAIN SELECT "orders"."id", "orders"."customer_id", "orders"."status", "orders"."total", "orders"."placed_at" FROM "orders" WHERE "orders"."id" = 1
--
-- name: declare orders
DECLARE "_django_curs_140454951895104_sync_1" NO SCROLL CURSOR WITH HOLD FOR SELECT "orders"."id", "orders"."customer_id", "orders"."status", "orders"."total", "orders"."placed_at" FROM "orders"
--
-- name: fetch _django_curs_1
FETCH FORWARD 2000 FROM "_django_curs_140454951895104_sync_1"
--
-- name: CLOSE "_django_curs_140454951895104_sync_1"
CLOSE "_django_curs_140454951895104_sync_1"
