\set VERBOSITY verbose
SET search_path = peer, public;
CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2) DEFAULT 1 CHECK (price >= 0), at timestamptz, tags text[]);
CREATE INDEX t_name ON t (lower(name));
COMMENT ON TABLE t IS 'for psql';
INSERT INTO t VALUES (1, 'Žofie', 12.30, '2026-01-02 03:04:05+00', '{a,NULL,"b c"}'), (2, 'two', 2, NULL, '{}') RETURNING *;
COPY t (id, name) FROM STDIN;
3	three
4	four
\.
\copy (SELECT id, name FROM t ORDER BY id) TO stdout (FORMAT csv, HEADER)
\d t
\d+ t
\dt peer.*
\di peer.*
\dv public.*
\df public.*
\dn+ peer
\du app_rw
\l shop
\dp public.customers
\dT+ public.*
\sf public.bump
\sv public.customer_cards
\encoding
INSERT INTO t VALUES (1, 'again');
INSERT INTO t VALUES (9, NULL);
SELEKT 1;
SELECT nothing FROM t;
SELECT 1/0;
BEGIN;
SAVEPOINT a;
SELECT 1/0;
ROLLBACK TO a;
SELECT count(*) FROM t;
COMMIT;
SELECT 1 \; SELECT 2 \; SELECT 3;
SELECT 1 AS one, 'x' AS two \gset
\echo :one :two
SELECT id, name FROM t ORDER BY id \gdesc
SELECT format('SELECT %s', i) FROM generate_series(1, 3) i \gexec
SELECT $1, $2 \bind 1 two \g
\set FETCH_COUNT 2
SELECT id, name FROM t ORDER BY id;
\unset FETCH_COUNT
\x
SELECT * FROM t WHERE id = 1;
\x
\crosstabview
DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful'; END $$;
LISTEN peer_news;
NOTIFY peer_news, 'nothing';
\errverbose
EXPLAIN (COSTS off) SELECT * FROM t WHERE lower(name) = 'x';
PREPARE p (int) AS SELECT $1 + 1;
EXECUTE p (4);
DEALLOCATE p;
DECLARE c CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id;
FETCH 2 FROM c;
CLOSE c;
SET ROLE app_rw;
SHOW search_path;
RESET ALL;
DISCARD ALL;
