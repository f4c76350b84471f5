"""What psycopg 3 sees, as a transcript. Connects as libpq's environment says; the schema `peer` is empty."""
import datetime
import decimal
import ipaddress
import threading
import time
import uuid

import psycopg
from psycopg import rows as row_factories
from psycopg.types.json import Jsonb
from psycopg.types.range import Range


def say(*what):
    print(*[repr(one) for one in what], flush=True)


def attempt(label, work):
    try:
        say(label, work())
    except psycopg.Error as error:
        d = error.diag
        say(label, type(error).__name__, error.sqlstate, d.severity, d.message_primary, d.message_detail, d.message_hint,
            d.statement_position, d.schema_name, d.table_name, d.column_name, d.datatype_name, d.constraint_name, d.context)


def shown(cursor):
    if cursor.description is None:
        return cursor.statusmessage, cursor.rowcount
    return [(c.name, c.type_code, c.precision, c.scale) for c in cursor.description], cursor.fetchall(), cursor.statusmessage


db = psycopg.connect("", autocommit=True)
say(db.info.encoding, db.info.server_version, db.info.transaction_status.name, db.info.parameter_status("TimeZone"))
notices = []
db.add_notice_handler(lambda d: notices.append((d.severity, d.sqlstate, d.message_primary, d.message_hint)))
cur = db.cursor()
cur.execute("SET search_path = peer, public")
cur.execute("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), at timestamptz, tags text[], doc jsonb, raw bytea, who uuid, r int4range, ip inet)")

VALUES = [1, "Žofie 'q' \\ 🐘", decimal.Decimal("12.30"), datetime.datetime(2026, 1, 2, 3, 4, 5, 678900, datetime.timezone.utc),
          ["a", None, 'b"c'], Jsonb({"k": [1, None, "x"]}), b"\x00\xff'", uuid.UUID(int=7), Range(1, 5), ipaddress.ip_address("10.0.0.1")]
say(shown(cur.execute("INSERT INTO t VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING *", VALUES)))
say(shown(cur.execute("SELECT * FROM t WHERE id = %s", [1], binary=True)))
say(shown(cur.execute("SELECT %b, %b, %t", [4, 2.5, "text"], binary=True)))
say(shown(cur.execute("SELECT 1::int2, 2::int8, 1.5::float4, 'infinity'::float8, true, '2026-01-02'::date, '03:04'::time, '1 day 2 hours'::interval, '{{1,2},{3,4}}'::int[], row(1, 'a'), null", binary=True)))
cur.executemany("INSERT INTO t (id, name, price) VALUES (%s, %s, %s)", [(i, "n%d" % i, i) for i in range(2, 40)])
say(cur.rowcount)
cur.executemany("UPDATE t SET price = price + 1 WHERE id = %s RETURNING price", [(i,) for i in range(2, 6)], returning=True)
while True:
    say(cur.fetchall())
    if not cur.nextset():
        break

for i in range(8):
    say(shown(db.execute("SELECT name FROM t WHERE id = %s", [i], prepare=True)), shown(db.execute("SELECT %s::int * 2", [i])))

for sql in ["INSERT INTO t (id, name) VALUES (1, 'again')", "INSERT INTO t (id, name) VALUES (100, NULL)", "SELEKT 1", "SELECT nothing FROM t",
            "SELECT * FROM nothing", "SELECT 'a'::int", "SELECT 1/0", "SELECT * FROM t WHERE id = 'x'"]:
    attempt(sql, lambda: shown(db.execute(sql)))
    attempt(sql, lambda: shown(db.execute(sql + " --%s" if False else sql, None, prepare=True)))
    say(db.info.transaction_status.name)
attempt("parameter", lambda: shown(db.execute("SELECT %s::int", ["x"])))

try:
    with db.transaction():
        db.execute("UPDATE t SET price = 0 WHERE id = 2")
        try:
            with db.transaction():
                db.execute("UPDATE t SET price = 99 WHERE id = 3")
                db.execute("SELECT 1/0")
        except psycopg.Error as error:
            say("inner", error.sqlstate, db.info.transaction_status.name)
        say(shown(db.execute("SELECT id, price FROM t WHERE id IN (2, 3) ORDER BY id")))
        raise ValueError("roll back")
except ValueError:
    say(db.info.transaction_status.name, shown(db.execute("SELECT price FROM t WHERE id = 2")))

with db.pipeline() as p:
    answers = [db.execute("SELECT %s::int", [i]) for i in range(20)]
    p.sync()
    say([a.fetchone() for a in answers])
