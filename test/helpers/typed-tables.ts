/** One column of each type that a client has a decoder for, in one table for each form of mask. */
import type { MaskForm, SensitiveLabel } from '../../proxy/verdict/policy.ts'

/** Type → a value of it. */
const VALUES: Readonly<Record<string, string>> = {
  bool: 'true',
  int2: '12',
  int4: '1234567',
  int8: '123456789012',
  float4: '1.5',
  float8: '2.25',
  numeric: '1234.5678',
  'numeric(8,2)': '12.34',
  money: "'12.34'",
  text: "'some text'",
  'varchar(9)': "'vc'",
  'char(5)': "'ab'",
  name: "'a name'",
  '"char"': "'c'",
  bytea: "'\\x00ff'",
  date: "'2024-02-29'",
  time: "'12:34:56.789'",
  timetz: "'12:34:56+02'",
  timestamp: "'2024-02-29 12:34:56'",
  timestamptz: "'2024-02-29 12:34:56+01'",
  interval: "'1 year 2 days 3 hours'",
  uuid: "'11111111-2222-4333-8444-555555555555'",
  json: '\'{"a": [1, null]}\'',
  jsonb: '\'{"a": [1, null]}\'',
  jsonpath: "'$.a'",
  xml: "'<a>b</a>'",
  inet: "'10.1.2.3/24'",
  cidr: "'10.1.2.0/24'",
  macaddr: "'08:00:2b:01:02:03'",
  macaddr8: "'08:00:2b:01:02:03:04:05'",
  'bit(4)': "B'1010'",
  varbit: "B'101'",
  point: "'(1,2)'",
  line: "'{1,2,3}'",
  lseg: "'[(1,2),(3,4)]'",
  box: "'(3,4),(1,2)'",
  path: "'[(1,2),(3,4)]'",
  polygon: "'((1,2),(3,4),(5,6))'",
  circle: "'<(1,2),3>'",
  tsvector: "'a b'",
  tsquery: "'a & b'",
  oid: '42',
  xid: "'42'",
  xid8: "'42'",
  tid: "'(1,2)'",
  pg_lsn: "'1/2'",
  regclass: "'pg_class'",
  regtype: "'int4'",
  int4range: "'[1,5)'",
  numrange: "'[1.5,2.5]'",
  daterange: "'[2024-01-01,2024-02-01)'",
  tstzrange: "'[2024-01-01,2024-02-01)'",
  int4multirange: "'{[1,3),[5,7)}'",
  'text[]': "ARRAY['a', NULL, 'b,c']",
  'int4[]': 'ARRAY[1, 2]',
  'int8[]': 'ARRAY[1, 2]',
  'numeric[]': 'ARRAY[1.5]',
  'float8[]': 'ARRAY[1.5]',
  'bool[]': 'ARRAY[true]',
  'uuid[]': "ARRAY['11111111-2222-4333-8444-555555555555']::uuid[]",
  'date[]': "ARRAY['2024-02-29']::date[]",
  'timestamptz[]': "ARRAY['2024-02-29']::timestamptz[]",
  'jsonb[]': "ARRAY['1']::jsonb[]",
  'bytea[]': "ARRAY['\\x00']::bytea[]",
  'inet[]': "ARRAY['10.1.2.3']::inet[]",
  typed_enum: "'one'",
  typed_domain: "'in a domain'",
  typed_pair: "ROW(1, 'two')",
}

export const FORMS: readonly MaskForm[] = ['redact', 'partial', 'null', 'token']

export const TYPED_COLUMNS: readonly string[] = Object.keys(VALUES)

/** `typed_redact`, `typed_partial`…: row 1 has values, row 2 has none. */
export const TYPED_SQL = [
  "CREATE TYPE typed_enum AS ENUM ('one', 'two'); CREATE DOMAIN typed_domain AS text; CREATE TYPE typed_pair AS (n int, t text);",
  ...FORMS.flatMap((form) => [
    `CREATE TABLE typed_${form} (id int, ${TYPED_COLUMNS.map((type, at) => `c${at} ${type}`).join(', ')});`,
    `INSERT INTO typed_${form} VALUES (1, ${Object.values(VALUES).join(', ')});`,
    `INSERT INTO typed_${form} (id) VALUES (2);`,
  ]),
].join('\n')

export const TYPED_LABELS: readonly SensitiveLabel[] = FORMS.map((form) => ({
  label: form,
  mask: form,
  columns: TYPED_COLUMNS.map((_, at) => `public.typed_${form}.c${at}`),
}))
