import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { readBindBody, readBindNames, readExecute, readParse, readQuery, readTarget } from '../../proxy/wire/client-messages.ts'
import * as m from '../helpers/encode.ts'
import { randomSource } from '../helpers/random.ts'

/** The frame in the middle of other bytes: a reader must keep to its own. */
function placed(frame: Buffer): { buf: Buffer; start: number; end: number } {
  const before = Buffer.from('S\0\0\0\x04', 'latin1')
  const after = Buffer.from('x\0y\0z\0\0\0')
  return { buf: Buffer.concat([before, frame, after]), start: before.length, end: before.length + frame.length }
}

const READERS: Readonly<Record<string, (buf: Buffer, start: number, end: number) => unknown>> = {
  Query: readQuery,
  Parse: readParse,
  Bind: (buf, start, end) => readBindBody(buf, readBindNames(buf, start, end).rest, end),
  Describe: (buf, start, end) => readTarget(buf, start, end, 'Describe'),
  Close: (buf, start, end) => readTarget(buf, start, end, 'Close'),
  Execute: readExecute,
}

const GOOD: Readonly<Record<string, Buffer>> = {
  Query: m.query('SELECT 1'),
  Parse: m.parse('SELECT $1', 'name', [23, 0]),
  Bind: m.bind(['a', null, Buffer.from([1, 2])], { portal: 'p', statement: 's', parameterFormats: [0, 0, 1], resultFormats: [1, 0] }),
  Describe: m.describeStatement('s'),
  Close: m.closePortal('p'),
  Execute: m.execute('p', 9),
}

describe('client messages', () => {
  it('are read as an independent encoder wrote them', () => {
    const at = (name: string) => placed(GOOD[name] as Buffer)
    const query = at('Query')
    const span = readQuery(query.buf, query.start, query.end)
    expect(query.buf.toString('utf8', span.start, span.end)).toBe('SELECT 1')
    const parse = at('Parse')
    const parsed = readParse(parse.buf, parse.start, parse.end)
    expect({ ...parsed, text: parse.buf.toString('utf8', parsed.text.start, parsed.text.end) }).toMatchObject({
      name: 'name',
      text: 'SELECT $1',
      types: [23, 0],
    })
    const bind = at('Bind')
    const names = readBindNames(bind.buf, bind.start, bind.end)
    expect(names).toMatchObject({ portal: 'p', statement: 's' })
    const body = readBindBody(bind.buf, names.rest, bind.end)
    expect(body.resultFormats).toEqual([1, 0])
    expect(body.parameters.map(({ format, value }) => [format, value?.toString('hex') ?? null])).toEqual([
      [0, '61'],
      [0, null],
      [1, '0102'],
    ])
    const execute = at('Execute')
    expect(readExecute(execute.buf, execute.start, execute.end)).toEqual({ portal: 'p', maxRows: 9 })
    const describe_ = at('Describe')
    expect(readTarget(describe_.buf, describe_.start, describe_.end, 'Describe')).toEqual({ kind: 'statement', name: 's' })
  })

  it.each(Object.keys(GOOD))('%s cut short anywhere is refused with a protocol error, never read past its end', (name) => {
    const frame = GOOD[name] as Buffer
    for (let size = 5; size < frame.length; size++) {
      const short = Buffer.from(frame.subarray(0, size))
      short.writeInt32BE(size - 1, 1)
      const { buf, start, end } = placed(short)
      expect(() => READERS[name]?.(buf, start, end), `${size} of ${frame.length} bytes`).toThrow(GatewayError)
    }
  })

  it.each(Object.keys(GOOD).filter((name) => name !== 'Describe' && name !== 'Close'))('%s with a byte too many is refused', (name) => {
    const frame = Buffer.concat([GOOD[name] as Buffer, Buffer.from([0x41])])
    frame.writeInt32BE(frame.length - 1, 1)
    const { buf, start, end } = placed(frame)
    expect(() => READERS[name]?.(buf, start, end)).toThrow(GatewayError)
  })

  it.each(Object.keys(GOOD))('%s of random bytes is read or refused by name: no other error, no hang', (name) => {
    for (let seed = 1; seed <= 3_000; seed++) {
      const random = randomSource(seed)
      const good = GOOD[name] as Buffer
      // Half are noise, half are a good frame with some bytes changed.
      const body = seed % 2 ? random.bytes(random.below(40)) : Buffer.from(good.subarray(5))
      if (seed % 2 === 0) for (let i = random.below(4); i >= 0; i--) body[random.below(body.length)] = random.below(256)
      const { buf, start, end } = placed(m.message(name[0] ?? 'Q', body))
      try {
        READERS[name]?.(buf, start, end)
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(GatewayError)
      }
    }
  })

  it('different invalid UTF-8 names stay different names', () => {
    const names = [Buffer.from([0xff]), Buffer.from([0xfe]), Buffer.from([0xc3, 0x28])].map((name) => {
      const { buf, start, end } = placed(m.parse('SELECT 1', name))
      return readParse(buf, start, end).name
    })
    expect(new Set(names).size).toBe(3)
  })

  it('a NUL inside the text of a Query is refused: the server would read another text than we', () => {
    const { buf, start, end } = placed(m.message('Q', Buffer.from('SELECT 1\0; DROP TABLE x\0')))
    expect(() => readQuery(buf, start, end)).toThrow(/NUL/)
  })
})
