import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { GatewayError } from './errors.ts'
import type { UpstreamSocket } from './login/upstream.ts'
import type { TokenBook } from './mask/token-book.ts'
import type { ConnectionLimits, Identity, LiveSession, Ports, SessionRecord } from './ports.ts'
import type { Spending } from './session/budget.ts'
import { ClientOut } from './session/client-out.ts'
import { CopyIn } from './session/copy-in.ts'
import { onBind, onClose, onDescribe, onExecute, onParse, onSync, type Parts } from './session/extended-query.ts'
import { Flow } from './session/flow.ts'
import { Hold } from './session/hold.ts'
import type { Judge } from './session/judge.ts'
import { Replies } from './session/replies.ts'
import { Results } from './session/results.ts'
import { SchemaChanges } from './session/schema-changes.ts'
import { ServerInbox } from './session/server-inbox.ts'
import { SessionNames } from './session/session-names.ts'
import type { SessionPast } from './session/session-past.ts'
import { onQuery } from './session/simple-query.ts'
import { TimeLimit } from './session/time-limit.ts'
import type { Turn } from './session/turn.ts'
import { UpstreamLink } from './session/upstream-link.ts'
import { Verdicts } from './session/verdicts.ts'
import { clearControl, clearOwn } from './verdict/clearance.ts'
import { limitOf, unknownType } from './wire/client-limits.ts'
import { FROM_CLIENT as F, STATUS } from './wire/codes.ts'
import { FrameReader } from './wire/frame-reader.ts'
import { errorFrame } from './wire/server-messages.ts'

/** Frames that wait behind a held statement, before the client's socket is paused. */
const MAX_QUEUED = 1024 * 1024
/** The same for what is read only to see whether the client is still there. */
const MAX_LISTENED = 8 * MAX_QUEUED
const LISTEN_MS = 200

/**
 * Replies that the server may owe before the client's socket is paused. A server keeps at most 8 KiB of replies to itself while it is not
 * asked to flush them, and the shortest reply has 5 bytes: with this many owed, some have been sent.
 */
const MAX_OWED = 10_000

/** How long a client that is told goodbye may go on sending. */
const LINGER_MS = 10_000

export interface SessionOptions {
  readonly client: Duplex
  readonly upstream: UpstreamSocket
  readonly who: Identity
  readonly connection: string
  readonly applicationName: string
  readonly limits: ConnectionLimits
  /** What this person may still have this hour, over all sessions; undefined: there is no such limit. */
  readonly spending: Spending | undefined
  /** Why the client says that it sends what comes now, where it has another way to say so than in the text. */
  readonly reason?: (() => string | undefined) | undefined
  /** Hears of what `past` wants to know. */
  readonly record: SessionRecord
  readonly past: SessionPast
  readonly ports: Ports
  readonly judge: Judge
  readonly book: TokenBook
  /** Shared by all sessions. */
  readonly turn: Turn
  readonly refreshCatalog: () => Promise<void>
  /** Bytes of SQL in one message. */
  readonly maxSql: number
  /** The server was told at login that this session changes nothing. */
  readonly readOnly: boolean
  /** Sends a CancelRequest to the server, on a connection of its own. Resolves when it can hit no later statement. */
  readonly cancelUpstream: () => Promise<void>
  readonly onClosed: () => void
}

/**
 * One client after its login, to the last byte. A message is read, judged, perhaps held, cleared and sent; its replies are matched to
 * what is owed, masked, recorded and handed on. Messages are taken strictly in order: whatever must wait, all behind it waits too.
 */
export class Session implements LiveSession {
  readonly id: string
  readonly connection: string
  readonly who: Identity
  readonly startedAt: number