good = []


def failing():
    with db.pipeline():
        good.append(db.execute("SELECT 'before'"))
        good.append(db.execute("SELECT 1/%s", [0]))
        good.append(db.execute("SELECT 'after'"))


attempt("pipeline", failing)
say(db.info.transaction_status.name, db.execute("SELECT 'again'").fetchone())
with db.pipeline(), db.transaction():
    for i in range(50, 60):
        db.execute("INSERT INTO t (id, name) VALUES (%s, %s)", [i, "p"])
say(shown(db.execute("SELECT count(*) FROM t WHERE name = 'p'")))

db.execute("DO $$ BEGIN RAISE NOTICE 'hello %', 7; RAISE WARNING 'careful' USING HINT = 'h'; END $$")
db.execute("DROP TABLE IF EXISTS nothing_here")
say(notices)

with db.transaction():
    with db.cursor("pieces", scrollable=True) as named:
        named.itersize = 5
        named.execute("SELECT id, name FROM t ORDER BY id")
        say(named.fetchmany(3), named.fetchone())
        named.scroll(-2)
        say(named.fetchmany(2), len(named.fetchall()))
    with db.cursor("binary_pieces", binary=True) as named:
        named.execute("SELECT id, price, at FROM t WHERE id > %s ORDER BY id", [0])
        say(named.fetchmany(3))
say([row for row in db.cursor(row_factory=row_factories.dict_row).stream("SELECT id FROM t WHERE id < %s ORDER BY id", [5])])

with cur.copy("COPY (SELECT id, name, tags FROM t WHERE id < 4 ORDER BY id) TO STDOUT") as copy:
    say([bytes(block) for block in copy], cur.rowcount, cur.statusmessage)
with cur.copy("COPY (SELECT id, name, price FROM t WHERE id < 4 ORDER BY id) TO STDOUT (FORMAT binary)") as copy:
    copy.set_types(["int4", "text", "numeric"])
    say(list(copy.rows()))
with cur.copy("COPY (SELECT id, name FROM t WHERE id < %s ORDER BY id) TO STDOUT (FORMAT csv, HEADER)", [4]) as copy:
    say([bytes(block) for block in copy])
db.execute("CREATE TABLE c (id int, name text)")
with cur.copy("COPY c FROM STDIN (FORMAT binary)") as copy:
    copy.set_types(["int4", "text"])
    for i in range(2000):
        copy.write_row((i, "row %d" % i))
say(cur.rowcount)
with cur.copy("COPY c FROM STDIN") as copy:
    copy.write("1\tone\n")
    copy.write_row((2, None))
say(cur.rowcount, shown(db.execute("SELECT count(*), count(name) FROM c")))


def bad_copy():
    with cur.copy("COPY c FROM STDIN") as copy:
        copy.write("x\ty\n")


def broken_copy():
    with cur.copy("COPY c FROM STDIN") as copy:
        copy.write("5\ty\n")
        raise RuntimeError("the source broke")


attempt("bad copy", bad_copy)
try:
    broken_copy()
except RuntimeError as error:
    say("broken copy", str(error))
say(shown(db.execute("SELECT count(*) FROM c")), db.info.transaction_status.name)

with psycopg.connect("", autocommit=True) as listener:
    listener.execute("LISTEN peer_news")
    db.execute("NOTIFY peer_news, 'first'")
    db.execute("SELECT pg_notify('peer_news', %s)", ["second"])
    heard = []
    for note in listener.notifies():
        heard.append((note.channel, note.payload))
        if len(heard) == 2:
            break
    say(heard)

timer = threading.Timer(0.3, db.cancel)
timer.start()
attempt("cancelled", lambda: shown(db.execute("SELECT pg_sleep(20)")))
timer.join()
say(shown(db.execute("SELECT 1")))

with psycopg.connect("") as other:
    other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    other.read_only = True
    say(shown(other.execute("SHOW transaction_isolation")), shown(other.execute("SHOW transaction_read_only")))
    attempt("read only", lambda: other.execute("INSERT INTO peer.c VALUES (1, 'x')"))
    other.rollback()
with psycopg.connect("", cursor_factory=psycopg.ClientCursor) as other:
    say(shown(other.execute("SELECT %s, %s", [1, "simple"])), shown(other.execute("SELECT 1; SELECT 2")))
say(shown(cur.execute("SELECT length(%s), octet_length(%b)", ["x" * 200000, b"y" * 100000])))
db.close()
