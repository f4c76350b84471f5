-- name: select version()
select version()
--
-- name: select information_schema.tables
-- values: ["orders"]
select * from information_schema.tables where table_name = $1 and table_schema = current_schema()
--
-- name: select information_schema.tables (2)
-- values: ["payments", "billing"]
select * from information_schema.tables where table_name = $1 and table_schema = $2
--
-- name: select information_schema.columns
-- values: ["orders", "total"]
select * from information_schema.columns where table_name = $1 and column_name = $2 and table_schema = current_schema()
--
-- name: select information_schema.columns (2)
-- values: ["orders"]
select * from information_schema.columns where table_name = $1 and table_catalog = current_database() and table_schema = current_schema()
--
-- name: select knex_migrations_lock
select * from "knex_migrations_lock"
--
-- name: select knex_migrations
select "name" from "knex_migrations" order by "id" asc
--
-- name: select knex_migrations (2)
select * from "knex_migrations"
--
-- name: select orders
-- values: ["new", "5"]
select * from "orders" where "status" = $1 order by "id" asc limit $2
--
-- name: select orders, customers
-- values: ["new", "paid"]
select "o"."id", "c"."name" from "orders" as "o" inner join "customers" as "c" on "c"."id" = "o"."customer_id" where "o"."status" in ($1, $2)
--
-- name: select orders (2)
select count(*) as "n" from "orders" group by "status"
--
-- name: with orders, x
-- values: ["5"]
with "x" as (select * from "orders" where "total" > $1) select * from "x"
--
-- name: select orders (3)
-- values: ["1"]
select * from "orders" limit $1
--
-- name: select orders (4)
-- values: ["1"]
select max("total") from "orders" where "placed_at" is not null and total > $1
--
-- name: select 1+1 as result
select 1+1 as result
--
-- name: select customers
select distinct "city" from "customers"
--
-- name: BEGIN TRANSACTION READ ONLY
BEGIN TRANSACTION READ ONLY
--
-- name: select orders (5)
select "id" from "orders"
--
-- name: COMMIT
COMMIT