  private readonly o: SessionOptions
  private readonly frames: FrameReader
  private readonly out: ClientOut
  private readonly link: UpstreamLink
  private readonly inbox: ServerInbox
  private readonly results: Results
  private readonly replies: Replies
  private readonly flow: Flow
  private readonly hold: Hold
  private readonly copyIn: CopyIn
  private readonly schema: SchemaChanges
  private readonly parts: Parts
  private readonly time: TimeLimit
  private busy = false
  /** A cancel of ours is on its way: the next statement must not meet it. */
  private stopping = false
  private closed = false
  /** Nothing more is read from the client for now. */
  private paused = false
  private drainingFor: string | undefined
  private listening: NodeJS.Timeout | undefined

  constructor(o: SessionOptions) {
    this.o = o
    this.id = o.record.id
    this.connection = o.connection
    this.who = o.who
    this.startedAt = o.ports.clock.now()
    this.frames = new FrameReader((type) => limitOf(type, o.maxSql))
    this.out = new ClientOut(o.client)
    this.link = new UpstreamLink(o.upstream.socket, o.turn, (error) => this.fatal(asFatal(error)))
    this.results = new Results({
      out: this.out,
      record: o.record,
      limits: o.limits,
      spending: o.spending,
      book: o.book,
      policy: () => o.judge.policy,
      cancel: () => this.stopServer(),
      windowEnd: () => this.inbox.windowEnd,
    })
    const names = new SessionNames()
    this.replies = new Replies({
      out: this.out,
      results: this.results,
      policy: () => o.judge.policy,
      knowsTable: (oid) => this.schema.knows(oid),
      waitForCatalog: (from) => {
        this.inbox.wait(from)
        this.schema.reread().then(
          () => {
            this.inbox.go()
            o.upstream.socket.resume()
          },
          (error: unknown) => this.fatal(asFatal(error)),
        )
      },
      onReady: (status) => {
        if (status === STATUS.idle) names.endTransaction()
        this.schema.onReady(status)
        this.endIfIdle()
      },
      onFailed: (batch) => {
        if (batch === this.flow.batch) this.flow.skipping = true
      },
      abort: () => {
        this.flow.abort()
        this.flow.sync()
      },
    })
    this.time = new TimeLimit({ limitMs: o.limits.statementTimeoutMs, head: () => this.replies.owed.head, cancel: () => this.stopServer() })
    this.flow = new Flow(this.link, this.replies, this.time)
    this.schema = new SchemaChanges({
      judge: o.judge,
      refresh: o.refreshCatalog,
      flow: this.flow,
      replies: this.replies,
      follow: (carried) => o.ports.labels.follow(o.connection, carried, o.record.id),
      bind: (catalog) => o.ports.labels.bind(o.connection, catalog),
    })
    this.inbox = new ServerInbox({
      out: this.out,
      onFrame: (type, buf, from, to) => this.replies.take(type, buf, from, to),
      onLong: (type, size) => this.replies.long(type, size),
      idle: () => this.replies.owed.length === 0,
      onWindow: () => this.results.forgetWindow(),
      onTaken: () => {
        if (this.paused && !this.behind) this.pump()
      },
      fatal: (error) => this.fatal(error),
    })
    this.hold = new Hold({
      ...o,
      out: this.out,
      canNotify: () => !this.inbox.midFrame,
      inTransaction: () => this.replies.status !== STATUS.idle,
    })
    this.copyIn = new CopyIn(this.flow)
    const verdicts = new Verdicts({
      judge: o.judge,
      names,
      record: o.record,
      hold: this.hold,
      flow: this.flow,
      book: o.book,
      refresh: o.refreshCatalog,
      schema: this.schema,
      spending: o.spending,
      readOnly: o.readOnly,
    })
    this.parts = { flow: this.flow, verdicts, names, record: o.record, copyIn: this.copyIn, judge: o.judge, schema: this.schema }
  }

