/** The configuration as versions. `text` is YAML in which every credential is a reference; `file_hash` is a keyed hash of the file as it was. */
export const configuration008 = `
CREATE TABLE configuration_versions (
  version INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('file', 'api', 'restore')),
  author TEXT,
  comment TEXT NOT NULL,
  text TEXT NOT NULL,
  file_hash TEXT,
  restored INTEGER
) STRICT;
`
