/** Statements that change something, by hand and by combination, for a scratch database as its superuser. */

export const WRITES_SETUP = `
CREATE TABLE written (id integer PRIMARY KEY, body text, n integer DEFAULT 0);
INSERT INTO written SELECT i, 'body ' || i FROM generate_series(1, 20) i;
CREATE TABLE other (id integer PRIMARY KEY, body text);
INSERT INTO other SELECT i, 'other ' || i FROM generate_series(1, 10) i;
CREATE VIEW written_view AS SELECT id, body FROM written;
CREATE SEQUENCE counter;
CREATE FUNCTION writes() RETURNS integer LANGUAGE sql AS 'UPDATE written SET n = n + 1 RETURNING n';
CREATE FUNCTION writes_row(integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN DELETE FROM written WHERE id = $1; RETURN $1; END';
CREATE PROCEDURE writes_all() LANGUAGE sql AS 'DELETE FROM other';
CREATE OPERATOR !! (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4pl);
CREATE FUNCTION op_writes(integer, integer) RETURNS integer LANGUAGE sql AS 'INSERT INTO other VALUES ($1 + 100, null) RETURNING id';
CREATE OPERATOR !+! (LEFTARG = integer, RIGHTARG = integer, FUNCTION = op_writes);
CREATE FUNCTION checks(integer) RETURNS boolean LANGUAGE sql AS 'SELECT writes() > 0';
CREATE DOMAIN checked AS integer CHECK (checks(VALUE));
CREATE AGGREGATE writing_sum(integer) (SFUNC = op_writes, STYPE = integer, INITCOND = '0');
CREATE RULE also AS ON UPDATE TO other DO ALSO INSERT INTO written VALUES (new.id + 1000, 'rule');
PREPARE kept AS DELETE FROM other WHERE id = $1;`

/** Each changes something by itself. */
const CHANGES = [
  "INSERT INTO written VALUES (100, 'x')",
  "INSERT INTO written VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = excluded.body",
  'INSERT INTO written SELECT id + 500, body FROM other',
  "UPDATE written SET body = 'y' WHERE id = 1",
  'UPDATE written w SET body = o.body FROM other o WHERE o.id = w.id',
  "UPDATE written_view SET body = 'z'",
  'UPDATE other SET body = body',
  'DELETE FROM written WHERE id > 10',
  'DELETE FROM written USING other WHERE other.id = written.id',
  'DELETE FROM ONLY written',
  'MERGE INTO written w USING other o ON o.id = w.id WHEN MATCHED THEN UPDATE SET body = o.body WHEN NOT MATCHED THEN INSERT VALUES (o.id, o.body)',
  'MERGE INTO written w USING other o ON o.id = w.id WHEN MATCHED AND o.id > 5 THEN DELETE',
] as const

const RETURNING = CHANGES.filter((sql) => !sql.startsWith('MERGE') && !sql.includes('written_view'))

/** Calls that change something. */
const CALLS = [
  "nextval('counter')",
  "setval('counter', 5)",
  'lo_create(0)',
  'lo_creat(-1)',
  "lo_from_bytea(0, 'x')",
  "pg_notify('c', 'x')",
  'pg_advisory_lock(1)',
  'pg_advisory_lock_shared(1)',
  'pg_advisory_xact_lock(1, 2)',
  'pg_advisory_xact_lock_shared(3)',
  'pg_try_advisory_lock(1)',
  'pg_try_advisory_xact_lock(2)',
  'pg_try_advisory_lock_shared(2)',
  'pg_try_advisory_xact_lock_shared(2)',
  'writes()',
  'writes_row(3)',
  '(1 !+! 2)',
  '1::checked',
  'CAST(2 AS checked)',
  "query_to_xml('DELETE FROM other', true, true, '')",
  "pg_logical_emit_message(true, 'a', 'b')",
  'public.writes()',
  '"writes"()',
  'pg_catalog.lo_create(0)',
]