  /** Takes over both sockets. `early`: what the client sent behind its password. */
  start(early: Buffer): void {
    const { client, upstream } = this.o
    client.on('data', (chunk: Buffer) => {
      // Read all the same: a client that still sends would otherwise lose the last thing we said.
      if (this.closed) return
      this.frames.push(chunk)
      this.pump()
    })
    client.on('drain', () => upstream.socket.resume())
    client.on('end', () => this.close('the client closed the connection'))
    client.on('close', () => this.close('the connection to the client was lost'))
    client.on('error', () => this.close('the connection to the client was lost'))
    upstream.socket.on('drain', () => this.pump())
    upstream.socket.on('error', () => this.upstreamGone())
    upstream.socket.on('close', () => this.upstreamGone())
    upstream.onBytes(this.inbox)
    client.resume()
    if (early.length > 0) {
      this.frames.push(early)
      this.pump()
    }
  }

  /** CancelRequest with this session's key: withdraws what is held, stops what runs. */
  async cancel(): Promise<void> {
    if (!this.hold.cancel()) await this.o.cancelUpstream()
  }

  end(reason: string): void {
    this.fatal(new GatewayError({ code: 'closing', sqlstate: '57P01', message: `terminating connection: ${reason}`, severity: 'FATAL' }))
  }

  /** Shutdown: ends at once when nothing runs, else after the statement in flight. */
  drain(reason: string): void {
    this.drainingFor = reason
    if (this.hold.active) this.end(reason)
    else this.endIfIdle()
  }

  private endIfIdle(): void {
    if (this.drainingFor !== undefined && !this.busy && this.replies.owed.length === 0) this.end(this.drainingFor)
  }

  /** Stops what runs, for a limit of ours. */
  private stopServer(): void {
    this.stopping = true
    void this.o.cancelUpstream().then(() => {
      this.stopping = false
      this.pump()
    })
  }

  // ---------------------------------------------------------------- the client's messages, in order

  /** So much is owed that no more is asked of the server, lest the list of it grow without end. */
  private get behind(): boolean {
    return this.replies.owed.length >= MAX_OWED
  }

  private pump(): void {
    if (this.closed) return
    try {
      while (!this.busy && !this.stopping && !this.closed && !this.link.full && !this.behind && this.frames.next()) this.step()
    } catch (error) {
      this.fatal(asFatal(error))
      return
    }
    const { client } = this.o
    // A long message that has not come whole is no queue: its end must still be read.
    this.paused = ((this.busy || this.stopping) && this.frames.pending > MAX_QUEUED) || this.link.full || this.behind
    if (this.paused) client.pause()
    else if (client.isPaused()) client.resume()
    if (this.paused && this.hold.active) this.listenOn()
  }

  /** A client that is not read is not seen to leave, and its request would stay: while a statement is held, a little is read now and then. */
  private listenOn(): void {
    this.listening ??= setTimeout(() => {
      this.listening = undefined
      if (!this.closed && this.hold.active && this.frames.pending < MAX_LISTENED) this.o.client.resume()
    }, LISTEN_MS).unref()
  }

  private step(): void {
    const { type, buf, start, end } = this.frames
    let wait: Promise<void> | undefined
    try {
      wait = this.onFrame(type, buf, start, end)
    } catch (error) {
      this.fail(error, type)
      return
    }
    if (wait === undefined) return
    this.busy = true
    wait
      .catch((error: unknown) => this.fail(error, type))
      .then(() => {
        this.busy = false
        this.endIfIdle()
        this.pump()
      })
      .catch((error: unknown) => this.fatal(asFatal(error)))
  }

