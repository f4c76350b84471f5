/**
 * What makes the record provable to others. `heads` are signed statements of how far the journal goes and with which hash, each naming the
 * one before it; `seal` is the same for one session's chain; `removals` are the signed stubs that retention leaves; `policies` is what the
 * versions that verdicts name stand for; `segments` says where each session's chain stood when a journal file began, so that a
 * journal whose beginning was removed can still be compared. Chunks get a number that is never used twice, for those who follow them.
 */
export const recordings002 = `
ALTER TABLE sessions ADD COLUMN last_segment INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN sealed_events INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seal TEXT;
CREATE INDEX sessions_unsealed ON sessions (number) WHERE events > sealed_events;
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;

CREATE TABLE heads (
  number INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

CREATE TABLE removals (
  number INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

CREATE TABLE segments (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  starts TEXT NOT NULL
) STRICT;

CREATE TABLE policies (
  version TEXT PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

ALTER TABLE chunks RENAME TO chunks_001;
CREATE TABLE chunks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES sessions (number),
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  first_at INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL DEFAULT 0,
  statements INTEGER NOT NULL DEFAULT 0,
  held INTEGER NOT NULL DEFAULT 0,
  denied INTEGER NOT NULL DEFAULT 0,
  last_statement INTEGER NOT NULL DEFAULT 0,
  packed INTEGER NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (session, first_seq)
) STRICT;
INSERT INTO chunks (session, first_seq, last_seq, packed, body) SELECT session, first_seq, last_seq, packed, body FROM chunks_001 ORDER BY rowid;
DROP TABLE chunks_001;
`
