import { expect, test } from 'vitest'
import { hideAllLiterals, hideLiterals, moveMarks } from '../../main/approvals/hide-literals.ts'
import { statedReason } from '../../main/approvals/stated-reason.ts'
import type { RecordedFacts } from '../../main/recordings/describe-facts.ts'

const labelOf = (column: string) => (/^public\.customers\.(ssn|\*)$/.test(column) ? 'pii' : undefined)

/** Facts of a text in which `ssn` is used wherever it stands. */
function factsOf(sql: string, written = false): RecordedFacts[] {
  const columns = [...sql.matchAll(/\b(?:c\.)?ssn\b/g)].map((match) => ({
    name: 'public.customers.ssn',
    how: 'uses' as const,
    at: [Buffer.byteLength(sql.slice(0, match.index)), 3] as const,
  }))
  const relations = [{ name: 'public.customers', access: written ? ('write' as const) : ('read' as const), via: null, at: [0, 0] as const }]
  return [
    { kind: 'SELECT', span: [0, 0], verbs: ['read'], relations, columns, unknown: [], outputs: null, withoutWhere: false, copy: null },
  ]
}
const shown = (sql: string, written = false): string => hideLiterals(sql, factsOf(sql, written), labelOf).sql

test.each([
  ["SELECT 1 FROM customers WHERE ssn = '078-05-1120' AND city = 'Ulm'", "SELECT 1 FROM customers WHERE ssn = ••• AND city = 'Ulm'"],
  [
    "SELECT 1 FROM customers WHERE c.ssn LIKE '07%' OR starts_with(ssn, '08')",
    'SELECT 1 FROM customers WHERE c.ssn LIKE ••• OR starts_with(ssn, •••)',
  ],
  ["SELECT 1 FROM customers WHERE ssn IN ('1', '2') AND id = -7", 'SELECT 1 FROM customers WHERE ssn IN (•••, •••) AND id = -7'],
  [
    "SELECT 1 FROM customers WHERE substr(ssn, 1, 2) = '07' AND NOT (ssn > E'a\\'b')",
    'SELECT 1 FROM customers WHERE substr(ssn, •••, •••) = ••• AND NOT (ssn > •••)',
  ],
  [
    "SELECT 1 FROM o WHERE id = (SELECT id FROM customers WHERE ssn = '1' AND city = 'Ulm')",
    "SELECT 1 FROM o WHERE id = (SELECT id FROM customers WHERE ssn = ••• AND city = 'Ulm')",
  ],
  ["SELECT 'ä', 1 FROM customers WHERE ssn = $$1$$", "SELECT 'ä', 1 FROM customers WHERE ssn = •••"],
  ['SELECT 1 FROM customers WHERE ssn = $1', 'SELECT 1 FROM customers WHERE ssn = $1'],
])('%s', (sql, expected) => {
  expect(shown(sql)).toBe(expected)
})

test('what is put into a labelled column is not shown', () => {
  expect(shown("UPDATE customers SET ssn = '1', city = 'Ulm' WHERE id = 7", true)).toBe(
    "UPDATE customers SET ssn = •••, city = 'Ulm' WHERE id = 7",
  )
  expect(shown("INSERT INTO customers (id, ssn) VALUES (1, '2'), (3, '4')", true)).toBe(
    'INSERT INTO customers (id, ssn) VALUES (1, •••), (3, •••)',
  )
})

test.each([
  [
    "INSERT INTO customers (id, city) VALUES (1, 'Ulm') ON CONFLICT (id) DO UPDATE SET ssn = '2', city = 'Bonn'",
    "INSERT INTO customers (id, city) VALUES (1, 'Ulm') ON CONFLICT (id) DO UPDATE SET ssn = •••, city = 'Bonn'",
  ],
  [
    "MERGE INTO customers c USING o ON o.id = c.id WHEN MATCHED THEN UPDATE SET ssn = '1' WHEN NOT MATCHED THEN INSERT (id, ssn) VALUES (7, '2')",
    'MERGE INTO customers c USING o ON o.id = c.id WHEN MATCHED THEN UPDATE SET ssn = ••• WHEN NOT MATCHED THEN INSERT (id, ssn) VALUES (7, •••)',
  ],
  [
    "INSERT INTO customers (id, ssn) SELECT 1, '2' UNION ALL SELECT 3, '4'",
    'INSERT INTO customers (id, ssn) SELECT 1, ••• UNION ALL SELECT 3, •••',
  ],
  ["EXECUTE put('078-05-1120', 7)", 'EXECUTE put(•••, •••)'],
])('nor by another way: %s', (sql, expected) => {
  expect(shown(sql, true)).toBe(expected)
})

test('where the text cannot be read, no literal is shown', () => {
  const long = `SELECT 1 FROM customers WHERE ssn = '1' AND id IN (${'5, '.repeat(2000)}5)`
  expect(hideLiterals(long, factsOf(long), labelOf).sql).not.toMatch(/[15]/)
  expect(hideAllLiterals("SELECT 1, 'a', $1, $x$b$x$ FROM t2").sql).toBe('SELECT •••, •••, $1, ••• FROM t2')
})

test('marks stand where their words stand now', () => {
  const sql = "SELECT 1 FROM customers WHERE ssn = '078-05-1120' AND city = 'Ulm'"
  const place = (text: string) => ({ start: sql.indexOf(text), end: sql.indexOf(text) + text.length, kind: 'rule' as const, text })
  const hidden = hideLiterals(sql, factsOf(sql), labelOf)
  const moved = moveMarks([place('ssn'), place('city')], hidden)
  expect(moved.map(({ start, end }) => hidden.sql.slice(start, end))).toEqual(['ssn', 'city'])
  expect(hidden.hidden.map(({ start, end }) => hidden.sql.slice(start, end))).toEqual(['•••'])
})

test.each([
  ['/* reason: repair addresses */ UPDATE t SET a = 1', '', 'repair addresses', 'comment'],
  ['-- Reason: repair\nUPDATE t SET a = 1', '', 'repair', 'comment'],
  ['UPDATE t SET a = 1 /* reason:\n repair  it\u202e */ ;', '', 'repair it', 'comment'],
  ['UPDATE t SET a = 1; -- reason: late', '', 'late', 'comment'],
  ["UPDATE t SET a = '/* reason: no */ '", 'Cursor', undefined, undefined],
  ['UPDATE t SET a = 1', 'Cursor 2 reason: the ticket', 'the ticket', 'application'],
])('the reason of %s', (sql, applicationName, text, from) => {
  expect(statedReason({ sql, applicationName })).toEqual(text === undefined ? null : { text, from })
})

test('a reason is short, and the call’s own comes first', () => {
  expect(statedReason({ sql: `/* reason: ${'x'.repeat(400)} y */ SELECT 1`, applicationName: '', reason: 'said' })).toEqual({
    text: 'said',
    from: 'call',
  })
  expect(statedReason({ sql: 'SELECT 1', applicationName: '', reason: 'z'.repeat(900) })?.text).toHaveLength(500)
})
