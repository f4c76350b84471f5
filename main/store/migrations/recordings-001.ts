/**
 * The record, filled from the journal. `chunks` holds the events themselves, each with its hash; `objects` holds what many events
 * share (statement texts, facts, verdicts) by SHA-256; the rest is for finding things and can be made again from those two.
 */
export const recordings001 = `
CREATE TABLE position (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  segment INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE sessions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  connection TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  client TEXT,
  groups TEXT NOT NULL,
  client_address TEXT NOT NULL,
  application TEXT NOT NULL,
  tls INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT,
  statements INTEGER NOT NULL DEFAULT 0,
  allowed INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  approved INTEGER NOT NULL DEFAULT 0,
  denied INTEGER NOT NULL DEFAULT 0,
  denied_by_person INTEGER NOT NULL DEFAULT 0,
  lapsed INTEGER NOT NULL DEFAULT 0,
  rows INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  masked INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0,
  head BLOB NOT NULL
) STRICT;
CREATE INDEX sessions_started ON sessions (started_at, id);
CREATE INDEX sessions_open ON sessions (number) WHERE ended_at IS NULL;
CREATE INDEX sessions_person ON sessions (issuer, subject, started_at);

CREATE TABLE chunks (
  session INTEGER NOT NULL REFERENCES sessions (number),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  packed INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (session, first_seq)
) STRICT;

CREATE TABLE objects (
  id INTEGER PRIMARY KEY,
  sha BLOB NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('text','facts','verdict')),
  body BLOB NOT NULL
) STRICT;

CREATE TABLE session_texts (
  session INTEGER NOT NULL,
  object INTEGER NOT NULL,
  PRIMARY KEY (object, session)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE texts USING fts5(sql, tokenize = "unicode61 tokenchars '_'");
`
