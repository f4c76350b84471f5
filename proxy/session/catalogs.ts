import type { Catalog } from '../catalog/catalog.ts'
import { catalogFingerprint, readCatalog } from '../catalog/read.ts'
import { GatewayError } from '../errors.ts'
import { type OwnConnection, openOwnConnection } from '../login/query.ts'
import type { Log, Upstream } from '../ports.ts'

const CHECK_EVERY_MS = 15_000
const LOCK_WAIT_MS = 5000

/** Told of each catalog in the moment that it takes the place of the one before. */
export type OnRead = (connection: string, before: Catalog | undefined, now: Catalog) => void

/** The catalog of each connection, read over a connection of our own and kept fresh while it is in use. */
export class Catalogs {
  private readonly log: Log
  private readonly onRead: OnRead
  private readonly kept = new Map<string, CatalogKeeper>()

  constructor(log: Log, onRead: OnRead) {
    this.log = log
    this.onRead = onRead
  }

  /** Reads it the first time, and again when host or database have changed. Throws `upstream-unavailable`, `upstream-refused`. */
  async of(upstream: Upstream): Promise<CatalogKeeper> {
    let keeper = this.kept.get(upstream.connection)
    if (keeper?.follow(upstream) !== true) {
      keeper?.close()
      keeper = new CatalogKeeper(upstream, this.log, this.onRead)
      this.kept.set(upstream.connection, keeper)
    }
    if (!keeper.ready) await keeper.refresh()
    return keeper
  }

  /** Those that have been read. */
  read(): readonly { readonly connection: string; readonly catalog: Catalog }[] {
    return [...this.kept].filter(([, keeper]) => keeper.ready).map(([connection, keeper]) => ({ connection, catalog: keeper.current() }))
  }

  close(): void {
    for (const keeper of this.kept.values()) keeper.close()
    this.kept.clear()
  }
}

export class CatalogKeeper {
  private upstream: Upstream
  private readonly log: Log
  private readonly onRead: OnRead
  private catalog: Catalog | undefined
  private fingerprint = ''
  private connection: OwnConnection | undefined
  /** One read at a time on our one connection. */
  private queue: Promise<unknown> = Promise.resolve()
  private readonly timer: NodeJS.Timeout

  constructor(upstream: Upstream, log: Log, onRead: OnRead) {
    this.upstream = upstream
    this.log = log
    this.onRead = onRead
    this.timer = setInterval(() => void this.check(), CHECK_EVERY_MS)
    this.timer.unref()
  }

  get ready(): boolean {
    return this.catalog !== undefined
  }

  /** False: it leads to another database. A new credential (they may be leased, and change by the hour) is taken for the next login of our own. */
  follow(upstream: Upstream): boolean {
    const { host, port, database, tls } = this.upstream
    if (host !== upstream.host || port !== upstream.port || database !== upstream.database || tls !== upstream.tls) return false
    this.upstream = upstream
    return true
  }

  /** Throws `catalog-unavailable`: nothing is judged by guess. */
  current(): Catalog {
    if (this.catalog !== undefined) return this.catalog
    throw new GatewayError({
      code: 'catalog-unavailable',
      sqlstate: '57P03',
      message: `connection "${this.upstream.connection}": the database's catalog has not been read yet`,
      hint: 'Try again in a moment.',
    })
  }

  /** Reads it anew. Throws `upstream-unavailable`. */
  refresh(): Promise<void> {
    return this.enqueue(async (connection) => {
      const query = (sql: string) => connection.query(sql)
      const fingerprint = await catalogFingerprint(query)
      if (this.catalog !== undefined && fingerprint === this.fingerprint) return
      const read = await readCatalog(query)
      this.onRead(this.upstream.connection, this.catalog, read)
      this.catalog = read
      this.fingerprint = fingerprint
    })
  }

  close(): void {
    clearInterval(this.timer)
    this.connection?.close()
  }

  private async check(): Promise<void> {
    if (this.catalog === undefined) return
    try {
      await this.refresh()
    } catch (error) {
      // Its sessions have lost the same server; the next statement or login says so.
      this.log.warn('catalog.check-failed', {
        connection: this.upstream.connection,
        message: error instanceof Error ? error.message : String(error),
      })
    }
  }

  private enqueue(work: (connection: OwnConnection) => Promise<void>): Promise<void> {
    const run = this.queue.then(async () => {
      if (this.connection === undefined || this.connection.closed) {
        this.connection = await openOwnConnection(this.upstream)
        // Somebody's lock on a view must not keep everybody waiting.
        await this.connection.query(`SET lock_timeout = '${LOCK_WAIT_MS}ms'`)
      }
      const { connection } = this
      await work(connection).catch((error: unknown) => {
        throw connection.closed ? error : unreadable(this.upstream.connection, error)
      })
    })
    this.queue = run.catch(() => undefined)
    return run
  }
}

/** The server is there, and somebody's lock or a limit of the database keeps us from reading: the statement fails, not its session. */
function unreadable(connection: string, cause: unknown): GatewayError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new GatewayError(
    {
      code: 'catalog-unavailable',
      sqlstate: '57P03',
      message: `connection "${connection}": the database's catalog cannot be read now`,
      detail: why,
      hint: 'Try again in a moment.',
    },
    { cause },
  )
}
