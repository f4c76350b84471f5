import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeMessage, type Message } from '../../helpers/decode.ts'
import * as m from '../../helpers/encode.ts'
import { type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../../helpers/policy-literal.ts'
import type { Wire } from '../../helpers/wire-client.ts'

/** One side of a conversation: each step is sent, and answered up to so many ReadyForQuery, or up to one of the tags. */
interface Step {
  readonly send: readonly Buffer[]
  /** ReadyForQuery to wait for; 1 unless told. */
  readonly ready?: number
  readonly until?: string
}

const q = (...sql: string[]): Step[] => sql.map((text) => ({ send: [m.query(text)] }))
const extended = (sql: string, values: m.Value[] = [], options: m.BindOptions & { types?: number[] } = {}): Step => ({
  send: [m.parse(sql, '', options.types), m.bind(values, options), m.describePortal(), m.execute(), m.sync()],
})

/** One tuple of (7, 'x') as COPY has it. */
const BINARY_ROW = Buffer.concat([
  Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
  Buffer.alloc(8),
  Buffer.from([0, 2, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 1, 0x78, 0xff, 0xff]),
])

const CONVERSATIONS: Readonly<Record<string, readonly Step[]>> = {
  'an empty query': q('', '  ', '-- only a comment'),
  'rows of many types as text': q(
    `SELECT 1::int2, 2::int4, 3::int8, 1.5::float8, 12.30::numeric, true, 'x'::text, 'y'::varchar(3), null::int, '\\x00ff'::bytea, '2026-01-02'::date,
      '{1,2}'::int[], '{"a":1}'::jsonb, 'paid'::public.status, row(1,'a'), '1 day'::interval`,
  ),
  'rows of many types as binary': [
    extended(
      `SELECT 1::int2, 2::int4, 3::int8, 1.5::float8, 12.30::numeric, true, 'x'::text, null::int, '\\x00ff'::bytea, '2026-01-02'::date, '{1,2}'::int[]`,
      [],
      {
        resultFormats: [1],
      },
    ),
  ],
  'mixed formats by column': [extended('SELECT 1::int4, 2::int4, 3::int4', [], { resultFormats: [0, 1, 0] })],
  'text and binary parameters': [
    extended('SELECT $1::int4 + $2::int4, $3::text', ['40', Buffer.from([0, 0, 0, 2]), null], { parameterFormats: [0, 1, 0] }),
  ],
  'parameter types given by the client': [extended('SELECT $1', ['7'], { types: [23] })],
  'several statements in one query': q("SELECT 1; SELECT 'two'; SET extra_float_digits = 1; SELECT 3"),
  'an error in the middle of several': q('SELECT 1; SELECT 1/0; SELECT 3', 'SELECT 4'),
  'errors of analysis': q(
    'SELECT nothing FROM public.counters',
    'SELECT id + name FROM public.customers',
    "SELECT 'a'::int",
    'SELECT * FROM public.counters WHERE id = ANY($1)',
  ),
  'a transaction by hand': q(
    'BEGIN',
    'UPDATE public.counters SET n = 7 WHERE id = 1',
    'SELECT n FROM public.counters WHERE id = 1',
    'ROLLBACK',
    'SELECT n FROM public.counters WHERE id = 1',
  ),
  'a failed transaction': q('BEGIN', 'SELECT 1/0', 'SELECT 1', 'ROLLBACK', 'SELECT 1'),
  savepoints: q('BEGIN', 'SAVEPOINT a', 'SELECT 1/0', 'ROLLBACK TO a', 'SELECT 1', 'RELEASE a', 'COMMIT'),
  'warnings and notices': q('COMMIT', 'BEGIN', 'BEGIN', 'ROLLBACK', 'SET client_min_messages = notice', 'RESET client_min_messages'),
  'tags of writes': q(
    'INSERT INTO public.imported VALUES (1, $$a$$), (2, $$b$$)',
    'UPDATE public.imported SET body = body || 1',
    'DELETE FROM public.imported WHERE id = 1 RETURNING body',
    'MERGE INTO public.imported i USING (VALUES (2)) v(id) ON i.id = v.id WHEN MATCHED THEN DELETE',
    'DELETE FROM public.imported',
  ),
  'named statement used again': [
    { send: [m.parse('SELECT $1::int4 * 2', 's1'), m.describeStatement('s1'), m.sync()] },
    { send: [m.bind(['4'], { statement: 's1' }), m.execute(), m.sync()] },
    { send: [m.bind(['5'], { statement: 's1', resultFormats: [1] }), m.describePortal(), m.execute(), m.sync()] },
    { send: [m.closeStatement('s1'), m.sync()] },
    { send: [m.bind(['6'], { statement: 's1' }), m.execute(), m.sync()] },
  ],
  'a name taken twice': [
    { send: [m.parse('SELECT 1', 's2'), m.sync()] },
    { send: [m.parse('SELECT 2', 's2'), m.sync()] },
    { send: [m.bind([], { statement: 's2' }), m.execute(), m.sync()] },
    { send: [m.closeStatement('s2'), m.parse('SELECT 3', 's2'), m.bind([], { statement: 's2' }), m.execute(), m.sync()] },
  ],
  'closing what does not exist': [{ send: [m.closeStatement('nothing'), m.closePortal('nothing'), m.sync()] }],
  'rows in pieces': [
    { send: [m.query('BEGIN')] },
    { send: [m.parse('SELECT i FROM generate_series(1, 7) i'), m.bind([], { portal: 'p' }), m.execute('p', 3), m.flush()], until: 's' },
    { send: [m.execute('p', 3), m.flush()], until: 's' },
    { send: [m.execute('p', 3), m.sync()] },
    { send: [m.execute('p', 3), m.sync()] },
    { send: [m.query('ROLLBACK')] },
  ],
  'the unnamed portal in pieces, then dropped by Sync': [
    { send: [m.parse('SELECT i FROM generate_series(1, 7) i'), m.bind(), m.execute('', 2), m.sync()] },
    { send: [m.execute('', 2), m.sync()] },
  ],
  'Flush answers before Sync': [
    { send: [m.parse('SELECT 1', ''), m.describeStatement(), m.flush()], until: 'T' },
    { send: [m.bind(), m.execute(), m.flush()], until: 'C' },
    { send: [m.sync()] },
  ],
  'Describe of a statement without rows': [{ send: [m.parse('SET extra_float_digits = 2'), m.describeStatement(), m.sync()] }],
  'an error skips to Sync': [
    { send: [m.parse('SELECT 1/0'), m.bind(), m.execute(), m.parse('SELECT 2'), m.bind(), m.execute(), m.sync()] },
    { send: [m.parse('SELECT 3'), m.bind(), m.execute(), m.sync()] },
  ],
  'a pipeline of three Syncs with an error in the second': [
    {
      send: [1, 0, 3].flatMap((n) => [m.parse(`SELECT 6 / ${n}`), m.bind(), m.execute(), m.sync()]),
      ready: 3,
    },
  ],
  'Sync alone, several': [{ send: [m.sync(), m.sync(), m.sync()], ready: 3 }],
  'an implicit transaction of two Executes': [
    {
      send: [
        m.parse('UPDATE public.counters SET n = n + 1 WHERE id = 2'),
        m.bind(),
        m.execute(),
        m.parse('SELECT 1/0'),
        m.bind(),
        m.execute(),
        m.sync(),
      ],
    },
    ...q('SELECT n FROM public.counters WHERE id = 2'),
  ],
  'cursors in SQL': q(
    'BEGIN',
    'DECLARE c SCROLL CURSOR FOR SELECT id, name FROM public.customers ORDER BY id',
    'FETCH 2 FROM c',
    'FETCH BACKWARD 1 FROM c',
    'MOVE 5 FROM c',
    'FETCH c',
    'CLOSE c',
    'FETCH c',
    'ROLLBACK',
  ),
  'PREPARE and EXECUTE in SQL': q('PREPARE p (int) AS SELECT $1 + 1', 'EXECUTE p (4)', 'DEALLOCATE p', 'EXECUTE p (4)'),
  'a portal that a cursor made': [
    ...q('BEGIN', 'DECLARE d CURSOR FOR SELECT id FROM public.counters ORDER BY id'),
    { send: [m.describePortal('d'), m.execute('d', 2), m.sync()] },
    ...q('COMMIT'),
  ],
  'COPY out as text, CSV, of a query': q(
    'COPY (SELECT id, name FROM public.counters JOIN public.customers USING (id) ORDER BY id LIMIT 3) TO STDOUT',
    "COPY (SELECT 1 a, 'x,y' b, null c) TO STDOUT (FORMAT csv, HEADER)",
    'COPY public.counters (id, n) TO STDOUT (DELIMITER $$|$$)',
  ),
  'COPY out as binary': q('COPY (SELECT 1::int4, $$x$$::text) TO STDOUT (FORMAT binary)'),
  'COPY out in the extended protocol': [extended('COPY (SELECT i FROM generate_series(1, 3) i) TO STDOUT')],
  'COPY in': [
    { send: [m.query('COPY public.imported FROM STDIN')], until: 'G' },
    { send: [m.copyData('1\tone\n2\t'), m.copyData('two\n'), m.copyDone()] },
    ...q('SELECT * FROM public.imported ORDER BY id', 'DELETE FROM public.imported'),
  ],
  'COPY in that fails at the client': [
    { send: [m.query('COPY public.imported FROM STDIN (FORMAT csv)')], until: 'G' },
    { send: [m.copyData('1,one\n'), m.copyFail('changed my mind')] },
    ...q('SELECT count(*) FROM public.imported'),
  ],
  'COPY in that fails at the server': [
    { send: [m.query('COPY public.imported FROM STDIN')], until: 'G' },
    { send: [m.copyData('not a number\tx\n'), m.copyDone()] },
    ...q('SELECT count(*) FROM public.imported'),
  ],
  'COPY in, in the extended protocol': [
    { send: [m.parse('COPY public.imported FROM STDIN'), m.bind(), m.execute(), m.sync()], until: 'G' },
    { send: [m.copyData('5\tfive\n'), m.copyDone(), m.sync()] },
    ...q('DELETE FROM public.imported'),
  ],
  'COPY in as CSV and as binary': [
    { send: [m.query('COPY public.imported FROM STDIN (FORMAT csv, HEADER)')], until: 'G' },
    { send: [m.copyData('id,body\n6,"a ""b""\nc"'), m.copyData('\n7,\n'), m.copyDone()] },
    { send: [m.query('COPY public.imported FROM STDIN (FORMAT binary)')], until: 'G' },
    { send: [m.copyData(Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])), m.copyData('\xff'), m.copyDone()] },
    { send: [m.query('COPY public.imported FROM STDIN (FORMAT binary)')], until: 'G' },
    { send: [m.copyData(BINARY_ROW), m.copyDone()] },
    ...q('SELECT * FROM public.imported ORDER BY id', 'COPY public.imported TO STDOUT (FORMAT binary)', 'DELETE FROM public.imported'),
  ],
  'two COPYs in one query, with statements around them': [
    { send: [m.query('SELECT 1; COPY public.imported FROM STDIN; SELECT 2; COPY public.imported FROM STDIN; SELECT 3')], until: 'G' },
    { send: [m.copyData('1\ta\n'), m.copyDone()], until: 'G' },
    { send: [m.copyFail('no')] },
    ...q('SELECT count(*) FROM public.imported', 'DELETE FROM public.imported'),
  ],
  'data of a COPY that nobody asked for': [
    { send: [m.copyData('1\ta\n'), m.copyDone(), m.copyFail('late'), m.query('SELECT 1')] },
    { send: [m.query('COPY public.nothing FROM STDIN'), m.copyData('1\n'), m.copyDone(), m.query('SELECT 2')], ready: 2 },
  ],
  'LISTEN and NOTIFY in one session': q(
    'LISTEN here',
    "NOTIFY here, 'now'",
    'BEGIN',
    "SELECT pg_notify('here', 'at the end')",
    'SELECT 1',
    'COMMIT',
    'UNLISTEN *',
    'NOTIFY here',
  ),
  'Describe of what returns rows and of what does not': [
    { send: [m.parse('UPDATE public.counters SET n = n WHERE id = $1 RETURNING *', 'u'), m.describeStatement('u'), m.sync()] },
    { send: [m.bind(['1'], { statement: 'u', portal: 'u', resultFormats: [1, 0] }), m.describePortal('u'), m.sync()] },
    { send: [m.describePortal('u'), m.describeStatement('no'), m.describeStatement('u'), m.sync()] },
    { send: [m.parse('', 'e'), m.describeStatement('e'), m.bind([], { statement: 'e' }), m.describePortal(), m.execute(), m.sync()] },
  ],
  'a Query behind messages that wait for their Sync': [
    { send: [m.parse('SELECT 1'), m.bind(), m.execute(), m.query('SELECT 2'), m.sync()], ready: 2 },
    { send: [m.parse('SELECT 1/0'), m.bind(), m.execute(), m.query('SELECT 2'), m.sync()], ready: 1 },
  ],
  'transactions in a pipeline': [
    {
      send: ['BEGIN', 'SELECT 1', 'SAVEPOINT s', 'ROLLBACK TO s', 'COMMIT', 'COMMIT']
        .flatMap((sql) => [m.parse(sql), m.bind(), m.execute()])
        .concat(m.sync()),
    },
    {
      send: ['BEGIN', 'SELECT 1/0', 'COMMIT'].flatMap((sql) => [m.parse(sql), m.bind(), m.execute(), m.sync()]),
      ready: 3,
    },
  ],
  'settings that are reported': q(
    "SET application_name = 'renamed'",
    "SET TimeZone = 'Europe/Paris'",
    'SHOW TimeZone',
    'RESET TimeZone',
    'RESET application_name',
  ),
  'EXPLAIN without a plan’s secrets': q(
    'EXPLAIN (COSTS off) SELECT id FROM public.counters WHERE id = 3',
    'EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) SELECT 1',
  ),
  'UTF-8 everywhere': q('SELECT \'žluťoučký 🐘\' AS "sloupec č"', 'SELECT \'x\' FROM "tabulka č"', "SELEKT 'č' 1"),
  'DISCARD ALL': [
    { send: [m.parse('SELECT 1', 'kept'), m.sync()] },
    ...q('DISCARD ALL'),
    { send: [m.bind([], { statement: 'kept' }), m.execute(), m.sync()] },
  ],
  'VALUES, TABLE, WITH, set operations': q(
    'VALUES (1), (2)',
    'TABLE public.imported',
    'WITH a AS (SELECT 1 x) SELECT * FROM a UNION ALL SELECT 2 ORDER BY 1',
  ),
  'RETURNING from a CTE': q(
    'BEGIN',
    'WITH w AS (UPDATE public.counters SET n = 1 WHERE id = 3 RETURNING id, n) SELECT * FROM w',
    'ROLLBACK',
  ),
}

