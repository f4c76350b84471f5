/**
 * Finding statements. `uses` has a row for each text with each verdict in each session, in the order in which they came; `found` is its full text,
 * where facets (connection, person, verdict, table, label, session) are words too: see `recordings/facets.ts`. What a search asks for
 * together is so answered by one walk over lists of row numbers, newest first, that stops when a page is full. `session_objects` says which
 * shared bodies a session needs, so that they go with the last one that does.
 */
export const recordings003 = `
CREATE TABLE session_objects (
  session INTEGER NOT NULL,
  object INTEGER NOT NULL,
  PRIMARY KEY (session, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_objects_object ON session_objects (object);
INSERT INTO session_objects (session, object) SELECT session, object FROM session_texts;

CREATE TABLE uses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL,
  object INTEGER NOT NULL,
  statement INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  effect TEXT NOT NULL
) STRICT;
INSERT INTO uses (session, object, statement, seq, at, effect)
  SELECT t.session, t.object, 0, 0, s.started_at, 'allow' FROM session_texts t JOIN sessions s ON s.number = t.session ORDER BY s.started_at, t.object;
CREATE INDEX uses_session ON uses (session, id);
CREATE INDEX uses_at ON uses (at);

CREATE VIRTUAL TABLE found USING fts5(sql, names, facets, content = '', contentless_delete = 1, tokenize = "unicode61 tokenchars '_'");
INSERT INTO found (rowid, sql, names, facets)
  SELECT u.id, substr(CAST(o.body AS TEXT), 1, 100000), '',
    's' || u.session || ' c' || hex(s.connection) || ' p' || hex(s.issuer || ' ' || s.subject)
  FROM uses u JOIN objects o ON o.id = u.object JOIN sessions s ON s.number = u.session;

CREATE TABLE people (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO people (issuer, subject, name, kind) SELECT issuer, subject, name, kind FROM sessions;

DROP TABLE texts;
DROP TABLE session_texts;
`
