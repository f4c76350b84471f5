/** What node-postgres sees, with its cursors and streams where they are, as a transcript. The schema `peer` is empty. */
import { createRequire } from 'node:module'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'

const load = createRequire(process.env['PEER_MODULES'] ?? import.meta.url)
const driver: typeof pg = load('pg')
const say = (...what: unknown[]): void => {
  process.stdout.write(`${what.map((one) => JSON.stringify(one)).join(' ')}\n`)
}

interface Failure {
  readonly code?: string
}

async function attempt(label: string, work: () => Promise<unknown>): Promise<void> {
  try {
    say(label, await work())
  } catch (error) {
    // Where in the server's source it came from: our own reading of the statement has none, which the length shows.
    const { file: _file, line: _line, routine: _routine, length: _length, ...rest } = error as Record<string, unknown>
    say(label, (error as Error).message, rest, (error as Failure).code)
  }
}

interface Result {
  readonly command: string
  readonly rowCount: number | null
  readonly fields: unknown
  readonly rows: unknown
}
const shown = (result: Result | readonly Result[]): unknown =>
  ('command' in result ? [result] : result).map(({ command, rowCount, fields, rows }) => ({ command, rowCount, fields, rows }))

async function play(client: pg.Client): Promise<void> {
  client.on('notice', ({ severity, code, message, hint }) => say('notice', severity, code, message, hint))
  client.on('notification', ({ channel, payload }) => say('heard', channel, payload))
  const run = async (text: string, values?: unknown[]): Promise<unknown> => shown(await client.query(text, values))
  await run('SET search_path = peer, public')
  await run(
    'CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), at timestamptz, tags text[], doc jsonb, raw bytea)',
  )
  for (let i = 1; i < 6; i++)
    say(
      await run('INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, name, price, at, tags, doc, raw', [
        i,
        "Žofie ' 🐘",
        '12.30',
        new Date(1767323045678),
        ['a', null, 'b"c'],
        { k: [1, null] },
        Buffer.from([0, 255]),
      ]).then((result) => JSON.stringify(result).replace(/"tableID":\d+/g, '')),
    )
  for (let i = 0; i < 4; i++) say((await client.query({ name: 'get', text: 'SELECT name FROM t WHERE id = $1', values: [i] })).rows)
  say((await client.query({ text: 'SELECT $1::int4, $2::int8', values: [7, 8], binary: true } as pg.QueryConfig)).rows)
  say(await run("SELECT 1; SELECT 2 AS two; SELECT 'x'"))
  for (const text of [
    "INSERT INTO t (id, name) VALUES (1, 'x')",
    'INSERT INTO t (id, name) VALUES (100, NULL)',
    'SELEKT 1',
    'SELECT nothing FROM t',
    'SELECT 1/0',
    'SELECT 1; SELECT 1/0; SELECT 2',
    '',
  ]) {
    await attempt(text, () => run(text))
    await attempt(text, () => run(text, []))
    await attempt(text, async () => shown(await client.query({ name: `n${text}`, text, values: [] })))
  }
  await run('BEGIN')
  await attempt('in a transaction', () => run('SELECT 1/0'))
  await attempt('after it', () => run('SELECT 1', []))
  say(await run('COMMIT'))
  await run("DO $$ BEGIN RAISE NOTICE 'hello'; RAISE WARNING 'careful' USING HINT = 'h'; END $$")
  await run('LISTEN peer_news')
  await run("NOTIFY peer_news, 'first'")
  say(await Promise.all(Array.from({ length: 30 }, (_, i) => client.query('SELECT $1::int AS n', [i]).then(({ rows }) => rows[0]))))
  await attempt('timeout', () => run('SET statement_timeout = 100; SELECT pg_sleep(5)'))
  await run('SET statement_timeout = 0')
}

interface CursorLike {
  read(count: number): Promise<unknown[]>
  close(): Promise<void>
}
type Submits = (submittable: unknown) => unknown

async function extras(client: pg.Client): Promise<void> {
  const submit = client.query.bind(client) as unknown as Submits
  const Cursor = load('pg-cursor') as new (text: string, values?: unknown[], config?: object) => CursorLike
  const QueryStream = load('pg-query-stream') as new (text: string, values?: unknown[], config?: object) => Readable
  const copy = load('pg-copy-streams') as { from(text: string): NodeJS.WritableStream; to(text: string): Readable }
  for (let round = 0; round < 2; round++) {
    const cursor = submit(new Cursor('SELECT i FROM generate_series(1, $1::int) i', [12])) as CursorLike
    for (let i = 0; i < 4; i++) say(await cursor.read(5))
    await cursor.close()
    const left = submit(new Cursor('SELECT i FROM generate_series(1, $1::int) i', [12], { rowMode: 'array' })) as CursorLike
    say(await left.read(2))
    await left.close()
    const bad = submit(new Cursor('SELECT 1/(3 - i) FROM generate_series(1, 5) i')) as CursorLike
    await attempt('cursor', () => bad.read(10))
    say((await client.query('SELECT 1 AS fine')).rows)
  }
  let sum = 0
  for await (const row of submit(new QueryStream('SELECT i FROM generate_series(1, 2500) i', [], { batchSize: 100 })) as Readable)
    sum += row.i
  say(sum)
  for await (const row of submit(new QueryStream('SELECT i FROM generate_series(1, 2500) i', [], { batchSize: 10 })) as Readable) {
    say(row)
    break
  }
  say((await client.query('SELECT 1 AS fine')).rows)
  await client.query('CREATE TABLE c (id int, name text)')
  const lines = function* () {
    for (let i = 0; i < 3000; i++) yield `${i}\trow ${i}\n`
  }
  const into = submit(copy.from('COPY c FROM STDIN')) as NodeJS.WritableStream & { rowCount: number }
  await pipeline(Readable.from(lines()), into)
  say(into.rowCount)
  for (const options of ['', '(FORMAT csv, HEADER)', '(FORMAT binary)']) {
    const chunks: Buffer[] = []
    for await (const chunk of submit(copy.to(`COPY (SELECT * FROM c ORDER BY id LIMIT 200) TO STDOUT ${options}`)) as Readable)
      chunks.push(chunk)
    say(Buffer.concat(chunks).toString('latin1'))
  }
  await attempt('bad copy', () => pipeline(Readable.from(['x\ty\n']), submit(copy.from('COPY c FROM STDIN')) as NodeJS.WritableStream))
  const breaks = new Transform({ transform: (_chunk, _encoding, done) => done(new Error('the source broke')) })
  await attempt('broken copy', () =>
    pipeline(Readable.from(['1\ty\n']), breaks, submit(copy.from('COPY c FROM STDIN')) as NodeJS.WritableStream),
  )
  say((await client.query('SELECT count(*)::int FROM c')).rows)
}

async function pools(): Promise<void> {
  const pool = new driver.Pool({ max: 2 })
  await attempt('pool', () => pool.query('SELECT 1/0'))
  await attempt('pool', () => pool.query('SELECT $1::int / 0', [1]))
  say(await Promise.all(Array.from({ length: 40 }, (_, i) => pool.query('SELECT $1::int AS n', [i]).then(({ rows }) => rows[0].n))))
  say(pool.totalCount, pool.idleCount, pool.waitingCount)
  await pool.end()
}

const client = new driver.Client()
await client.connect()
await play(client)
if (process.env['PEER_MODULES'] !== undefined) await extras(client)
await client.end()
await pools()
