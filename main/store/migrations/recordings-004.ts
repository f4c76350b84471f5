/** Administrative acts, for finding them: made again from the journal like everything here. */
export const recordings004 = `
CREATE TABLE acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  act TEXT NOT NULL,
  outcome TEXT NOT NULL,
  name TEXT,
  issuer TEXT,
  subject TEXT,
  kind TEXT,
  address TEXT NOT NULL,
  details TEXT NOT NULL
) STRICT;
CREATE INDEX acts_session ON acts (session);
CREATE INDEX acts_act ON acts (act, id);
`
