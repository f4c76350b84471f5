import { expect, test } from 'vitest'
import { readBinary } from '../../main/recordings/binary-values.ts'
import { decodeBind } from '../../main/recordings/decode-bind.ts'
import { decodeRows } from '../../main/recordings/decode-rows.ts'
import { bind } from '../helpers/encode.ts'
import { describeOne, rowOf } from './fixtures.ts'

/** As `SELECT … ` sends them in binary from PostgreSQL 18 (numeric_send, date_send and so on), written by hand. */
test.each([
  [16, '01', 't'],
  [21, 'fffe', '-2'],
  [23, '7fffffff', '2147483647'],
  [20, '8000000000000000', '-9223372036854775808'],
  [1700, '000200000000000200010bb8', '1.30'],
  [1700, '00010000400000000005', '-5'],
  [1700, '0001ffff000000040001', '0.0001'],
  [1700, '0001000100000000000a', '100000'],
  [1700, '00000000c0000000', 'NaN'],
  [1082, '00000000', '2000-01-01'],
  [1114, 'fffffffffffffff6', '1999-12-31 23:59:59.99999'],
  [1184, '00000000000f4240', '2000-01-01 00:00:01+00'],
  [2950, '00112233445566778899aabbccddeeff', '00112233-4455-6677-8899-aabbccddeeff'],
  [3802, '017b7d', '{}'],
  [23, '00', '\\x00'],
  [999_999, 'c0ffee', '\\xc0ffee'],
])('a binary value of type %i: %s', (oid, hex, text) => {
  expect(readBinary(oid, Buffer.from(hex, 'hex'))).toBe(text)
})

test('rows are read by the description that stands before them, or that stood before the part at hand', () => {
  const { columns, rows, shape } = decodeRows(Buffer.concat([describeOne('n', 23, 1), rowOf(Buffer.from([0, 0, 0, 7]))]), undefined)
  expect(columns).toEqual([{ name: 'n', type: 'integer' }])
  expect(rows).toEqual([['7']])
  expect(decodeRows(rowOf(Buffer.from([0, 0, 1, 0])), shape).rows).toEqual([['256']])
  expect(decodeRows(rowOf('text'), undefined)).toMatchObject({ columns: [{ name: 'column 1' }], rows: [['text']] })
})

test('parameters of a Bind come back as text, NULL and bytes', () => {
  const body = bind(['a', null, Buffer.from([1, 2])], { parameterFormats: [0, 0, 1] }).subarray(5)
  expect(decodeBind(body)).toEqual(['a', null, '\\x0102'])
  for (let cut = 0; cut < body.length - 3; cut++) expect(() => decodeBind(body.subarray(0, cut))).not.toThrow()
})
