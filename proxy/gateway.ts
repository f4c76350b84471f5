import { randomBytes, timingSafeEqual } from 'node:crypto'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { Catalog } from './catalog/catalog.ts'
import { GatewayError } from './errors.ts'
import type { Accepted } from './login/accept.ts'
import { cancelUpstream } from './login/cancel.ts'
import { Entrance, insidePeer, type Peer, peerOf } from './login/entrance.ts'
import { insidePair } from './login/inside-pair.ts'
import { gone } from './login/packet-reader.ts'
import { Seats } from './login/seats.ts'
import { demandSearchPath } from './login/startup.ts'
import { openUpstream, type UpstreamSocket } from './login/upstream.ts'
import { upstreamSettings } from './login/upstream-settings.ts'
import { misfitForms } from './mask/forms-for-type.ts'
import { createTokenBooks } from './mask/token-book.ts'
import type { Companion, Identity, LiveSession, Ports, Upstream } from './ports.ts'
import { type BudgetLeft, Budgets } from './session/budget.ts'
import { type CatalogKeeper, Catalogs } from './session/catalogs.ts'
import { Judge } from './session/judge.ts'
import { SessionPast } from './session/session-past.ts'
import { Turn } from './session/turn.ts'
import { watchedRecord } from './session/watched-record.ts'
import { Session } from './session.ts'
import { type Analyst, createAnalyst } from './statement/analyst.ts'
import { unmatchedColumns } from './verdict/unmatched.ts'
import { STATUS } from './wire/codes.ts'
import { authenticationFrame, backendKeyFrame, parameterStatusFrame, readyFrame } from './wire/server-messages.ts'

export interface GatewayOptions {
  readonly listen: { readonly host: string; readonly port: number }
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly ports: Ports
  /** Bytes of SQL in one message; 1 MiB unless told. */
  readonly maxSql?: number
  /** A client that has not logged in by then is closed; 10 s unless told. */
  readonly loginTimeoutMs?: number
  /** Sessions at once; 1,000 unless told. */
  readonly maxConnections?: number
  /** Connections that have not logged in, at once; 1,000 unless told. */
  readonly maxLogins?: number
  /** The same from one address; 200 unless told. */
  readonly maxLoginsPerAddress?: number
}

export interface Gateway {
  /** Where it listens; the port is the real one when 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number }
  readonly analyst: Analyst
  live(): readonly LiveSession[]
  /** New connections get this certificate (PEM). Throws when the key is not its own; then the one before stays. */
  setTls(pair: { readonly cert: string; readonly key: string }): void
  /**
   * A connection from inside this process: the bytes of a client, from its start-up packet on, with a token as the password. Login,
   * verdict, mask and record are those of any other.
   */
  attach(companion: Companion): Duplex
  /** What is left of this person's budget on a connection; empty where it has none. */
  budgetLeft(upstream: Upstream, who: Pick<Identity, 'issuer' | 'subject'>): readonly BudgetLeft[]
  /** The catalog of a connection, read now if it has not been. Throws `upstream-unavailable`, `upstream-refused`. */
  catalog(upstream: Upstream): Promise<Catalog>
  /**
   * Labelled columns that a database does not have, for each connection whose catalog has been read; and sentences on labels whose form their
   * columns cannot hold.
   */
  unmatchedColumns(): readonly { readonly connection: string; readonly columns: readonly string[]; readonly misfits?: readonly string[] }[]
  /** Stops accepting, lets statements in flight finish for `drainMs`, then ends every session with 57P01. */
  close(drainMs: number): Promise<void>
}

/** Opens the door. Resolves when it listens; rejects with the system's error when it cannot (EADDRINUSE). */
export async function listen(options: GatewayOptions): Promise<Gateway> {
  const analyst = await createAnalyst()
  const door = new Door(options, analyst)
  await door.open()
  return door
}

interface Live {
  readonly session: Session
  readonly processId: number
  readonly secret: Buffer
}

