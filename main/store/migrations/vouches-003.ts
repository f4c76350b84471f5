/** What admins have vouched for: one row for each time, kept when it is withdrawn, so that it tells who trusted which text and when. */
export const vouches003 = `
CREATE TABLE vouches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL,
  function TEXT NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  vouched_at INTEGER NOT NULL,
  vouched_by TEXT NOT NULL,
  withdrawn_at INTEGER,
  withdrawn_by TEXT
) STRICT;
CREATE UNIQUE INDEX vouches_standing ON vouches (connection, function) WHERE withdrawn_at IS NULL;
`
