/** Which tables with outsiders' text a session has read: JSON list of `{table, statement, at}`. */
export const recordings005 = `ALTER TABLE sessions ADD COLUMN untrusted TEXT NOT NULL DEFAULT '[]';`
