"""What psycopg2 sees, as a transcript. Connects as libpq's environment says; the schema `peer` is empty."""
import datetime
import decimal
import io
import select
import threading
import time
import uuid

import psycopg2
import psycopg2.errors
import psycopg2.extensions
import psycopg2.extras
import psycopg2.pool

psycopg2.extras.register_uuid()


def say(*what):
    print(*[repr(one) for one in what], flush=True)


def attempt(label, work):
    try:
        say(label, work())
    except psycopg2.Error as error:
        d = error.diag
        say(label, type(error).__name__, error.pgcode, d.severity, d.message_primary, d.message_detail, d.message_hint,
            d.statement_position, d.schema_name, d.table_name, d.column_name, d.datatype_name, d.constraint_name, d.context)


def rows(cursor, sql, values=None):
    cursor.execute(sql, values)
    if cursor.description is None:
        return cursor.statusmessage, cursor.rowcount
    return [(c.name, c.type_code, c.internal_size, c.precision, c.scale) for c in cursor.description], [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()], cursor.statusmessage


db = psycopg2.connect("")
say(db.encoding, db.get_transaction_status(), db.server_version, db.get_parameter_status("server_encoding"), db.get_parameter_status("TimeZone"))
cur = db.cursor()
rows(cur, "SET search_path = peer, public")
say(rows(cur, "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2) CHECK (price >= 0), at timestamptz, tags text[], doc jsonb, raw bytea, who uuid, r int4range)"))
db.commit()

say(rows(cur, "INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING *", (
    1, "Žofie 'q' \\ 🐘", decimal.Decimal("12.30"), datetime.datetime(2026, 1, 2, 3, 4, 5, 678900, datetime.timezone.utc), ["a", None, 'b"c'],
    psycopg2.extras.Json({"k": [1, None, "x"]}), b"\x00\xff'", uuid.UUID(int=7), psycopg2.extras.NumericRange(1, 5))))
psycopg2.extras.execute_values(cur, "INSERT INTO t (id, name, price) VALUES %s", [(i, "n%d" % i, i) for i in range(2, 40)], page_size=10)
say(cur.statusmessage, cur.rowcount)
psycopg2.extras.execute_batch(cur, "UPDATE t SET price = price + %s WHERE id = %s", [(1, i) for i in range(2, 12)])
db.commit()
say(rows(cur, "SELECT sum(price), count(*) FROM t"))

for label, sql in [
    ("unique", "INSERT INTO peer.t (id, name) VALUES (1, 'again')"),
    ("not null", "INSERT INTO peer.t (id, name) VALUES (100, NULL)"),
    ("check", "INSERT INTO peer.t (id, name, price) VALUES (100, 'x', -1)"),
    ("syntax", "SELEKT 1"),
    ("column", "SELECT nothing FROM peer.t"),
    ("table", "SELECT * FROM peer.nothing"),
    ("type", "SELECT 'a'::int"),
    ("zero", "SELECT 1/0"),
    ("in do", "DO $$ BEGIN RAISE EXCEPTION 'mine' USING ERRCODE = 'P0099', DETAIL = 'd', HINT = 'h', TABLE = 't', COLUMN = 'c', CONSTRAINT = 'k', SCHEMA = 's', DATATYPE = 'y'; END $$"),
]:
    attempt(label, lambda: rows(cur, sql))
    say(db.get_transaction_status())
    attempt("after", lambda: rows(cur, "SELECT 1"))
    db.rollback()
    say(db.get_transaction_status())

with db:
    cur.execute("SAVEPOINT s")
    attempt("inner", lambda: rows(cur, "SELECT 1/0"))
    cur.execute("ROLLBACK TO s")
    say(rows(cur, "SELECT 1 AS fine"))

del db.notices[:]
cur.execute("DO $$ BEGIN RAISE NOTICE 'hello %', 7; RAISE WARNING 'careful' USING HINT = 'h'; END $$")
cur.execute("DROP TABLE IF EXISTS peer.nothing_here")
say(db.notices)
db.commit()

named = db.cursor("pieces", scrollable=True)
named.itersize = 7
named.execute("SELECT id, name FROM peer.t ORDER BY id")
say(named.fetchmany(3), named.fetchone())
named.scroll(-2)
say(named.fetchmany(2), len(named.fetchall()))
named.close()
held = db.cursor("held", withhold=True)
held.execute("SELECT id FROM peer.t ORDER BY id")
db.commit()
say(held.fetchmany(4))
held.close()
db.commit()

