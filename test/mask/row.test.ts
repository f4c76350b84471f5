import { describe, expect, it } from 'vitest'
import { mayContain } from '../../proxy/mask/prefilter.ts'
import { rewriteRow } from '../../proxy/mask/row.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { CORPUS_PATTERNS, cells, dataRow, field, label, pattern, plan, policy } from './build.ts'
import { rewriteCells, rewriteTexts } from './rewrite.ts'

const VISA = '4714182562964671'
const SSN = '916-81-7055'
const KEY = 'sk_live_kTUDVHCHxcUbkoZZnnhTP6tP'
const search = (typeOid: number, format: 0 | 1 = 0, patterns = CORPUS_PATTERNS) =>
  plan({ fields: [field(typeOid, { format })], policy: policy(patterns) })
const one = (typeOid: number, value: string | Buffer, format: 0 | 1 = 0, patterns = CORPUS_PATTERNS) =>
  rewriteCells(search(typeOid, format, patterns), [value])[0]
const text = (typeOid: number, value: string, patterns = CORPUS_PATTERNS) => one(typeOid, value, 0, patterns)?.toString()

describe('a row', () => {
  const labelled = { '1.2': label('pii'), '1.4': label('pay', 'null') }
  const fields = [1, 2, 3, 4, 5].map((attnum) => field(25, { tableOid: 1, attnum }))

  it('keeps its shape whatever lies before, between and after the masked columns', () => {
    const p = plan({ fields, labelled })
    expect(rewriteTexts(p, ['a', 'b', 'cc', 'd', 'eee'])).toEqual(['a', '*redacted*', 'cc', null, 'eee'])
    expect(rewriteTexts(p, [null, '', null, 'long'.repeat(100), null])).toEqual([null, '*redacted*', null, null, null])
  })

  it('is copied as it is when only patterns are looked for and none hits', () => {
    const p = plan({ fields, policy: policy(CORPUS_PATTERNS) })
    expect(rewriteTexts(p, ['a', 'b', null, '2024-02-11 08:30:00', 'x'])).toEqual(['a', 'b', null, '2024-02-11 08:30:00', 'x'])
  })

  it('is refused if it has another number of columns or lies about its lengths', () => {
    const p = plan({ fields, labelled })
    const refuse = (row: Buffer) => () => rewriteRow(p, row, 0, row.length, new ByteSink(), new Set())
    expect(refuse(dataRow(['a', 'b']))).toThrow('malformed DataRow')
    const cut = dataRow(['a', 'b', 'c', 'd', 'e'])
    cut.writeInt32BE(1000, 7)
    expect(refuse(cut)).toThrow('malformed DataRow')
    cut.writeInt32BE(-5, 7)
    expect(refuse(cut)).toThrow('malformed DataRow')
  })

  it('tells which patterns hit', () => {
    const hits = new Set<string>()
    rewriteTexts(plan({ fields: [field(25)], policy: policy(CORPUS_PATTERNS) }), [`${SSN} ${KEY}`], hits)
    expect([...hits].sort()).toEqual(['api_key', 'ssn'])
  })
})

