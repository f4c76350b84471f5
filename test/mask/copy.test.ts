import { describe, expect, it } from 'vitest'
import { createCopyMask } from '../../proxy/mask/copy.ts'
import type { MaskPlan } from '../../proxy/mask/plan.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { CORPUS_PATTERNS, cells, field, label, pattern, plan, policy } from './build.ts'

const TEXT = { format: 'text', delimiter: '\t', nullText: '\\N', quote: '"', escape: '"', header: false } as const
const CSV = { ...TEXT, format: 'csv', delimiter: ',', nullText: '' } as const
const fields = [field(23, { tableOid: 1, attnum: 1 }), field(25, { tableOid: 1, attnum: 2 }), field(25, { tableOid: 1, attnum: 3 })]
const masked = plan({ fields, labelled: { '1.2': label('pii') }, policy: policy(CORPUS_PATTERNS) })
const scanned = plan({ fields, policy: policy(CORPUS_PATTERNS) })

function frame(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data)
  const head = Buffer.from([0x64, 0, 0, 0, 0])
  head.writeInt32BE(4 + bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** What the client reads: the contents of all CopyData frames. */
function run(options: Omit<Parameters<typeof createCopyMask>[0], 'plan'>, p: MaskPlan, pieces: readonly (Buffer | string)[]): Buffer {
  const copy = createCopyMask({ ...options, plan: p })
  const sink = new ByteSink(4)
  for (const piece of pieces) {
    const bytes = Buffer.concat([Buffer.from('zz'), frame(piece)])
    copy.push(bytes, 2, bytes.length, sink, new Set())
  }
  copy.end(sink, new Set())
  const out: Buffer[] = []
  for (let at = 0; at < sink.length; ) {
    expect(sink.buf[at]).toBe(0x64)
    const next = at + 1 + sink.buf.readInt32BE(at + 1)
    out.push(Buffer.from(sink.buf.subarray(at + 5, next)))
    at = next
  }
  return Buffer.concat(out)
}

/** Every way to cut the data into one, two or many frames gives the same. */
function everyCut(options: Omit<Parameters<typeof createCopyMask>[0], 'plan'>, p: MaskPlan, data: Buffer | string): Buffer {
  const bytes = Buffer.from(data)
  const whole = run(options, p, [bytes])
  for (let cut = 0; cut <= bytes.length; cut++) expect(run(options, p, [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole)
  expect(
    run(
      options,
      p,
      [...bytes].map((byte) => Buffer.from([byte])),
    ),
  ).toEqual(whole)
  return whole
}

describe('COPY as text', () => {
  it('masks labelled columns and what patterns find, wherever frames are cut', () => {
    const data = '1\tabc\tssn 916-81-7055\n2\t\\N\t\\N\n3\ta\\tb\\\\\\n\tsk_live_kTUDVHCHxcUbkoZZnnhTP6tP\n'
    expect(everyCut(TEXT, masked, data).toString()).toBe('1\t*redacted*\tssn *redacted*\n2\t\\N\t\\N\n3\t*redacted*\t*redacted*\n')
  })

  it('leaves rows without a hit byte for byte', () => {
    const data = '1\ta\\tb\\\\\\v\t2024-02-11 08:30\n\\N\t\\N\t\n'
    expect(everyCut(TEXT, scanned, data).toString()).toBe(data)
  })

  it('finds values that the delimiter makes PostgreSQL escape', () => {
    expect(run({ ...TEXT, delimiter: '-' }, scanned, ['1-a-916\\-81\\-7055\n']).toString()).toBe('1-a-*redacted*\n')
    expect(run({ ...TEXT, delimiter: ' ' }, scanned, ['1 a 5432\\ 2152\\ 0481\\ 1377\n']).toString()).toBe('1 a *redacted*\n')
  })

  it('passes the header, finds json escapes behind doubled backslashes', () => {
    expect(run({ ...TEXT, header: true }, masked, ['id\tssn\tbody\n', '1\tx\t{"n":"9\\\\u00316-81-7055"}\n']).toString()).toBe(
      'id\tssn\tbody\n1\t*redacted*\t{"n":"*redacted*"}\n',
    )
  })

  it('refuses a row with another number of columns', () => {
    expect(() => run(TEXT, masked, ['1\t2\n'])).toThrow('2 columns where 3 were expected')
    expect(() => run(TEXT, masked, ['1\t2\t3\t4\n'])).toThrow('4 columns where 3 were expected')
  })

  it('refuses a delimiter that is no single byte', () => {
    expect(() => run({ ...TEXT, delimiter: '§' }, masked, [])).toThrow('cannot be masked')
  })
})

describe('COPY as CSV', () => {
  it('masks quoted cells with newlines, delimiters and doubled quotes', () => {
    const data = '1,"a ""b"", c\nd","x, 916-81-7055, ""y"""\n2,,\n3,"",4714182562964671\n'
    expect(everyCut(CSV, masked, data).toString()).toBe('1,"*redacted*","x, *redacted*, ""y"""\n2,,\n3,"*redacted*",*redacted*\n')
  })

  it('leaves rows without a hit byte for byte', () => {
    const data = 'id,"a b",c\n1,"x\ny","z"\n2,,""\n'
    expect(everyCut({ ...CSV, header: true }, scanned, data).toString()).toBe(data)
  })

  it('reads other quotes, escapes and NULL texts', () => {
    const options = { ...CSV, quote: "'", escape: '\\', nullText: 'NULL', delimiter: ';' }
    expect(run(options, masked, ["1;'it\\'s; ok';'916-81-7055'\n2;NULL;NULL\n"]).toString()).toBe(
      "1;'*redacted*';'*redacted*'\n2;NULL;NULL\n",
    )
  })

  it('writes NULL where the form is null', () => {
    const p = plan({ fields, labelled: { '1.2': label('pii', 'null') }, policy: policy([pattern('ssn', 'null')]) })
    expect(run(CSV, p, ['1,a,b 916-81-7055\n']).toString()).toBe('1,,\n')
  })
})

describe('COPY in binary', () => {
  const HEAD = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  const tuple = (values: (string | Buffer | null)[]) => Buffer.concat([Buffer.from([0, values.length]), cells(values)])
  const binary = (labelled = {}) =>
    plan({ fields: fields.map((one) => ({ ...one, format: 1 as const })), labelled, policy: policy(CORPUS_PATTERNS) })
  const id = Buffer.from([0, 0, 0, 1])
  const TRAILER = Buffer.from([0xff, 0xff])

  it('masks tuples and keeps header and trailer, wherever frames are cut', () => {
    const data = Buffer.concat([HEAD, tuple([id, 'secret', '916-81-7055']), tuple([id, null, 'fine']), TRAILER])
    const expected = Buffer.concat([HEAD, tuple([id, '*redacted*', '*redacted*']), tuple([id, null, 'fine']), TRAILER])
    expect(everyCut({ ...TEXT, format: 'binary' }, binary({ '1.2': label('pii') }), data)).toEqual(expected)
  })

  it('refuses what is no COPY header, and data that stops in a row', () => {
    expect(() => run({ ...TEXT, format: 'binary' }, binary(), [Buffer.alloc(30)])).toThrow('malformed binary COPY')
    expect(() => run({ ...TEXT, format: 'binary' }, binary(), [HEAD, Buffer.from([0, 3, 0, 0])])).toThrow('malformed binary COPY')
  })
})
