import { FOUND, KIN, PEOPLE } from './canaries.ts'

/** Owner of everything, and what the gateway logs in with. It may do all that a table's owner may. */
export const OWNER = { user: 'canary_app', password: 'canary_app_secret' }

export const ROLES = `CREATE ROLE ${OWNER.user} LOGIN PASSWORD '${OWNER.password}'; GRANT pg_monitor TO ${OWNER.user};`

/** Run by a superuser. */
export const EXTENSIONS = `CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION pgcrypto; CREATE EXTENSION pg_trgm;`

const COLUMNS = [...new Set(PEOPLE.flatMap((row) => Object.keys(row.values)))]

/** Every column of `people` with a label. */
export const LABELLED: readonly string[] = COLUMNS

const people = PEOPLE.map(({ id, values }) => `(${[id, `'Person ${id}'`, ...COLUMNS.map((column) => values[column])].join(', ')})`).join(
  ',\n',
)

/** Run by the owner. */
export const TABLES = `
CREATE TYPE contact AS (value text, n int);
CREATE TYPE textrange AS RANGE (subtype = text);
CREATE TYPE secret_kind AS ENUM (${PEOPLE.map((row) => row.values['en']!.split('::')[0]).join(', ')});
CREATE DOMAIN mail AS text CHECK (VALUE ~ '@');
CREATE TABLE people (
  id int PRIMARY KEY, name text, t text UNIQUE, v varchar(40), c char(20), ci citext, dom mail, j json, jb jsonb, x xml, ta text[], comp contact,
  rng textrange, h hstore, tv tsvector, lt ltree, en secret_kind, i int CHECK (i > 0), b bigint, n numeric, f float8, d date, ts timestamptz, u uuid,
  by bytea, ip inet, bt bit(32), m money, iv interval, ia int[]);
INSERT INTO people (id, name, ${COLUMNS.join(', ')}) VALUES
${people};
INSERT INTO people (id, name) VALUES (3, 'Person 3');
ANALYZE people;
CREATE TABLE ages (id int PRIMARY KEY REFERENCES people, age int);
INSERT INTO ages VALUES (1, 30), (2, 40);

CREATE TABLE parted (id int, secret text) PARTITION BY RANGE (id);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (10) TO (20);
INSERT INTO parted VALUES (1, '${KIN['parted']}'), (11, '${KIN['parted']}');
CREATE TABLE leafs (id int, secret text) PARTITION BY LIST (id);
CREATE TABLE leafs_one PARTITION OF leafs FOR VALUES IN (1);
CREATE TABLE leafs_two PARTITION OF leafs FOR VALUES IN (2);
INSERT INTO leafs VALUES (1, '${KIN['leaf']}'), (2, 'nothing');
CREATE TABLE parent (id int, secret text);
CREATE TABLE child (more text) INHERITS (parent);
INSERT INTO parent VALUES (1, '${KIN['parent']}');
INSERT INTO child VALUES (2, '${KIN['child']}', 'more');

CREATE TABLE base (id int PRIMARY KEY, secret text, plain text);
INSERT INTO base VALUES (1, '${KIN['base']}', 'plain');
CREATE VIEW base_view AS SELECT id, secret AS harmless, plain FROM base;
CREATE VIEW base_view_over AS SELECT id, upper(harmless) AS loud, harmless FROM base_view;
CREATE TABLE mat_base (id int, secret text);
INSERT INTO mat_base VALUES (1, '${KIN['mat']}');
CREATE MATERIALIZED VIEW mat_view AS SELECT id, secret AS harmless FROM mat_base;
CREATE MATERIALIZED VIEW mat_derived AS SELECT id, 'x' || secret AS harmless FROM mat_base;

CREATE TABLE tickets (id int PRIMARY KEY, body text, doc jsonb, raw bytea, list text[]);
INSERT INTO tickets VALUES
  (1, 'my card is ${FOUND['card']}, thanks', '{"a": {"b": ["ssn ${FOUND['ssn']}"]}}', convert_to('key ${FOUND['key']}', 'UTF8'), ARRAY['no', '${FOUND['card']}']),
  (2, 'ssn: ${FOUND['ssn']}', '{"key": "${FOUND['key']}"}', NULL, ARRAY['${FOUND['ssn']}']),
  (3, 'API_KEY=${FOUND['key']}', NULL, convert_to('${FOUND['card']}', 'UTF8'), NULL);
CREATE TABLE scratch (id int, body text);
CREATE SEQUENCE counter;
`

/** The labels, one for each form, as the configuration names them. */
export const SENSITIVE = [
  { label: 'shown_last', mask: 'partial', columns: ['public.people.v'] },
  { label: 'tokens', mask: 'token', columns: ['public.people.c', 'public.people.u', 'public.people.jb'] },
  { label: 'gone', mask: 'null', columns: ['public.people.ci', 'public.people.ts'] },
  {
    label: 'pii',
    mask: 'redact',
    columns: [
      ...COLUMNS.filter((column) => !['v', 'c', 'u', 'jb', 'ci', 'ts'].includes(column)).map((column) => `public.people.${column}`),
      'public.parted.secret',
      'public.leafs_one.secret',
      'public.parent.secret',
      'public.base.secret',
      'public.mat_base.secret',
    ],
  },
] as const

export const PATTERNS = ['credit_card', 'ssn', 'api_key'].map((name) => ({ name, mask: 'redact' }))
