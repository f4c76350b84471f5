-- name: select information_schema.tables
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
--
-- name: select information_schema.columns
-- values: ["orders"]
SELECT column_name, data_type FROM information_schema.columns WHERE table_name = $1
--
-- name: BEGIN TRANSACTION READ ONLY
BEGIN TRANSACTION READ ONLY
--
-- name: select orders
SELECT count(*) FROM orders
--
-- name: ROLLBACK
ROLLBACK
