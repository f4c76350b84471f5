/** A wide table read whole: what masking costs a row. */
import * as encode from '../helpers/encode.ts'
import type { Postgres } from '../helpers/postgres.ts'
import { Wire } from '../helpers/wire-client.ts'
import { cpuMicroseconds } from './cpu.ts'
import type { Target } from './targets.ts'

/** Ten columns, some 235 bytes a row; `ssn` and `card` are the two that are masked. */
export async function fillWide(postgres: Postgres, database: string, rows: number): Promise<void> {
  await postgres.query(
    `CREATE TABLE wide AS SELECT i AS id, 'Customer number ' || i AS name, 'customer' || i || '@example.com' AS email,
       lpad((i % 900 + 100)::text, 3, '0') || '-' || lpad((i % 99 + 1)::text, 2, '0') || '-' || lpad((i % 9999 + 1)::text, 4, '0') AS ssn,
       '41111111' || lpad((i % 100000000)::text, 8, '0') AS card, 'Street of the long name ' || i AS street, 'Some city' AS city,
       now()::timestamp(0) AS created_at, repeat('lorem ipsum ', 4) AS note, (i * 1.25)::numeric(12,2) AS balance
     FROM generate_series(1, ${rows}) i; ANALYZE wide`,
    database,
  )
}

export interface WideRun {
  readonly rowsPerSecond: number
  readonly cpuPerRow: number | undefined
}

/** One `SELECT * FROM wide`, its bytes counted and thrown away. */
export async function readWide(target: Target, database: string, times: number): Promise<WideRun> {
  const client = await Wire.login({ port: target.port }, { user: target.user, password: target.password, database })
  const count = await client.query('SELECT count(*) FROM wide')
  const rows = Number(count.text[0]?.[0])
  if (!(rows > 0)) throw new Error(`the table could not be read through ${target.name}: ${count.errors[0]?.['M']}`)
  const first = await client.query('SELECT * FROM wide LIMIT 1')
  if (first.errors[0]) throw new Error(`${target.name}: ${first.errors[0]['M']}`)
  const before = cpuMicroseconds(target.pid)
  const started = process.hrtime.bigint()
  for (let i = 0; i < times; i++) await drain(client, rows)
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  const after = cpuMicroseconds(target.pid)
  await client.end()
  return {
    rowsPerSecond: (rows * times) / seconds,
    cpuPerRow: before === undefined || after === undefined ? undefined : (after - before) / (rows * times),
  }
}

/** The last message is ReadyForQuery, and no text in the table holds a zero byte: the stream's end tells. */
async function drain(client: Wire, rows: number): Promise<void> {
  const tail = await client.discardUntil(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]), () => client.send(encode.query('SELECT * FROM wide')))
  if (!tail.includes(`SELECT ${rows}\0`))
    throw new Error(`the answer was cut short: ${JSON.stringify(tail.toString('latin1').slice(-200))}`)
}
