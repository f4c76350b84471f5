import pg from 'pg'
import { encodeRow } from './copy-text.ts'
import { generateShop } from './generate.ts'
import { PAGE_VIEW_DAYS } from './generate-orders.ts'
import { AFTER_SQL, partitionsSql, TABLES_SQL } from './schema.ts'
import type { ShopOptions, TableRows } from './shop-options.ts'

const CHUNK = 256 * 1024

/**
 * Makes tables and rows in an empty database, as `owner`, in one transaction: a load that was cut short leaves nothing behind.
 * @param client connected as a superuser to the shop's database
 * @returns rows in all
 */
export async function loadShop(client: pg.Client, owner: string, options: ShopOptions, progress: (rows: number) => void): Promise<number> {
  const today = options.today
  let total = 0
  await client.query('BEGIN')
  await client.query(`GRANT ALL ON SCHEMA public TO ${pg.escapeIdentifier(owner)}`)
  await client.query(`SET LOCAL ROLE ${pg.escapeIdentifier(owner)}`)
  await client.query(TABLES_SQL)
  await client.query(partitionsSql(new Date(today.getTime() - (PAGE_VIEW_DAYS + 1) * 86_400_000), today))
  for (const table of generateShop(options)) {
    total += await copyTable(client, table)
    progress(total)
  }
  await client.query("SET LOCAL maintenance_work_mem = '128MB'")
  await client.query(AFTER_SQL)
  await client.query('COMMIT')
  await client.query('ANALYZE')
  return total
}

function copyTable(client: pg.Client, table: TableRows): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(table, (error, rows) => (error === null ? resolve(rows) : reject(error))))
  })
}

/** The part of `pg`'s connection that COPY needs. */
interface CopyConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** A query that `pg` submits and that answers CopyInResponse with rows (protocol section 55.2.6). */
class CopyIn implements pg.Submittable {
  readonly #table: TableRows
  readonly #done: (error: Error | null, rows: number) => void
  #rows = 0
  #failed: Error | null = null

  constructor(table: TableRows, done: (error: Error | null, rows: number) => void) {
    this.#table = table
    this.#done = done
  }

  submit(connection: pg.Connection): void {
    const { table, columns } = this.#table
    asCopy(connection).query(`COPY ${table} (${columns.join(', ')}) FROM STDIN`)
  }

  handleCopyInResponse(connection: pg.Connection): void {
    const copy = asCopy(connection)
    let text = ''
    for (const row of this.#table.rows()) {
      text += encodeRow(row)
      this.#rows++
      if (text.length < CHUNK) continue
      copy.sendCopyFromChunk(Buffer.from(text))
      text = ''
    }
    if (text !== '') copy.sendCopyFromChunk(Buffer.from(text))
    copy.endCopyFrom()
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#failed = error
    this.#done(error, this.#rows)
  }

  handleReadyForQuery(): void {
    if (this.#failed === null) this.#done(null, this.#rows)
  }
}

const asCopy = (connection: pg.Connection): CopyConnection => connection as unknown as CopyConnection