describe('patterns in text', () => {
  it('replace what they find and leave the rest', () => {
    expect(text(25, `Charged twice on 5432 2152 0481 1377, exp 04/29.`)).toBe('Charged twice on *redacted*, exp 04/29.')
    expect(text(25, `ssn:${SSN};name:Ada`)).toBe('ssn:*redacted*;name:Ada')
    expect(text(25, `key ${KEY} since`)).toBe('key *redacted* since')
    expect(text(90_002, `x ${VISA}`)).toBe('x *redacted*')
  })

  it('find every one of a long run', () => {
    expect(text(25, '5194154327116299 '.repeat(5000))).toBe('*redacted* '.repeat(5000))
    expect(text(25, `${'x'.repeat(65_530)} 5390054161500305 end`)).toBe(`${'x'.repeat(65_530)} *redacted* end`)
  })

  it('have their own forms', () => {
    expect(text(25, `a ${VISA} b`, [pattern('credit_card', 'partial')])).toBe('a ****4671 b')
    expect(text(25, 'a 4714-1825-6296-4671 b', [pattern('credit_card', 'partial')])).toBe('a ****4671 b')
    expect(one(25, `a ${VISA} b`, 0, [pattern('credit_card', 'null')])).toBe(null)
    const token = text(25, VISA, [pattern('credit_card', 'token')])
    expect(token).toMatch(/^tok_[a-z2-7]{20}$/)
    expect(text(25, '4714 1825 6296 4671', [pattern('credit_card', 'token')])).toBe(token)
  })

  it('of the team’s own are found as RE2 reads them', () => {
    const own = [pattern('staff_id', 'redact', 'EMP-[0-9]{6}'), pattern('umlaut', 'redact', '(?i)geheim ?schlüssel')]
    expect(text(25, 'é EMP-123456 und GEHEIM SCHLÜSSEL!', own)).toBe('é *redacted* und *redacted*!')
    expect(text(114, '{"a":"\\u0045MP-123456"}', own)).toBe('{"a":"*redacted*"}')
  })
})

describe('patterns inside other types', () => {
  it('json, with escapes and bare numbers, stays json', () => {
    expect(text(3802, `{"pay": {"pan": "${VISA}"}}`)).toBe('{"pay": {"pan": "*redacted*"}}')
    expect(text(114, `{"pan": ${VISA}, "n": -${VISA}.00}`)).toBe('{"pan": "*redacted*", "n": "*redacted*"}')
    expect(text(114, '{"n":"9\\u00370\\u002d7\\u0035-\\u00348\\u00379"}')).toBe('{"n":"*redacted*"}')
    expect(text(114, `{"q": "say \\"${VISA}\\" loud"}`)).toBe('{"q": "say \\"*redacted*\\" loud"}')
  })

  it('jsonb in binary keeps its version byte', () => {
    expect(one(3802, Buffer.from(`\u0001{"pan": "${VISA}"}`), 1)).toEqual(Buffer.from('\u0001{"pan": "*redacted*"}'))
  })

  it('xml, also with character references', () => {
    expect(text(142, `<doc><pan>${VISA}</pan></doc>`)).toBe('<doc><pan>*redacted*</pan></doc>')
    expect(text(142, '<doc>916&#45;81&#x2d;7055</doc>')).toBe('<doc>*redacted*</doc>')
  })

  it('bytea, in hexadecimal and in binary', () => {
    expect(text(17, `\\x${Buffer.from(`applicant ${SSN} ok`).toString('hex')}`)).toBe(
      `\\x${Buffer.from('applicant *redacted* ok').toString('hex')}`,
    )
    expect(one(17, Buffer.from(`\0\xff${SSN}`, 'latin1'), 1)).toEqual(Buffer.from('\0\xff*redacted*', 'latin1'))
    expect(text(2249, `(1,"\\\\x${Buffer.from(SSN).toString('hex')}")`)).not.toContain(Buffer.from(SSN).toString('hex'))
  })

  it('arrays of text', () => {
    expect(text(1009, `{"key ${KEY}",b}`)).toBe('{"key *redacted*",b}')
    const array = (items: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1]), items])
    expect(one(1009, array(cells([`k ${KEY}`, 'b'])), 1)).toEqual(array(cells(['k *redacted*', 'b'])))
    expect(one(1009, array(cells([null, 'b'])), 1)).toEqual(array(cells([null, 'b'])))
  })

  it('composites, in text and in binary', () => {
    expect(text(90_001, `(a@b.c,555-019,${SSN})`)).toBe('(a@b.c,555-019,*redacted*)')
    const row = (value: string) =>
      Buffer.concat([
        Buffer.from([0, 0, 0, 2, 0, 0, 0, 23]),
        cells([Buffer.from([0, 0, 0, 9])]),
        Buffer.from([0, 0, 0, 25]),
        cells([value]),
      ])
    expect(one(90_001, row(SSN), 1)).toEqual(row('*redacted*'))
    expect(one(2249, row('fine'), 1)).toEqual(row('fine'))
  })

  it('card numbers kept as numbers become zero', () => {
    const int8 = Buffer.alloc(8)
    int8.writeBigInt64BE(4880758803459841n)
    const float8 = Buffer.alloc(8)
    float8.writeDoubleBE(4880758803459841)
    expect(text(20, '4880758803459841')).toBe('0')
    expect(text(1700, '4880758803459841.00')).toBe('0')
    expect(one(20, int8, 1)).toEqual(Buffer.alloc(8))
    expect(one(701, float8, 1)).toEqual(Buffer.alloc(8))
    const numeric = Buffer.from('000400030000000012d0'.replace('12d0', ''), 'hex')
    const digits = Buffer.alloc(8)
    for (const [i, group] of [4880, 7588, 345, 9841].entries()) digits.writeInt16BE(group, i * 2)
    expect(one(1700, Buffer.concat([numeric, digits]), 1)).toEqual(Buffer.alloc(8))
    expect(text(1016, '{1,4880758803459841}')).toBe('{}')
  })

  it('a card written as an array of its digits', () => {
    const digits = [5, 5, 3, 2, 9, 0, 5, 5, 0, 9, 3, 8, 1, 4, 1, 0]
    expect(text(1007, `{${digits.join(',')}}`)).toBe('{}')
    const binary = Buffer.concat([
      Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 16, 0, 0, 0, 1]),
      cells(digits.map((digit) => Buffer.from([0, 0, 0, digit]))),
    ])
    expect(one(1007, binary, 1)?.length).toBe(12)
    expect(text(1007, '{1,2,3}')).toBe('{1,2,3}')
  })

  it('a container of unknown make is given up whole', () => {
    expect(one(77_777, Buffer.from(`\0\0\0\x0b${SSN}`), 1)).toBe(null)
    expect(one(77_777, Buffer.from('\0\0\0\x0bharmless'), 1)?.toString()).toContain('harmless')
  })
})

