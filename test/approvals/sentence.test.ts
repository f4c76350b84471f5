import { expect, test } from 'vitest'
import { sentenceOf } from '../../main/approvals/sentence.ts'
import { readSetColumns } from '../../main/approvals/set-columns.ts'
import { describeFacts } from '../../main/recordings/describe-facts.ts'
import type { StatementFacts } from '../../proxy/statement/facts.ts'
import { noFacts } from '../recordings/fixtures.ts'

function relation(name: string, access: 'read' | 'write') {
  return { relation: name, oid: 1, access, via: undefined, offset: 0, length: 0 }
}

/** A use of a column where its name stands last in the text. */
function uses(sql: string, name: string) {
  const column = name.slice(name.lastIndexOf('.') + 1)
  const table = name.slice(0, name.lastIndexOf('.'))
  return {
    relation: table,
    oid: 1,
    attnum: 1,
    column,
    how: 'uses' as const,
    offset: Buffer.byteLength(sql.slice(0, sql.lastIndexOf(column))),
    length: 0,
  }
}

function say(sql: string, facts: Partial<StatementFacts>): string {
  return sentenceOf(Buffer.from(sql), [describeFacts({ ...noFacts, ...facts })], 0)
}

const update = "UPDATE customers SET email = 'x', email_status = DEFAULT WHERE id = 7"
const bare = 'UPDATE public.customers SET email = NULL'
const ssn = "SELECT total FROM totals JOIN customers USING (id) WHERE ssn = '1'"

test.each([
  [
    update,
    {
      kind: 'UPDATE',
      verbs: ['write'],
      relations: [relation('public.customers', 'write')],
      columns: [uses(update, 'public.customers.id')],
    },
    'Changes rows of customers chosen by id: sets email and email_status.',
  ],
  [
    bare,
    { kind: 'UPDATE', verbs: ['write'], relations: [relation('public.customers', 'write')], withoutWhere: true },
    'Changes all rows of customers: sets email.',
  ],
  [
    'DELETE FROM carts',
    { kind: 'DELETE', verbs: ['write'], relations: [relation('public.carts', 'write')], withoutWhere: true },
    'Deletes all rows of carts.',
  ],
  [
    'DELETE FROM carts WHERE now() > x',
    { kind: 'DELETE', verbs: ['write'], relations: [relation('public.carts', 'write')] },
    'Deletes rows of carts that a condition chooses.',
  ],
  [
    ssn,
    { relations: [relation('public.totals', 'read'), relation('public.customers', 'read')], columns: [uses(ssn, 'public.customers.ssn')] },
    'Reads totals and customers, choosing by ssn.',
  ],
  ['SELECT 1', {}, 'Computes a value and reads no table.'],
  [
    'INSERT INTO a SELECT * FROM b',
    { kind: 'INSERT', verbs: ['write'], relations: [relation('public.a', 'write'), relation('billing.b', 'read')] },
    'Adds rows to a, made from billing.b.',
  ],
  [
    'TRUNCATE a',
    { kind: 'TRUNCATE', verbs: ['write'], relations: [relation('public.a', 'write')] },
    'Deletes all rows of a, by emptying it.',
  ],
  ['DROP TABLE a', { kind: 'DROP TABLE', verbs: ['ddl'], relations: [relation('public.a', 'write')] }, 'Drops a table: a.'],
  [
    'WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x',
    { kind: 'SELECT', verbs: ['read', 'write'], relations: [relation('public.a', 'write')] },
    'Reads a, and changes or locks rows of a.',
  ],
  ['COPY a TO STDOUT', { kind: 'COPY', copy: 'out', relations: [relation('public.a', 'read')] }, 'Copies out a.'],
  ['COMMIT', { kind: 'COMMIT', verbs: ['transaction'] }, 'Steers the transaction (COMMIT).'],
] satisfies [string, Partial<StatementFacts>, string][])('%s', (sql, facts, sentence) => {
  expect(say(sql, facts)).toBe(sentence)
})

test('several statements are counted, and the strictest is said', () => {
  const facts = [noFacts, { ...noFacts, kind: 'DELETE', withoutWhere: true, relations: [relation('public.carts', 'write')] }].map(
    describeFacts,
  )
  expect(sentenceOf(Buffer.from('SELECT 1; DELETE FROM carts'), facts, 1)).toBe(
    'Runs 2 statements at once, the strictest of them: deletes all rows of carts.',
  )
})

test.each([
  ['UPDATE a SET b = 1', ['b']],
  ['UPDATE a SET "Quoted ""one""" = 1, c=2 WHERE d = 3', ['Quoted "one"', 'c']],
  ['UPDATE a SET (b, c) = (SELECT 1, 2), d[1] = 5 FROM e', ['b', 'c', 'd']],
  ["UPDATE a SET b = 'WHERE', c = $$ , d = 1 $$ /* , e = 1 */ -- , f = 1\n, g = 2", ['b', 'c', 'g']],
  ['WITH u AS (UPDATE x SET y = 1) UPDATE a SET b = 1', ['b']],
  ["UPDATE a SET b = E'\\', c = 1', d = 2", ['b', 'd']],
  ['SELECT 1', []],
])('names on the left of SET: %s', (sql, columns) => {
  expect(readSetColumns(sql)).toEqual(columns)
})
