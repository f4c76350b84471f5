import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeRows } from '../../../main/recordings/decode-rows.ts'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL, READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { SECRETS, SHOP } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

const LABELS = { sensitive: READS_AND_ASKED_WRITES.sensitive ?? [], patterns: READS_AND_ASKED_WRITES.patterns ?? [] }

describe('what a client loads by COPY FROM STDIN, in the record', () => {
  let fixture: GatewayFixture
  let wire: Wire
  beforeAll(async () => {
    fixture = await startGateway({ policy: { ...ALLOW_ALL, ...LABELS } })
    wire = await fixture.through()
  })
  afterAll(async () => fixture?.stop())
  beforeEach(async () => {
    await fixture.postgres.query('DELETE FROM public.customers WHERE id > 1000; DELETE FROM public.imported', SHOP.database)
    fixture.recorder.events.length = 0
  })

  /** The sample's rows, and the end of the statement. */
  const recorded = () => {
    const frames = Buffer.concat(fixture.recorder.of('response').map((event) => event.frames))
    for (const secret of SECRETS) expect(frames.toString('latin1')).not.toMatch(secret)
    const { columns, rows } = decodeRows(frames, undefined)
    const { end } = fixture.recorder.of('finished').at(-1) ?? { end: undefined }
    return { columns: columns.map(({ name }) => name), rows: rows.map(([row]) => row), end }
  }
  const stored = (sql: string) => fixture.postgres.query(sql, SHOP.database)

  it('has rows, bytes and the data, labelled columns masked by their place, patterns found', async () => {
    const data = ['1001\tMira\t987-65-0001\tcall 4111 1111 1111 1111\n1002\tJan\t\\N', '\tnothing\n']
    expect((await wire.copyIn('COPY public.customers (id, name, ssn, note) FROM STDIN', data)).tags).toEqual(['COPY 2'])
    const { columns, rows, end } = recorded()
    expect(columns).toEqual(['copied in'])
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatch(/^1001\tMira\t[^\t9]*\tcall [^4]*1111$/)
    expect(rows[1]).toBe('1002\tJan\t\\N\tnothing')
    expect(end).toMatchObject({ rows: 2, bytes: data.join('').length + 10, tag: 'COPY 2', sqlstate: undefined })
    expect(end?.masked).toEqual(expect.arrayContaining(['pii', 'credit_card']))
    expect(await stored('SELECT ssn FROM public.customers WHERE id = 1001')).toEqual([{ ssn: '987-65-0001' }])
  })

  it('goes by the COPY’s own order of columns, in CSV too, cut anywhere', async () => {
    const data = [...'ssn,id,"name"\n987-65-0003,1003,"a, ""b""\nc"\n"987-65-0004",1004,d\n']
    const sql = 'COPY public.customers (ssn, id, name) FROM STDIN (FORMAT csv, HEADER)'
    expect((await wire.copyIn(sql, data)).tags).toEqual(['COPY 2'])
    const { rows } = recorded()
    expect(rows).toHaveLength(3)
    expect(rows[1]).toMatch(/^[^,9]*,1003,"a, ""b""\nc"$/)
  })

  it('reads binary data as well', async () => {
    const cell = (value: Buffer) => [m.int32(value.length), value]
    const tuple = [Buffer.from([0, 3]), ...cell(m.int32(1005)), ...cell(Buffer.from('Eve')), ...cell(Buffer.from('987-65-0005'))]
    const head = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), m.int32(0), m.int32(0)])
    const data = Buffer.concat([head, ...tuple, Buffer.from([0xff, 0xff])])
    const sql = 'COPY public.customers (id, name, ssn) FROM STDIN (FORMAT binary)'
    expect((await wire.copyIn(sql, [data.subarray(0, 30), data.subarray(30)])).tags).toEqual(['COPY 1'])
    const { rows, end } = recorded()
    expect(rows.join()).toContain(Buffer.from('Eve').toString('hex'))
    expect(end).toMatchObject({ rows: 1, tag: 'COPY 1' })
    expect(await stored('SELECT ssn FROM public.customers WHERE id = 1005')).toEqual([{ ssn: '987-65-0005' }])
  })

  it.each([
    ['lines that end as on an old Mac', '1006\tMira\t987-65-0006\r1007\tJan\t987-65-0007\r', 2],
    ['an escaped newline inside a value', '1006\tMi\\\nra\t987-65-0006\n', 1],
    ['too many columns', '1006\tMira\t987-65-0006\tmore\n', undefined],
  ])('leaves out %s, and lets the server decide', async (_name, data, copied) => {
    const { tags, errors } = await wire.copyIn('COPY public.customers (id, name, ssn) FROM STDIN', [data])
    expect(tags).toEqual(copied === undefined ? [] : [`COPY ${copied}`])
    expect(errors).toHaveLength(copied === undefined ? 1 : 0)
    const { rows, end } = recorded()
    expect(rows).toEqual([])
    expect(end).toMatchObject({ rows: copied ?? 0, bytes: data.length + 5 })
  })

  it('keeps what came before CopyFail, and that it failed', async () => {
    wire.send(m.query('COPY public.imported FROM STDIN'))
    await wire.until('G')
    wire.send(m.copyData('1\tone\n'), m.copyFail('changed my mind'))
    expect((await wire.answer()).errors).toMatchObject([{ C: '57014' }])
    expect(recorded()).toMatchObject({ rows: ['1\tone'], end: { rows: 0, sqlstate: '57014' } })
  })

  it('keeps a capped sample of much, and all of its numbers', async () => {
    const line = `1\t${'x'.repeat(1000)}\n`
    const { tags } = await wire.copyIn(
      'COPY public.imported FROM STDIN',
      Array.from({ length: 200 }, () => line),
    )
    expect(tags).toEqual(['COPY 200'])
    const { rows, end } = recorded()
    expect(rows.length).toBeGreaterThan(50)
    expect(rows.length).toBeLessThan(70)
    expect(end).toMatchObject({ rows: 200, bytes: 200 * (line.length + 5) })
  })

  it('tells two COPYs of one string apart', async () => {
    wire.send(m.query('COPY public.imported (body, id) FROM STDIN; COPY public.customers (ssn, id, name) FROM STDIN; SELECT 1'))
    await wire.until('G')
    wire.send(m.copyData('one\t1\n'), m.copyDone())
    await wire.until('G')
    wire.send(m.copyData('987-65-0008\t1008\tMira\n'), m.copyDone())
    expect((await wire.answer()).errors).toEqual([])
    expect(recorded().rows.slice(0, 2)).toEqual(['one\t1', expect.stringMatching(/^[^\t9]*\t1008\tMira$/)])
    expect(recorded().end).toMatchObject({ rows: 3 })
  })
})
