/** What postgres.js sees, as a transcript. Connects as PGHOST… say; the schema `peer` is empty. */
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

interface Rows extends Array<Record<string, unknown>> {
  readonly command: string
  readonly count: number
  readonly columns: readonly { readonly name: string; readonly type: number }[]
}
interface Pending extends Promise<Rows> {
  cursor(size: number): AsyncIterable<Rows>
  cursor(size: number, each: (rows: Rows) => unknown): Promise<unknown>
  readable(): Promise<Readable>
  writable(): Promise<NodeJS.WritableStream>
  describe(): Promise<{ types: unknown; columns: readonly { name: string; type: number }[] }>
  simple(): Pending
  values(): Pending
  raw(): Pending
  cancel(): void
}
interface Sql {
  (strings: TemplateStringsArray, ...values: unknown[]): Pending
  (value: unknown, ...columns: string[]): unknown
  unsafe(text: string, values?: unknown[], options?: object): Pending
  begin<T>(work: (sql: Sql & { savepoint<S>(work: (sql: Sql) => Promise<S>): Promise<S> }) => Promise<T>): Promise<T>
  listen(channel: string, heard: (payload: string) => void): Promise<unknown>
  notify(channel: string, payload: string): Promise<unknown>
  json(value: unknown): unknown
  array(value: unknown[]): unknown
  end(): Promise<void>
}

const postgres = createRequire(process.env['PEER_MODULES'] ?? import.meta.url)('postgres') as (options: object) => Sql
const say = (...what: unknown[]): void => {
  process.stdout.write(`${what.map((one) => JSON.stringify(one)).join(' ')}\n`)
}
const shown = (rows: Rows): unknown => [rows.command, rows.count, rows.columns?.map(({ name, type }) => [name, type]), [...rows]]

async function attempt(label: string, work: () => Promise<unknown>): Promise<void> {
  try {
    say(label, await work())
  } catch (error) {
    const { file: _file, line: _line, routine: _routine, query: _query, ...rest } = error as Record<string, unknown>
    say(label, (error as Error).message, rest)
  }
}

async function play(more: object): Promise<void> {
  say('with', more)
  const sql = postgres({
    max: 1,
    user: process.env['PGUSER'],
    connection: { search_path: undefined },
    onnotice: (notice: Record<string, string>) => say('notice', notice['severity'], notice['code'], notice['message']),
    ...more,
  })
  await sql`SET search_path = peer, public`
  await sql`DROP TABLE IF EXISTS t`
  await sql`CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, price numeric(10,2), at timestamptz, tags text[], doc jsonb, raw bytea)`
  for (let i = 1; i < 4; i++)
    say(
      shown(
        await sql`INSERT INTO t VALUES (${i}, ${"Žofie ' 🐘"}, ${12.3}, ${new Date(1767323045678)}, ${sql.array(['a', 'b"c'])}, ${sql.json({ k: [1, null] })}, ${Buffer.from([0, 255])}) RETURNING *`,
      ),
    )
  say(
    shown(
      await sql`INSERT INTO t ${sql(
        [
          { id: 10, name: 'x' },
          { id: 11, name: 'y' },
        ],
        'id',
        'name',
      )} RETURNING id`,
    ),
  )
  for (let i = 0; i < 3; i++) say(shown(await sql`SELECT * FROM t WHERE id = ${i}`), await sql`SELECT ${i}::int AS n`.values())
  for (const text of ["INSERT INTO t (id, name) VALUES (1, 'x')", 'SELEKT 1', 'SELECT nothing FROM t', 'SELECT 1/0']) {
    await attempt(text, async () => shown(await sql.unsafe(text)))
    await attempt(text, async () => shown(await sql.unsafe(text, [], { prepare: true })))
    await attempt(text, async () => shown(await sql.unsafe(text).simple()))
  }
  const described = await sql`SELECT id, name FROM t WHERE id = ${1} AND name = ${'x'}`.describe()
  say(
    described.types,
    described.columns.map(({ name, type }) => [name, type]),
  )
  say(await sql`SELECT 1; SELECT 2 AS two`.simple())
  await attempt('transaction', () =>
    sql.begin(async (tx) => {
      await tx`DELETE FROM t`
      await attempt('savepoint', () => tx.savepoint((inner) => inner`SELECT 1/0`))
      say(await tx`SELECT count(*)::int FROM t`)
      return tx`SELECT 1/0`
    }),
  )
  say(
    await sql.begin((tx) =>
      Promise.all([tx`SELECT 1 AS a`, tx`SELECT 2 AS b`, tx`UPDATE t SET price = 1`]).then((all) => all.map((one) => one.count)),
    ),
  )
  say(
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) =>
        i === 20 ? sql`SELECT 1/${0}::int`.catch((error: Error) => error.message) : sql`SELECT ${i}::int AS n`,
      ),
    ),
  )
  for await (const rows of sql`SELECT i FROM generate_series(1, 11) i`.cursor(4)) say([...rows])
  await sql`SELECT i FROM generate_series(1, 11) i`.cursor(4, (rows) => {
    say([...rows])
    return (sql as unknown as { CLOSE: unknown }).CLOSE
  })
  await pipeline(Readable.from(['100\tone\n', '101\ttwo\n']), await sql`COPY t (id, name) FROM STDIN`.writable())
  const chunks: Buffer[] = []
  for await (const chunk of await sql`COPY (SELECT id, name FROM t ORDER BY id) TO STDOUT`.readable()) chunks.push(chunk)
  say(Buffer.concat(chunks).toString())
  const slow = sql`SELECT pg_sleep(20)`
  const stopped = attempt('cancelled', () => slow)
  setTimeout(() => slow.cancel(), 400)
  await stopped
  const heard = new Promise(
    (resolve) => void sql.listen('peer_news', (payload) => resolve(payload)).then(() => sql.notify('peer_news', 'first')),
  )
  say(await heard)
  await sql.end()
}

await play({})
await play({ prepare: false })
await play({ fetch_types: false, max_pipeline: 1 })
