-- name: schema of everything
SELECT c.table_schema, c.table_name, c.column_name, c.data_type, c.udt_name, c.is_nullable, t.table_type FROM information_schema.columns c JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, c.ordinal_position
--
-- name: primary keys
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS data_type FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = 'public.orders'::regclass AND i.indisprimary
--
-- name: a table with search, sorted by choice
-- values: ["%new%", "id", "10", "0"]
SELECT id, status, total FROM orders WHERE ($1 = '' OR status ILIKE $1) ORDER BY CASE WHEN $2 = 'id' THEN id END DESC, CASE WHEN $2 = 'total' THEN total END LIMIT $3::int OFFSET $4::int
--
-- name: a list of ids
-- values: ["{1,2}"]
SELECT * FROM orders WHERE id = ANY ($1)