class Door implements Gateway {
  readonly analyst: Analyst
  private readonly o: GatewayOptions
  private readonly server: net.Server
  private readonly catalogs: Catalogs
  private readonly turn: Turn
  private readonly books = createTokenBooks()
  private readonly sessions = new Set<Live>()
  private readonly sockets = new Set<Duplex>()
  private readonly seats = new Seats()
  private readonly budgets: Budgets
  private readonly entrance: Entrance
  private secure: tls.SecureContext | undefined
  /** Logins whose token was taken, on their way to a session. */
  private entering = 0

  constructor(options: GatewayOptions, analyst: Analyst) {
    this.o = options
    this.analyst = analyst
    this.catalogs = new Catalogs(options.ports.log, (connection, before, now) => options.ports.labels.catalogRead(connection, before, now))
    this.turn = new Turn(options.ports.recorder)
    this.budgets = new Budgets(options.ports.clock)
    if (options.tls !== undefined) this.setTls(options.tls)
    this.entrance = new Entrance({
      tls: () => this.secure,
      identities: options.ports.identities,
      log: options.ports.log,
      lobby: { total: options.maxLogins ?? 1000, perAddress: options.maxLoginsPerAddress ?? 200 },
      timeoutMs: options.loginTimeoutMs ?? 10_000,
      hasRoom: () => this.sessions.size + this.entering < (options.maxConnections ?? 1000),
      cancel: (processId, secret) => this.cancel(processId, secret),
      begin: (accepted, peer, abandoned) => this.begin(accepted, peer, abandoned),
    })
    this.server = net.createServer({ noDelay: true, keepAlive: true }, (socket) => this.take(socket, peerOf(socket)))
  }

  setTls({ cert, key }: { readonly cert: string; readonly key: string }): void {
    this.secure = tls.createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
  }