describe('look-alikes stay', () => {
  it.each([
    [25, '7000076543219875'],
    [25, 'Call 555-867-5309, zip 90210-1234, order date 2024-03-15.'],
    [25, '2024-02-11 08:30:00.123456+00'],
    [25, '550e8400-e29b-41d4-a716-446655440000'],
    [25, 'd41d8cd98f00b204e9800998ecf8427e'],
    [25, 'INV-2024-00017 build 20240315'],
    [25, '13.37-1'],
    [701, '0.4714182562964671'],
    [20, '1700000000000000'],
    [1114, '2024-02-11 08:30:00'],
    [114, '{"pan": 12345, "t": "2024-02-11T08:30:00Z"}'],
  ])('%i %s', (typeOid, value) => {
    expect(text(typeOid, value)).toBe(value)
  })
})

describe('the search of a whole window', () => {
  const p = search(25)
  it('sees a hit in any row of it', () => {
    const rows = Buffer.concat([dataRow(['a']), dataRow(['b']), dataRow([`see ${SSN}`]), dataRow(['c'])])
    expect(mayContain(p, rows, 0, rows.length)).toBe(true)
    expect(mayContain(p, rows, 0, dataRow(['a']).length * 2)).toBe(false)
  })

  it('sees binary numbers, past frames of other kinds and a row that is cut off', () => {
    const numbers = search(20, 1)
    const card = Buffer.alloc(8)
    card.writeBigInt64BE(4880758803459841n)
    const done = Buffer.from([0x43, 0, 0, 0, 6, 0x41, 0])
    const rows = Buffer.concat([dataRow([Buffer.alloc(8)]), done, dataRow([card]), dataRow([card]).subarray(0, 9)])
    expect(mayContain(numbers, rows, 0, rows.length)).toBe(true)
    expect(mayContain(numbers, rows, 0, 30)).toBe(false)
  })
})
