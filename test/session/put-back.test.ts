import { describe, expect, it } from 'vitest'
import { bindFrame, parseFrame, positionBefore, putBack, withoutLast } from '../../proxy/session/put-back.ts'
import { readBinaryArray, readTextArray, writeBinaryArray, writeTextArray } from '../../proxy/session/token-text.ts'
import { readBindBody, readBindNames, readParse } from '../../proxy/wire/client-messages.ts'
import * as m from '../helpers/encode.ts'

const literal = (text: string, what: string, value: string) => {
  const start = Buffer.byteLength(text.slice(0, text.indexOf(what)))
  return { start, end: start + what.length, value: Buffer.from(value) }
}

describe('a text with its tokens made parameters', () => {
  const text = "SELECT 'ü' FROM c WHERE a='tok_1'AND b IN ('tok_22','x') AND d"
  const put = putBack(
    Buffer.from(text),
    { literals: [literal(text, "'tok_1'", 'v1'), literal(text, "'tok_22'", 'v2')], parameters: new Map() },
    3,
  )

  it('holds no value', () => {
    expect(put.text.toString()).toBe("SELECT 'ü' FROM c WHERE a= $4 AND b IN ( $5 ,'x') AND d")
    expect(put.values.map(String)).toEqual(['v1', 'v2'])
  })

  it('tells where a place of it was', () => {
    const sent = put.text.toString()
    for (const what of ['SELECT', 'WHERE', 'a=', 'AND b', "'x'", 'AND d', 'd']) {
      expect(positionBefore(put.positions, sent.lastIndexOf(what) + 1), what).toBe(text.lastIndexOf(what) + 1)
    }
    expect(positionBefore(put.positions, sent.indexOf('$4') + 1)).toBe(text.indexOf("'tok_1'") + 1)
    expect(positionBefore(put.positions, sent.indexOf('$5') + 1)).toBe(text.indexOf("'tok_22'") + 1)
  })

  it('in a Parse frame keeps name and types', () => {
    const frame = m.parse(text, 'name', [25, 23])
    const { text: span } = readParse(frame, 0, frame.length)
    const sent = parseFrame(frame, 0, frame.length, span.start, span.end, put.text)
    const read = readParse(sent, 0, sent.length)
    expect(read).toMatchObject({ name: 'name', types: [25, 23] })
    expect(sent.subarray(read.text.start, read.text.end)).toEqual(put.text)
    expect(sent.readInt32BE(1)).toBe(sent.length - 1)
  })
})

describe('Bind with values in place of tokens', () => {
  it.each([
    ['no formats', [], [0, 0, 0]],
    ['one format for all', [1], [1, 1, 1]],
    ['a format each', [0, 1, 0], [0, 1, 0]],
  ])('%s', (_, parameterFormats, formats) => {
    const frame = m.bind(['tok', null, 'other'], { portal: 'p', statement: 's', parameterFormats, resultFormats: [1, 0] })
    const { rest } = readBindNames(frame, 0, frame.length)
    const substitution = { parameters: new Map([[1, Buffer.from('value')]]), literals: [{ start: 0, end: 1, value: Buffer.from('more') }] }
    const sent = bindFrame(frame, 0, frame.length, rest, substitution)
    expect(sent.readInt32BE(1)).toBe(sent.length - 1)
    const names = readBindNames(sent, 0, sent.length)
    expect(names).toMatchObject({ portal: 'p', statement: 's' })
    const body = readBindBody(sent, names.rest, sent.length)
    expect(body.parameters.map(({ format, value }) => [format, value?.toString() ?? null])).toEqual([
      [formats[0], 'value'],
      [formats[1], null],
      [formats[2], 'other'],
      [0, 'more'],
    ])
    expect(body.resultFormats).toEqual([1, 0])
  })

  it('ParameterDescription without what the client did not write', () => {
    const frame = m.message('t', Buffer.from('0003000000190000001700000019', 'hex'))
    expect(withoutLast(frame, 0, frame.length, 2).toString('hex')).toBe('740000000a000100000019')
  })
})

describe('arrays of tokens', () => {
  it('are read and written as text', () => {
    expect(readTextArray('{a,"b", c }')).toEqual(['a', 'b', 'c'])
    for (const odd of ['{}', '{{a},{b}}', '{a,}', '{a b}', '{"a\\"b"}', 'a', '[0:1]={a,b}', '{"a"b}'])
      expect(readTextArray(odd), odd).toBeUndefined()
    expect(writeTextArray(['a"b\\c', 'd,e{}', ''])).toBe('{"a\\"b\\\\c","d,e{}",""}')
  })

  it('are read and written as bytes', () => {
    const head = Buffer.from('0000000100000000000000190000000200000001', 'hex')
    const bytes = writeBinaryArray(head, [Buffer.from('ab'), Buffer.from('')])
    expect(bytes.toString('hex')).toBe(`${head.toString('hex')}00000002616200000000`)
    expect(readBinaryArray(bytes)?.map(String)).toEqual(['ab', ''])
    for (let cut = 0; cut < bytes.length; cut++) expect(readBinaryArray(bytes.subarray(0, cut))).toBeUndefined()
  })
})
