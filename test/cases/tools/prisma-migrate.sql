-- name: is it a schema
-- values: ["public"]
SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1), version(), current_setting('server_version_num')::integer AS numeric_version
--
-- name: the lock of a migration
-- expect: ask
-- because: an advisory lock keeps others waiting
SELECT pg_advisory_lock(72707369)
--
-- name: what was applied
SELECT "id", "checksum", "finished_at", "migration_name", "logs", "rolled_back_at", "started_at", "applied_steps_count" FROM "_prisma_migrations" ORDER BY "started_at" ASC
--
-- name: client: find many, with a relation
-- values: ["new", "10", "0"]
SELECT "public"."orders"."id", "public"."orders"."customer_id", "public"."orders"."status" FROM "public"."orders" WHERE ("public"."orders"."status" = $1 AND 1=1) ORDER BY "public"."orders"."id" ASC LIMIT $2 OFFSET $3
--
-- name: client: the relation
-- values: ["1", "2"]
SELECT "public"."customers"."id", "public"."customers"."name" FROM "public"."customers" WHERE "public"."customers"."id" IN ($1, $2) OFFSET 0
--
-- name: client: joined as JSON
SELECT "t0"."id", "t0_customer"."__prisma_data__" AS "customer" FROM "public"."orders" AS "t0" LEFT JOIN LATERAL (SELECT JSONB_BUILD_OBJECT('id', "t1"."id", 'name', "t1"."name") AS "__prisma_data__" FROM (SELECT "t2"."id", "t2"."name" FROM "public"."customers" AS "t2" WHERE "t0"."customer_id" = "t2"."id" LIMIT 1) AS "t1") AS "t0_customer" ON true
--
-- name: client: aggregate
SELECT COUNT(*), SUM("total"), MIN("total") FROM (SELECT "public"."orders"."id", "public"."orders"."total" FROM "public"."orders" WHERE 1=1 OFFSET 0) AS "sub"
--
-- name: client: transaction
SET TRANSACTION ISOLATION LEVEL READ COMMITTED
--
-- name: client: drop of kept statements
DEALLOCATE ALL
