/** Labels that went with values, or stayed with renamed columns: see main/masking/label-keeper.ts. `oid` 0: the table has not been seen yet. */
export const followedLabels007 = `
CREATE TABLE followed_labels (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL,
  label TEXT NOT NULL,
  plain INTEGER NOT NULL,
  oid INTEGER NOT NULL,
  attnum INTEGER NOT NULL,
  schema TEXT,
  name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('copied', 'renamed')),
  source TEXT NOT NULL,
  session TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX followed_labels_connection ON followed_labels (connection);
`
