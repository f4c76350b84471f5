import { expect, test } from 'vitest'
import { countMerged } from '../../../main/approvals/preview/merged-rows.ts'
import { putParameters } from '../../../main/approvals/preview/put-parameters.ts'
import { insertedRowsOf, rowSourceOf, selectFrom, selectInserted } from '../../../main/approvals/preview/row-source.ts'
import { parseOne, sameText } from '../../../main/approvals/preview/tree.ts'

/** The same statement, however it is laid out. */
const same = (one: string | undefined, other: string): void => {
  expect(one).toBeDefined()
  expect(sameText(parseOne(one ?? ''))).toBe(sameText(parseOne(other)))
}
const chosen = (sql: string): string | undefined => {
  const source = rowSourceOf(sql)
  return source && selectFrom(source, '1')
}

test.each([
  ['UPDATE t SET a = 1 WHERE id = 5', 'SELECT 1 FROM t WHERE id = 5'],
  ['update only s.t as x set a = 1', 'SELECT 1 FROM ONLY s.t AS x'],
  ["UPDATE t SET a = 'where from', b = (SELECT 1 FROM u WHERE u.id = 2) WHERE t.id = 3 -- where", 'SELECT 1 FROM t WHERE t.id = 3'],
  [
    'UPDATE t SET a = b IS DISTINCT FROM c FROM u JOIN v ON u.id = v.id WHERE t.id = u.id',
    'SELECT 1 FROM t, u JOIN v ON u.id = v.id WHERE t.id = u.id',
  ],
  [
    'WITH x AS (SELECT 1 AS id) UPDATE t SET a = 2 FROM x WHERE t.id = x.id RETURNING t.*',
    'WITH x AS (SELECT 1 AS id) SELECT 1 FROM t, x WHERE t.id = x.id',
  ],
  ['DELETE FROM t', 'SELECT 1 FROM t'],
  ['DELETE FROM t AS d USING u, v WHERE d.id = u.id AND v.x RETURNING d.id', 'SELECT 1 FROM t AS d, u, v WHERE d.id = u.id AND v.x'],
  ['/* reason: tidy; UPDATE */ DELETE FROM "from" WHERE "where" = 1', 'SELECT 1 FROM "from" WHERE "where" = 1'],
  [
    "DELETE FROM t WHERE a = $$ returning $$ AND b = E'\\' WHERE 1' RETURNING 1",
    "SELECT 1 FROM t WHERE a = $$ returning $$ AND b = E'\\' WHERE 1'",
  ],
])('the rows of %s', (sql, expected) => {
  same(chosen(sql), expected)
})

test.each([
  'DELETE FROM t WHERE CURRENT OF c',
  'SELECT 1',
  'UPDATE t SET a = 1; DELETE FROM t',
  'not sql',
  `DELETE FROM t WHERE a IN (${'1,'.repeat(3000)}1)`,
])('no rows are told of %.40s', (sql) => {
  expect(rowSourceOf(sql)).toBeUndefined()
})

test('new values are told one by one, or not at all', () => {
  expect(rowSourceOf("UPDATE t SET a = -1, b = upper(b) || ',', c = DEFAULT WHERE id = 1")?.sets).toEqual([
    { column: 'a', value: ' -1' },
    { column: 'b', value: " upper(b) || ','" },
    { column: 'c', value: undefined },
  ])
  expect(rowSourceOf('UPDATE t SET (a, b) = (1, 2), c[1] = 3 WHERE id = 1')?.sets.map((set) => set.value)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})

test.each([
  [
    'INSERT INTO t (a, b) SELECT 1, x FROM u ON CONFLICT (a) DO UPDATE SET b = 2 RETURNING a',
    'SELECT 1 FROM (SELECT 1, x FROM u) AS inserted',
  ],
  ['WITH w AS (SELECT 1) INSERT INTO s.t SELECT * FROM w', 'WITH w AS (SELECT 1) SELECT 1 FROM (SELECT * FROM w) AS inserted'],
  ["INSERT INTO t VALUES (1, 'on conflict'), (2, 'returning')", "SELECT 1 FROM (VALUES (1, 'on conflict'), (2, 'returning')) AS inserted"],
  ['INSERT INTO t (a) (SELECT 1)', 'SELECT 1 FROM ((SELECT 1)) AS inserted'],
])('the rows that %s adds', (sql, expected) => {
  const inserted = insertedRowsOf(sql)
  same(inserted && selectInserted(inserted, '1'), expected)
})

test('a DEFAULT among the values is nothing that could be selected', () => {
  expect(insertedRowsOf('INSERT INTO t VALUES (1, DEFAULT)')).toBeUndefined()
  expect(insertedRowsOf('INSERT INTO t DEFAULT VALUES')).toBeUndefined()
})

test('a MERGE is counted by the WHEN that fits first', () => {
  same(
    countMerged(`MERGE INTO t USING (SELECT * FROM s WHERE s.on) AS s ON t.id = s.id
      WHEN MATCHED AND s.gone THEN DELETE
      WHEN MATCHED AND CASE WHEN s.x > 1 THEN true ELSE false END THEN UPDATE SET a = s.a
      WHEN MATCHED THEN DO NOTHING
      WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)`),
    `SELECT count(*) FROM t RIGHT JOIN (SELECT * FROM s WHERE s.on) AS s ON t.id = s.id WHERE CASE
      WHEN "t".ctid IS NOT NULL AND (s.gone) THEN true
      WHEN "t".ctid IS NOT NULL AND (CASE WHEN s.x > 1 THEN true ELSE false END) THEN true
      WHEN "t".ctid IS NOT NULL THEN false
      WHEN "t".ctid IS NULL THEN true ELSE false END`,
  )
  expect(countMerged('MERGE INTO t USING s ON t.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE')).toBeUndefined()
})

test('parameters are put where they stand, as literals', () => {
  same(
    putParameters('UPDATE t SET a = $2, b = \'$1\' WHERE id = $1 AND "$2" IS NULL -- $1', [
      { text: "it's", type: undefined },
      { text: '5', type: '"pg_catalog"."int4"' },
    ]),
    "UPDATE t SET a = CAST('5' AS \"pg_catalog\".\"int4\"), b = '$1' WHERE id = 'it''s' AND \"$2\" IS NULL",
  )
  same(
    putParameters(
      'SELECT $1::int+$10',
      Array.from({ length: 10 }, () => ({ text: null, type: undefined })),
    ),
    'SELECT NULL::int + NULL',
  )
  expect(putParameters('SELECT $2', [{ text: 'a', type: undefined }])).toBeUndefined()
  // What a value holds stays a value.
  same(
    putParameters('DELETE FROM t WHERE a = $1', [{ text: "'; DROP TABLE t; --", type: undefined }]),
    "DELETE FROM t WHERE a = '''; DROP TABLE t; --'",
  )
})