  open(): Promise<void> {
    const { host, port } = this.o.listen
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      // The system's own ceiling is usually 4,096; a short queue would make honest clients wait behind a flood.
      this.server.listen({ port, host, backlog: 4096 }, () => {
        this.server.off('error', reject)
        this.server.on('error', (error) => this.o.ports.log.error('gateway.listen', { message: error.message }))
        resolve()
      })
    })
  }

  get address() {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('the gateway is not listening')
    return { host: address.address, port: address.port }
  }

  private take(socket: Duplex, peer: Peer): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    this.entrance.take(socket, peer)
  }

  attach(companion: Companion): Duplex {
    const { client, gateway } = insidePair()
    if (this.server.listening) this.take(gateway, insidePeer(companion))
    else gateway.destroy()
    return client
  }

  budgetLeft(upstream: Upstream, who: Pick<Identity, 'issuer' | 'subject'>) {
    return this.budgets.of(upstream, who)?.left() ?? []
  }

  live(): readonly LiveSession[] {
    return Array.from(this.sessions, ({ session }) => session)
  }

  async catalog(upstream: Upstream): Promise<Catalog> {
    return (await this.catalogs.of(upstream)).current()
  }

  unmatchedColumns() {
    return this.catalogs.read().map(({ connection, catalog }) => {
      const policy = this.o.ports.policies.current(connection)
      return { connection, columns: unmatchedColumns(policy, catalog), misfits: misfitForms(policy, catalog).map(({ why }) => why) }
    })
  }

  async close(drainMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    const reason = 'the gateway is shutting down'
    for (const { session } of this.sessions) session.drain(reason)
    const deadline = Date.now() + drainMs
    while (this.sessions.size > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
    for (const { session } of this.sessions) session.end(reason)
    const linger = setTimeout(() => {
      for (const socket of this.sockets) socket.destroy()
    }, 200)
    await closed
    clearTimeout(linger)
    this.catalogs.close()
    await this.analyst.close()
  }

  // ---------------------------------------------------------------- one connection

  /** `abandoned`: the client has left or was turned away meanwhile. */
  private async begin(accepted: Accepted, peer: Peer, abandoned: AbortSignal): Promise<void> {
    const { ports } = this.o
    const { who, settings } = accepted
    const upstream = ports.upstreams.open(settings.database, who)
    if (upstream === undefined) {
      throw new GatewayError({
        code: 'connection-unknown',
        sqlstate: '3D000',
        message: `connection "${settings.database}" does not exist or is not for you`,
        hint: 'Use one of the connections that you were given as the database name.',
        severity: 'FATAL',
      })
    }
    const seat = this.seats.take(upstream, who)
    this.entering++
    let socket: UpstreamSocket | undefined
    try {
      const keeper = await this.catalogs.of(upstream)
      demandSearchPath(settings, keeper.current().schemas)
      const asked = upstreamSettings(settings, who, upstream, ports.policies.current(upstream.connection))
      socket = await openUpstream(upstream, { settings: asked, timeoutMs: 10_000, abandoned })
      if (abandoned.aborted || accepted.socket.destroyed) throw gone()
      this.run(accepted, peer, upstream, keeper, socket, seat, asked.get('default_transaction_read_only') === 'on')
    } catch (error) {
      socket?.socket.destroy()
      seat()
      throw error
    } finally {
      this.entering--
    }
  }

  private run(
    accepted: Accepted,
    { address, companion }: Peer,
    upstream: Upstream,
    keeper: CatalogKeeper,
    socket: UpstreamSocket,
    seat: () => void,
    readOnly: boolean,
  ): void {
    const { ports } = this.o
    const { who, settings } = accepted
    const plain = ports.recorder.opened({
      connection: upstream.connection,
      who,
      clientAddress: address,
      applicationName: settings.applicationName,
      tls: accepted.tls,
      at: ports.clock.now(),
    })
    const reads = companion?.reads ?? []
    const judge = new Judge({
      analyst: this.analyst,
      catalog: () => keeper.current(),
      policies: ports.policies,
      connection: upstream.connection,
      who,
      clock: ports.clock,
      reads,
    })
    const past = new SessionPast(judge, ports.clock, reads)
    const record = past.watch(companion === undefined ? plain : watchedRecord(plain, companion))
    const spending = this.budgets.of(upstream, who)
    spending?.enter()
    // The server's own, as `pg_backend_pid()` and notifications tell it: only the secret is ours, and only it opens anything.
    const { processId } = socket
    const secret = randomBytes(accepted.minor >= 2 ? 32 : 4)
    const session = new Session({
      client: accepted.socket,
      upstream: socket,
      who,
      connection: upstream.connection,
      applicationName: settings.applicationName,
      limits: upstream.limits,
      spending,
      reason: companion === undefined ? undefined : () => companion.reason(),
      record,
      ports,
      past,
      judge,
      book: this.books.of(who, upstream.connection, ports.policies.current(upstream.connection).tokenKey),
      turn: this.turn,
      refreshCatalog: () => keeper.refresh(),
      maxSql: this.o.maxSql ?? 1024 * 1024,
      readOnly,
      cancelUpstream: () => cancelUpstream(upstream, socket),
      onClosed: () => {
        this.sessions.delete(live)
        spending?.leave()
        seat()
      },
    })
    const live: Live = { session, processId, secret }
    this.sessions.add(live)
    const hello = [authenticationFrame(0)]
    for (const [name, value] of socket.parameters) hello.push(parameterStatusFrame(name, value))
    hello.push(backendKeyFrame(processId, secret), readyFrame(STATUS.idle))
    accepted.socket.write(Buffer.concat(hello))
    session.start(accepted.early)
  }

  // ---------------------------------------------------------------- cancel and limits

  /** CancelRequest: nobody is told whether the key was right (protocol, "Canceling Requests in Progress"). */
  private async cancel(processId: number, secret: Buffer): Promise<void> {
    for (const live of this.sessions) {
      // Servers on different machines give the same number.
      if (live.processId !== processId || live.secret.length !== secret.length || !timingSafeEqual(live.secret, secret)) continue
      await live.session.cancel()
      return
    }
  }
}
