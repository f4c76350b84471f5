import { expect, test } from 'vitest'
import { markText } from '../../main/approvals/mark-text.ts'
import { utf16Offsets } from '../../main/approvals/utf16-offsets.ts'
import { warningsOf } from '../../main/approvals/warnings.ts'
import { describeFacts } from '../../main/recordings/describe-facts.ts'
import { noFacts } from '../recordings/fixtures.ts'

test('byte offsets become UTF-16 places, characters beyond the first plane too', () => {
  const text = "SELECT 'é😀' , ssn"
  const place = utf16Offsets(text)
  expect(place(Buffer.byteLength(text.slice(0, text.indexOf('ssn'))))).toBe(text.indexOf('ssn'))
  expect(place(10_000)).toBe(text.length)
})

test('the clause that met the rule and labelled columns are marked where they stand', () => {
  const sql = "SELECT 'é', ssn FROM customers"
  const offset = Buffer.byteLength(sql.slice(0, sql.indexOf('ssn')))
  const column = { relation: 'public.customers', oid: 1, attnum: 3, column: 'ssn', how: 'shows' as const, offset, length: 0 }
  const facts = [describeFacts({ ...noFacts, columns: [column] })]
  const marks = markText(sql, facts, [{ what: 'reads customers', offset: 0, length: 6 }], () => 'pii')
  expect(marks.map((mark) => [mark.kind, sql.slice(mark.start, mark.end), mark.text])).toEqual([
    ['rule', 'SELECT', 'reads customers'],
    ['label', 'ssn', 'pii'],
  ])
})

test('hidden characters, a missing WHERE and a telling predicate are warned of, worst first, two at most', () => {
  const facts = [
    describeFacts({ ...noFacts, withoutWhere: true, unknown: [{ what: 'function public.f()', code: true, offset: 0, length: 0 }] }),
  ]
  const warnings = warningsOf('DELETE FROM a\u202e', facts, [])
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toMatch(/hidden characters/)
  expect(warnings[1]).toMatch(/no WHERE/)
  expect(warningsOf('SELECT 1\t\n', [describeFacts(noFacts)], [])).toEqual([])
})
