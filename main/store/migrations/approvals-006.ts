/**
 * How many must agree, and who has so far; what the host found out about a request; approvals that were given in advance. `human` tells one person
 * behind several identities (JSON: verified e-mail, the person that an agent stands for). `rule` of a standing approval is the hash of the rule that
 * it was given under.
 */
export const approvals006 = `
ALTER TABLE approvals ADD COLUMN needed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE approvals ADD COLUMN human TEXT;
ALTER TABLE approvals ADD COLUMN preview TEXT;
ALTER TABLE approvals ADD COLUMN rule TEXT;
ALTER TABLE approvals ADD COLUMN standing INTEGER;
ALTER TABLE approvals ADD COLUMN standing_use INTEGER;
CREATE INDEX approvals_standing ON approvals (standing, id) WHERE standing IS NOT NULL;

CREATE TABLE approval_votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  approval INTEGER NOT NULL REFERENCES approvals (id),
  at INTEGER NOT NULL,
  person TEXT NOT NULL,
  groups TEXT NOT NULL,
  email TEXT,
  reason TEXT NOT NULL,
  reveal INTEGER NOT NULL,
  reveal_labels TEXT,
  max_rows INTEGER,
  times INTEGER,
  minutes INTEGER,
  void_at INTEGER
) STRICT;
CREATE INDEX approval_votes_approval ON approval_votes (approval, id);

CREATE TABLE standing_approvals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  approval INTEGER NOT NULL REFERENCES approvals (id),
  key TEXT NOT NULL,
  rule TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  connection TEXT NOT NULL,
  max_rows INTEGER,
  times INTEGER,
  used INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  until INTEGER NOT NULL,
  reason TEXT NOT NULL,
  ended_at INTEGER,
  ended_why TEXT,
  ended_by TEXT
) STRICT;
CREATE UNIQUE INDEX standing_approvals_key ON standing_approvals (key) WHERE ended_at IS NULL;
CREATE INDEX standing_approvals_open ON standing_approvals (connection, id) WHERE ended_at IS NULL;
`
