import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCopyMask } from '../../proxy/mask/copy.ts'
import type { MaskPlan } from '../../proxy/mask/plan.ts'
import { ByteSink } from '../../proxy/wire/sink.ts'
import { message } from '../helpers/encode.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { Wire } from '../helpers/wire-client.ts'
import { CORPUS_PATTERNS, field, label, pattern, plan, policy } from '../mask/build.ts'

/** COPY as a real server writes it: what is not masked stays byte for byte, and what we write can be read back. */

const SETUP = `
CREATE TABLE source (id int, a text, b text);
CREATE TABLE target (LIKE source);
INSERT INTO source SELECT row_number() OVER (), x, y FROM unnest(ARRAY[
  NULL, '', ' ', 'plain', E'tab\\there', E'line\\nfeed', E'return\\rhere', E'back\\\\slash', E'\\\\N', E'\\\\.', '"quoted"', 'it''s', 'a,b;c|d', 'ünï→', E'\\x01\\x0b\\x0c\\b',
  'NULL', '"', '""', ',', E'"\\n"', '{"a":"\\u0041"}', '-', '1']) AS x, unnest(ARRAY[NULL, '', E'a"b,c\\nd\\\\e''f;g', 'NULL']) AS y;
`
const ROWS = 23 * 4

const OPTIONS = [
  { format: 'text', delimiter: '\t', nullText: '\\N', quote: '"', escape: '"', header: false },
  { format: 'text', delimiter: ',', nullText: 'NULL', quote: '"', escape: '"', header: true },
  { format: 'text', delimiter: '-', nullText: '', quote: '"', escape: '"', header: false },
  { format: 'csv', delimiter: ',', nullText: '', quote: '"', escape: '"', header: false },
  { format: 'csv', delimiter: ';', nullText: 'NULL', quote: "'", escape: '\\', header: true },
  { format: 'csv', delimiter: '\t', nullText: '\\N', quote: '"', escape: "'", header: false },
  { format: 'binary', delimiter: '\t', nullText: '\\N', quote: '"', escape: '"', header: false },
] as const

let server: Postgres
let wire: Wire

beforeAll(async () => {
  server = await startPostgres({ sql: SETUP })
  wire = await Wire.login(server, { user: server.user, database: 'postgres', password: server.password })
})

afterAll(async () => {
  await wire.end()
  await server.stop()
})

function sqlOf(options: (typeof OPTIONS)[number]): string {
  if (options.format === 'binary') return '(FORMAT binary)'
  const literal = (text: string) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\t', '\\t')}'`
  const csv = options.format === 'csv' ? `, QUOTE ${literal(options.quote)}, ESCAPE ${literal(options.escape)}` : ''
  return `(FORMAT ${options.format}, DELIMITER ${literal(options.delimiter)}, NULL ${literal(options.nullText)}, HEADER ${options.header}${csv})`
}

function planFor(binary: boolean, more: Parameters<typeof plan>[0] | object): MaskPlan {
  const format = binary ? 1 : 0
  return plan({ fields: [23, 25, 25].map((typeOid, i) => field(typeOid, { tableOid: 1, attnum: i + 1, format })), ...more })
}

function masked(options: (typeof OPTIONS)[number], p: MaskPlan, data: readonly Buffer[]): Buffer {
  const copy = createCopyMask({ ...options, plan: p })
  const sink = new ByteSink()
  for (const piece of data) {
    const frame = message('d', piece)
    copy.push(frame, 0, frame.length, sink, new Set())
  }
  copy.end(sink, new Set())
  const out: Buffer[] = []
  for (let at = 0; at < sink.length; at += 1 + sink.buf.readInt32BE(at + 1))
    out.push(sink.buf.subarray(at + 5, at + 1 + sink.buf.readInt32BE(at + 1)))
  return Buffer.concat(out)
}

describe.each(OPTIONS)('COPY TO STDOUT $format $delimiter $nullText $quote $escape', (options) => {
  const binary = options.format === 'binary'
  const read = async () =>
    (await wire.query(`COPY (SELECT * FROM source ORDER BY id, b) TO STDOUT ${sqlOf(options)}`)).messages
      .filter((one) => one.tag === 'd')
      .map((one) => one.body)

  it('stays byte for byte where nothing is found, though every value was looked at', async () => {
    const data = await read()
    const searching = planFor(binary, { policy: policy([...CORPUS_PATTERNS, pattern('never', 'redact', '(?i)zzzz+')]) })
    expect(masked(options, searching, data).equals(Buffer.concat(data))).toBe(true)
  })

  it('can be read back with one column masked, the others as they were', async () => {
    const p = planFor(binary, { labelled: { '1.2': label('pii') } })
    // In text format PostgreSQL itself writes a value that equals the NULL text as it writes NULL.
    const ambiguous = options.format === 'text' ? options.nullText : '\\N'
    await server.query('TRUNCATE target')
    const answer = await wire.copyIn(`COPY target FROM STDIN ${sqlOf(options)}`, [masked(options, p, await read())])
    expect(answer.errors).toEqual([])
    const [same] = await server.query<{ rows: string; same: string; masked: string }>(`
      SELECT count(*) AS rows, count(*) FILTER (WHERE t.b IS NOT DISTINCT FROM s.b OR (t.b IS NULL AND s.b = $null$${ambiguous}$null$)) AS same,
             count(*) FILTER (WHERE t.a = '*redacted*' OR (t.a IS NULL AND (s.a IS NULL OR s.a = $null$${ambiguous}$null$))) AS masked
      FROM (SELECT *, row_number() OVER (ORDER BY id, b) AS n FROM target) t JOIN (SELECT *, row_number() OVER (ORDER BY id, b) AS n FROM source) s USING (n)`)
    expect(same).toEqual({ rows: String(ROWS), same: String(ROWS), masked: String(ROWS) })
  })
})
