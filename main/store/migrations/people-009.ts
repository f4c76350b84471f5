/**
 * What the provider last said of a signed-in person, and how to ask it again; which tokens count no more; passkeys. `refresh` and `access` are
 * encrypted with a key of the vault.
 */
export const people009 = `
ALTER TABLE web_sessions ADD COLUMN sid TEXT;
ALTER TABLE web_sessions ADD COLUMN verified_email TEXT;
CREATE INDEX web_sessions_person ON web_sessions (issuer, subject);
CREATE TABLE web_people (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  refresh BLOB,
  access BLOB,
  access_until INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE TABLE token_revocations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  groups TEXT
) STRICT;
CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  counter INTEGER NOT NULL,
  transports TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_person ON passkeys (issuer, subject);
`
