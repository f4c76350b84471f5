/** Agents that have connected, and which of them are paused. An empty issuer, subject or client of a pause stands for all. */
export const agents005 = `
CREATE TABLE agents (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  client TEXT NOT NULL,
  name TEXT NOT NULL,
  groups TEXT NOT NULL,
  on_behalf_of TEXT,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX agents_last_seen ON agents (last_seen);
CREATE TABLE agent_pauses (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  client TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (issuer, subject, client)
) STRICT, WITHOUT ROWID;
`
