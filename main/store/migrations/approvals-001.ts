/** Requests for approval. `detail` is what the approver is shown, as JSON, frozen when it was asked. */
export const approvals001 = `
CREATE TABLE approvals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  revision INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL CHECK (state IN ('pending','approved','denied','expired','withdrawn','used')),
  key TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  connection TEXT NOT NULL,
  session TEXT NOT NULL,
  statement INTEGER NOT NULL,
  detail TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  wait_until INTEGER NOT NULL,
  open_until INTEGER NOT NULL,
  max_rows INTEGER,
  decision TEXT CHECK (decision IN ('approve','deny')),
  decided_at INTEGER,
  decided_by TEXT,
  reason TEXT NOT NULL DEFAULT '',
  reveal INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX approvals_open ON approvals (key) WHERE state IN ('pending','approved');
CREATE INDEX approvals_state ON approvals (state, id);
CREATE INDEX approvals_requester ON approvals (issuer, subject, id);
`
