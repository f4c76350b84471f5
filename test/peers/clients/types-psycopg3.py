"""Reads every column of the tables named on the command line in text and in binary; prints one JSON array of [table, format, column, fault or null] each."""
import json
import sys

import psycopg

db = psycopg.connect("", autocommit=True)
count = int(sys.argv[1])
for table in sys.argv[2:]:
    for binary in (False, True):
        for at in range(count):
            fault = None
            try:
                rows = db.cursor(binary=binary).execute(f"SELECT c{at} FROM {table} ORDER BY id").fetchall()
                if len(rows) != 2 or rows[1][0] is not None:
                    fault = f"rows: {rows!r}"
            except Exception as error:  # every decoder has exceptions of its own
                fault = f"{type(error).__name__}: {error}"
            print(json.dumps([table, "binary" if binary else "text", at, fault]), flush=True)