/** Places in a query where an expression is computed. */
const PLACES: readonly ((call: string) => string)[] = [
  (call) => `SELECT ${call}`,
  (call) => `SELECT 1 WHERE ${call} IS NOT NULL`,
  (call) => `SELECT id FROM other ORDER BY (${call})::text LIMIT 1`,
  (call) => `SELECT (SELECT ${call})`,
  (call) => `SELECT * FROM (SELECT ${call} AS x OFFSET 0) s`,
  (call) => `WITH q AS MATERIALIZED (SELECT ${call} AS x) SELECT * FROM q`,
  (call) => `VALUES (${call})`,
  (call) => `SELECT CASE WHEN random() >= 0 THEN (${call})::text END`,
  (call) => `SELECT coalesce(NULL, (${call})::text)`,
  (call) => `SELECT count(*) FILTER (WHERE ${call} IS NOT NULL) FROM (SELECT 1) s`,
  (call) => `SELECT 1 UNION ALL SELECT 2 WHERE ${call} IS NOT NULL`,
  (call) => `SELECT ARRAY[(${call})::text]`,
  (call) => `SELECT o.id FROM other o JOIN LATERAL (SELECT ${call} AS x OFFSET 0) s ON true WHERE o.id = 1`,
  (call) => `EXPLAIN ANALYZE SELECT ${call}`,
  (call) => `COPY (SELECT ${call}) TO STDOUT`,
]

export const WRITES: readonly string[] = [
  ...CHANGES,
  ...CHANGES.filter((sql) => !sql.includes('other SET')).map((sql) => `EXPLAIN ANALYZE ${sql}`),
  ...RETURNING.filter((sql) => !sql.includes('other SET')).flatMap((sql) => [
    `${sql} RETURNING *`.replace('RETURNING *', sql.includes(' USING ') || sql.includes(' FROM other o') ? 'RETURNING 1' : 'RETURNING *'),
    `WITH w AS (${sql} RETURNING 1 AS x) SELECT count(*) FROM w`,
    `WITH w AS (${sql}) SELECT 1`,
    `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3), w AS (${sql} RETURNING 1 AS x) SELECT * FROM r`,
  ]),
  ...CALLS.flatMap((call) => PLACES.map((place) => place(call))),
  'SELECT writing_sum(id) FROM other WHERE id < 3',
  'SELECT * FROM writes()',
  'SELECT * FROM ROWS FROM (writes(), generate_series(1, 2)) AS t(a, b)',
  "SELECT * FROM nextval('counter')",
  'SELECT * INTO made FROM written',
  'CREATE TABLE made AS SELECT 1 AS x',
  'CREATE TEMP TABLE made (id integer)',
  'CREATE TABLE made AS EXECUTE kept(1)',
  'SELECT * FROM written FOR UPDATE',
  'SELECT * FROM written FOR NO KEY UPDATE SKIP LOCKED',
  'SELECT * FROM written FOR SHARE',
  'SELECT * FROM written_view FOR KEY SHARE',
  'SELECT * FROM (SELECT id FROM written FOR UPDATE) s',
  'WITH q AS (SELECT id FROM written FOR UPDATE) SELECT * FROM q',
  'LOCK TABLE written',
  'LOCK TABLE written IN SHARE MODE',
  'TRUNCATE other',
  'CALL writes_all()',
  "DO 'BEGIN DELETE FROM other; END'",
  'EXECUTE kept(1)',
  'EXPLAIN ANALYZE EXECUTE kept(1)',
  'CREATE INDEX ON written (body)',
  'COMMENT ON TABLE written IS NULL',
  'GRANT SELECT ON written TO PUBLIC',
  'ALTER TABLE written ADD extra integer',
  'DROP TABLE other',
  'ANALYZE written',
  'REINDEX TABLE written',
  'CLUSTER written USING written_pkey',
  'SELECT lo_unlink(lo_create(0))',
  "NOTIFY c, 'x'",
  'CREATE ROLE made_role',
]
