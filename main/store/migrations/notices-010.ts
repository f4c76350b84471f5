/** Notifications that wait for their receiver; `failed_at` is set of those that were given up. */
export const notices010 = `
CREATE TABLE notices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  receiver TEXT NOT NULL,
  body TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  failed_at INTEGER,
  failure TEXT
) STRICT;
CREATE INDEX notices_due ON notices (receiver, next_at) WHERE failed_at IS NULL;
`