out = io.StringIO()
cur.copy_expert("COPY (SELECT id, name, tags FROM peer.t WHERE id < 4 ORDER BY id) TO STDOUT", out)
say(out.getvalue(), cur.rowcount, cur.statusmessage)
out = io.StringIO()
cur.copy_expert("COPY peer.t (id, name, price) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE (name))", out)
say(out.getvalue())
binary = io.BytesIO()
cur.copy_expert("COPY (SELECT id, name FROM peer.t ORDER BY id) TO STDOUT (FORMAT binary)", binary)
say(binary.getvalue())
cur.execute("CREATE TABLE peer.c (id int, name text)")
binary.seek(0)
cur.copy_expert("COPY peer.c FROM STDIN (FORMAT binary)", binary)
say(cur.rowcount, rows(cur, "SELECT count(*), min(name) FROM peer.c"))
cur.copy_expert("COPY peer.c FROM STDIN (FORMAT csv, HEADER)", io.StringIO("id,name\n" + "".join('%d,"x,%d"\n' % (i, i) for i in range(5000))))
say(cur.rowcount)
cur.execute("SET search_path = peer")
cur.copy_from(io.StringIO("1\tone\n2\t\\N\n"), "c", columns=("id", "name"))
say(cur.rowcount)
db.commit()
attempt("bad copy", lambda: cur.copy_expert("COPY peer.c FROM STDIN", io.StringIO("x\ty\n")))
db.rollback()


class Breaks:
    def read(self, size=-1):
        raise RuntimeError("the source broke")


try:
    cur.copy_expert("COPY peer.c FROM STDIN", Breaks())
except Exception as error:
    say(type(error).__name__, str(error))
db.rollback()
say(rows(cur, "SELECT count(*) FROM peer.c"))
db.commit()

cur.execute("PREPARE p (int, text) AS SELECT $1 + 1, $2 || '!'")
say(rows(cur, "EXECUTE p (%s, %s)", (4, "a")), rows(cur, "DEALLOCATE p"))
say(rows(cur, "SELECT 1; SELECT 2 AS two, 'x' AS x"))
say(rows(cur, "SELECT %s, %s, %s, %s", (datetime.date(2026, 1, 2), datetime.timedelta(days=1, seconds=5), float("nan"), True)))
db.commit()

db.autocommit = True
listener = psycopg2.connect("")
listener.autocommit = True
listener.cursor().execute("LISTEN peer_news")
cur.execute("NOTIFY peer_news, 'first'")
cur.execute("SELECT pg_notify('peer_news', 'second')")
end = time.time() + 5
while len(listener.notifies) < 2 and time.time() < end:
    if select.select([listener], [], [], 0.2)[0]:
        listener.poll()
say([(n.channel, n.payload) for n in listener.notifies])
listener.close()

timer = threading.Timer(0.3, db.cancel)
timer.start()
attempt("cancelled", lambda: rows(cur, "SELECT pg_sleep(20)"))
timer.join()
say(rows(cur, "SELECT 1"))
attempt("timeout", lambda: rows(cur, "SET statement_timeout = 100; SELECT pg_sleep(5)"))
cur.execute("RESET statement_timeout")
db.autocommit = False
db.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
say(rows(cur, "SHOW transaction_isolation"), rows(cur, "SHOW transaction_read_only"))
attempt("read only", lambda: rows(cur, "INSERT INTO peer.c VALUES (1, 'x')"))
db.rollback()
db.reset()
attempt("two-phase", lambda: db.tpc_begin(db.xid(1, "g", "b")))
attempt("two-phase prepare", lambda: (rows(cur, "SELECT 1"), db.tpc_prepare()))
attempt("two-phase rollback", lambda: db.tpc_rollback())
big = cur.mogrify("SELECT length(%s)", ("x" * 300000,))
attempt("long", lambda: rows(cur, big))
db.close()

pool = psycopg2.pool.SimpleConnectionPool(1, 3, "")
one = pool.getconn()
attempt("pool error", lambda: rows(one.cursor(), "SELECT 1/0"))
pool.putconn(one)
two = pool.getconn()
say(two is one, rows(two.cursor(), "SELECT 2"))
pool.putconn(two)
pool.closeall()

wait = psycopg2.connect("", async_=True)
while True:
    state = wait.poll()
    if state == psycopg2.extensions.POLL_OK:
        break
    select.select([wait] if state == psycopg2.extensions.POLL_READ else [], [wait] if state == psycopg2.extensions.POLL_WRITE else [], [])
async_cur = wait.cursor()
async_cur.execute("SELECT generate_series(1, 3)")
while wait.poll() != psycopg2.extensions.POLL_OK:
    select.select([wait], [], [], 1)
say(async_cur.fetchall())
wait.close()
