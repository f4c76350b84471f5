import { randomUUID } from 'node:crypto'
import type { Catalog } from '../catalog/catalog.ts'
import { readCatalog } from '../catalog/read.ts'
import { GatewayError } from '../errors.ts'
import { clearCatalogReading, clearOwn } from '../verdict/clearance.ts'
import { HEADER } from '../wire/codes.ts'
import type { Flow } from './flow.ts'
import type { Replies } from './replies.ts'

/**
 * Longer than a catalog takes to read; a lock on a view that somebody is remaking must not hold the client. A client that has made parallel
 * plans cheap would have workers started for each of our small queries.
 */
const LIMITS = [
  "SET LOCAL lock_timeout = '2s'",
  "SET LOCAL statement_timeout = '20s'",
  'SET LOCAL max_parallel_workers_per_gather = 0',
] as const

/**
 * The catalog as the client's own open transaction sees it, asked over the client's session: nobody else can. All of it happens inside a
 * savepoint that is rolled back, so that settings and locks are as before, and a failure of ours is none of the client's. Only between
 * batches: what is asked ends with a Sync.
 */
export class TransactionView {
  private readonly flow: Flow
  private readonly replies: Replies
  /** Nobody can have made anything of this name. */
  private readonly name = `sallyport_${randomUUID().replaceAll('-', '')}`

  constructor(flow: Flow, replies: Replies) {
    this.flow = flow
    this.replies = replies
  }

  /** Undefined when it could not be read: a lock, a cancel, a timeout. Rejects when the session has ended. */
  async read(): Promise<Catalog | undefined> {
    try {
      await this.run(`SAVEPOINT ${this.name}`)
      for (const limit of LIMITS) await this.run(limit)
      const catalog = await readCatalog((sql) => this.run(sql), false)
      await this.leave()
      return catalog
    } catch (error) {
      if (error instanceof GatewayError && error.fields.severity === 'FATAL') throw error
      // The server skips to a Sync; the savepoint is still there.
      await this.sync()
      await this.leave()
      return undefined
    }
  }

  private async leave(): Promise<void> {
    await this.run(`ROLLBACK TO SAVEPOINT ${this.name}`)
    await this.run(`RELEASE SAVEPOINT ${this.name}`)
    await this.sync()
  }

  private async sync(): Promise<void> {
    this.flow.expect(clearOwn({ kind: 'sync' }), { kind: 'sync', show: 'none' })
    this.flow.endBatch()
    await this.answered()
  }

  private async run(sql: string): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = []
    let failure: string | undefined
    const own = {
      row: (buf: Buffer, from: number, to: number) => {
        rows.push(readCells(buf, from, to))
      },
      failed: (sqlstate: string) => {
        failure = sqlstate
      },
    }
    this.flow.expect(clearCatalogReading(this.name, sql), { kind: 'close', show: 'none', own })
    for (const kind of ['close', 'parse', 'bind', 'execute', 'close', 'close'] as const) this.flow.owe({ kind, show: 'none', own })
    await this.answered()
    if (failure !== undefined) throw new Error(`the server answered ${failure}`)
    return rows
  }

  private answered(): Promise<void> {
    return this.flow.until(() => this.replies.owed.length === 0)
  }
}

/** DataRow (protocol, "Message Formats"), every value as text. */
function readCells(buf: Buffer, from: number, to: number): (string | null)[] {
  const cells: (string | null)[] = []
  for (let at = from + HEADER + 2; at < to; ) {
    const length = buf.readInt32BE(at)
    at += 4
    cells.push(length < 0 ? null : buf.toString('utf8', at, at + length))
    if (length > 0) at += length
  }
  return cells
}