describe('a client cannot tell the gateway from PostgreSQL', () => {
  let fixture: GatewayFixture
  let through: Wire
  let direct: Wire
  beforeAll(async () => {
    fixture = await startGateway({ policy: ALLOW_ALL })
  })
  afterAll(async () => fixture?.stop())
  beforeEach(async () => {
    // The gateway adds the agent to the name: given directly here, so that RESET comes to the same.
    direct = await fixture.direct({ parameters: { application_name: 'sallyport [Cursor agent]' } })
    through = await fixture.through()
    for (const wire of [direct, through]) await wire.query("SET application_name = 'same'")
  })

  it.each(Object.entries(CONVERSATIONS))('%s', async (_name, steps) => {
    const expected = await play(direct, steps)
    const found = await play(through, steps)
    expect(found).toEqual(expected)
  })

  it('tells a session’s own number in every place alike', async () => {
    const { text } = await through.query('LISTEN mine; NOTIFY mine; SELECT pg_backend_pid()')
    expect(text).toEqual([[String(through.key.pid)]])
    const notified = through.messages.filter(({ tag }) => tag === 'A').map(({ body }) => body.readInt32BE(0))
    expect(notified).toEqual([through.key.pid])
  })

  it('greets with the server’s own settings', async () => {
    const theirs = direct.messages.filter(({ tag }) => tag === 'S').map(describeMessage)
    const ours = through.messages.filter(({ tag }) => tag === 'S').map(describeMessage)
    const withoutName = (all: string[]): string[] => all.filter((line) => !line.includes('application_name')).sort()
    expect(withoutName(ours)).toEqual(withoutName(theirs))
  })
})

async function play(wire: Wire, steps: readonly Step[]): Promise<string[]> {
  const lines: string[] = []
  for (const [index, { send, ready = 1, until }] of steps.entries()) {
    wire.send(...send)
    const messages: Message[] = until === undefined ? [...(await wire.answer(ready)).messages] : await wire.until(until)
    // Whose session notified: each has its own number.
    lines.push(
      `-- step ${index + 1}`,
      ...messages.map(describeMessage).map((line) => line.replace(/^(NotificationResponse ).*?(here)/, '$1$2')),
    )
  }
  return lines
}