  private onFrame(type: number, buf: Buffer, start: number, end: number): Promise<void> | undefined {
    if (this.copyIn.unit !== undefined && type !== F.terminate) return this.copyIn.onFrame(type, buf, start, end, this.frames.piece)
    if (this.flow.skipping && type !== F.sync && type !== F.terminate) return undefined
    if (this.frames.oversize) throw this.oversize(type)
    switch (type) {
      case F.query:
        return this.schema.settled(() => onQuery(this.parts, buf, start, end))
      case F.parse:
        return this.schema.settled(() => onParse(this.parts, buf, start, end))
      case F.bind:
        return this.schema.settled(() => onBind(this.parts, buf, start, end))
      case F.describe:
        return onDescribe(this.parts, buf, start, end)
      case F.execute:
        return onExecute(this.parts, buf, start, end)
      case F.close:
        return onClose(this.parts, buf, start, end)
      case F.flush:
        this.flow.send(clearControl(buf, start, end))
        return undefined
      case F.sync:
        return onSync(this.parts, buf, start, end)
      case F.terminate:
        this.close('the client ended the session')
        return undefined
      case F.copyData:
      case F.copyDone:
      case F.copyFail:
        // As the server does: the client may still send data for a COPY that has failed.
        return undefined
      case F.functionCall:
        throw new GatewayError({
          code: 'unsupported',
          sqlstate: '0A000',
          message: 'the function call protocol is not supported through the gateway',
          hint: 'Call the function in a SELECT instead.',
        })
      default:
        throw unknownType(type)
    }
  }

  private oversize(type: number): GatewayError {
    const what = type === F.query || type === F.parse ? 'the statement' : 'the message'
    return new GatewayError({
      code: 'limit',
      sqlstate: '54000',
      message: `${what} is longer than ${limitOf(type, this.o.maxSql).max} bytes`,
      hint: 'Send it in smaller parts, or use COPY FROM STDIN for data.',
    })
  }

  /** A refusal, made real upstream, or the end of the session. */
  private fail(error: unknown, type: number): void {
    if (!(error instanceof GatewayError) || error.fields.severity === 'FATAL') {
      this.fatal(asFatal(error))
      return
    }
    this.flow.abort(error)
    if (type === F.query || type === F.functionCall) this.flow.sync()
  }

  // ---------------------------------------------------------------- the end

  private fatal(error: GatewayError): void {
    if (this.closed) return
    const { record, ports, client } = this.o
    record.note(error.message)
    ports.log.warn('session.fatal', { session: this.id, code: error.code, message: error.message, cause: causeOf(error) })
    if (!this.inbox.midFrame) {
      this.out.flush()
      client.write(errorFrame({ ...error.fields, severity: 'FATAL' }))
    }
    this.close(error.message)
  }

  private upstreamGone(): void {
    if (this.replies.farewell) {
      this.close('the database ended the session')
      return
    }
    this.fatal(
      new GatewayError({
        code: 'upstream-unavailable',
        sqlstate: '08006',
        message: 'the database closed the connection',
        hint: 'Connect again. A statement that was running may or may not have been done.',
        severity: 'FATAL',
      }),
    )
  }

  private close(reason: string): void {
    if (this.closed) return
    this.closed = true
    const { client, record } = this.o
    this.inbox.stop()
    this.time.stop()
    this.hold.leave()
    const running = this.replies.owed.length > 0
    for (const { unit } of this.replies.owed) {
      if (unit === undefined || unit.finished) continue
      unit.sqlstate ??= '08006'
      this.results.finish(unit)
    }
    this.flow.end()
    record.closed(reason)
    this.flow.send(clearOwn({ kind: 'terminate' }))
    // A statement that still runs is stopped: nobody is there to take its answer.
    if (running) setImmediate(() => void this.o.cancelUpstream())
    this.link.end()
    client.end()
    if (client instanceof Socket) client.setTimeout(2000, () => client.destroy())
    setTimeout(() => client.destroy(), LINGER_MS).unref()
    this.o.onClosed()
  }
}

function causeOf(error: GatewayError): string {
  return error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : ''
}

function asFatal(error: unknown): GatewayError {
  if (error instanceof GatewayError) return new GatewayError({ ...error.fields, severity: 'FATAL' }, { cause: error.cause })
  return new GatewayError(
    { code: 'internal', sqlstate: 'XX000', message: 'the gateway failed; the session has ended', severity: 'FATAL' },
    { cause: error },
  )
}
