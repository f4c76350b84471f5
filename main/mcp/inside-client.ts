import type { Duplex } from 'node:stream'
import { type DatabaseError, parse, serialize } from 'pg-protocol'
import type {
  BackendKeyDataMessage,
  BackendMessage,
  CommandCompleteMessage,
  DataRowMessage,
  NoticeMessage,
  ReadyForQueryMessage,
  RowDescriptionMessage,
} from 'pg-protocol/dist/messages.js'
import type { Gateway } from '../../proxy/gateway.ts'
import type { Companion, Judged, StatementEnd, UntrustedRead } from '../../proxy/ports.ts'
import { type Answer, Collector, KEPT_ROWS, type Report } from './answer.ts'

export interface InsideTarget {
  readonly gateway: Pick<Gateway, 'attach'>
  readonly connection: string
  readonly token: string
  /** What the client calls itself. */
  readonly application: string
  readonly address: string
  readonly tls: boolean
  /** As a companion's. */
  readonly reads: UntrustedRead[]
}

export interface Call {
  readonly sql: string
  /** Undefined: sent as a simple query, which may be several statements. */
  readonly parameters: readonly (string | null)[] | undefined
  /** Sent so that the server stops after as many rows as are kept. Only for what does nothing but read. */
  readonly stops: boolean
  readonly reason: string | undefined
  /** It waits for a person, as this request. */
  readonly onHeld: (approval: number, judged: Judged | undefined) => void
}

/** The gateway turned the login away: its words are for the agent. */
export class LoginRefused extends Error {
  readonly report: Report

  constructor(report: Report) {
    super(report.message)
    this.name = 'LoginRefused'
    this.report = report
  }
}

const LOST: Report = {
  severity: 'FATAL',
  sqlstate: '08006',
  message: 'the session ended before the statement was answered',
  detail: undefined,
  hint: 'A statement that was running may or may not have been done. Look at the data before you send it again.',
  position: undefined,
}

interface Running {
  readonly call: Call
  readonly collector: Collector
  readonly done: (answer: Answer) => void
}

/**
 * An ordinary PostgreSQL client whose socket is the gateway's own front door. It knows what any client knows, and as a companion hears
 * how its statements were judged. One call at a time.
 */
export class InsideClient implements Companion {
  readonly address: string
  readonly tls: boolean
  readonly reads: UntrustedRead[]
  readonly #stream: Duplex
  readonly #target: InsideTarget
  #session = ''
  #running: Running | undefined
  #key: { readonly processId: number; readonly secret: number } | undefined
  #login: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined
  #last: Report | undefined
  #dead = false

  /** Throws `LoginRefused` with what the gateway said. */
  static async open(target: InsideTarget): Promise<InsideClient> {
    const client = new InsideClient(target)
    await client.#logIn()
    return client
  }

  private constructor(target: InsideTarget) {
    this.#target = target
    this.address = target.address
    this.tls = target.tls
    this.reads = target.reads
    this.#stream = target.gateway.attach(this)
    this.#stream.on('error', () => this.#lose())
    this.#stream.on('close', () => this.#lose())
    parse(this.#stream, (message) => this.#take(message)).then(
      () => this.#lose(),
      () => this.#lose(),
    )
  }

  get usable(): boolean {
    return !this.#dead && this.#running === undefined
  }

  /** Resolves with what became of it, also when that is an error. Never rejects. */
  run(call: Call): Promise<Answer> {
    const collector = new Collector()
    if (this.#dead) {
      collector.fail(LOST)
      return Promise.resolve(collector.finish(this.#session, false))
    }
    return new Promise((done) => {
      this.#running = { call, collector, done }
      if (call.parameters === undefined && !call.stops) {
        this.#stream.write(serialize.query(call.sql))
        return
      }
      this.#stream.write(
        Buffer.concat([
          serialize.parse({ text: call.sql }),
          serialize.bind({ values: [...(call.parameters ?? [])] }),
          serialize.describe({ type: 'P' }),
          serialize.execute({ rows: call.stops ? KEPT_ROWS : 0 }),
          serialize.sync(),
        ]),
      )
    })
  }

  /** As Ctrl-C: withdraws what is held, stops what runs. */
  cancel(): void {
    if (this.#key === undefined || this.#dead) return
    const { gateway } = this.#target
    const stream = gateway.attach({ ...IGNORED, address: this.address, tls: this.tls })
    stream.on('error', () => stream.destroy())
    stream.resume()
    stream.end(serialize.cancel(this.#key.processId, this.#key.secret))
  }

  close(): void {
    if (this.#dead) return
    this.#stream.end(serialize.end())
    this.#lose()
  }

  // ---------------------------------------------------------------- what the gateway tells a companion

  reason(): string | undefined {
    return this.#running?.call.reason
  }

  opened(session: string): void {
    this.#session = session
  }

  judged(statement: number, judged: Judged): void {
    if (this.#running === undefined) return
    this.#running.collector.statement = statement
    this.#running.collector.judged = judged
  }

  asked(_statement: number, approval: number): void {
    if (this.#running === undefined) return
    this.#running.collector.approval = approval
    this.#running.call.onHeld(approval, this.#running.collector.judged)
  }

  answered(_statement: number, decision: Parameters<Companion['answered']>[1]): void {
    if (this.#running !== undefined) this.#running.collector.decision = decision
  }

  finished(_statement: number, end: StatementEnd): void {
    if (this.#running !== undefined) this.#running.collector.end = end
  }

  // ---------------------------------------------------------------- the protocol

  #logIn(): Promise<void> {
    const { connection, application } = this.#target
    const loggedIn = new Promise<void>((resolve, reject) => {
      this.#login = { resolve, reject }
    })
    this.#stream.write(serialize.startup({ user: 'agent', database: connection, application_name: application }))
    return loggedIn
  }

  #take(message: BackendMessage): void {
    switch (message.name) {
      case 'authenticationCleartextPassword':
        this.#stream.write(serialize.password(this.#target.token))
        break
      case 'backendKeyData': {
        const { processID, secretKey } = message as BackendKeyDataMessage
        this.#key = { processId: processID, secret: secretKey }
        break
      }
      case 'error':
        this.#fail(message as unknown as DatabaseError)
        break
      case 'readyForQuery':
        this.#ready((message as ReadyForQueryMessage).status)
        break
      default:
        if (this.#running !== undefined) this.#gather(this.#running.collector, message)
    }
  }

  #gather(collector: Collector, message: BackendMessage): void {
    switch (message.name) {
      case 'rowDescription':
        collector.describe(message as RowDescriptionMessage)
        break
      case 'dataRow':
        collector.row(message as DataRowMessage)
        break
      case 'commandComplete':
        collector.complete(message as CommandCompleteMessage)
        break
      case 'portalSuspended':
        collector.suspended = true
        break
      case 'notice':
        collector.notice(message as NoticeMessage)
        break
      case 'copyInResponse':
        this.#stream.write(serialize.copyFail('COPY FROM STDIN has no data here'))
        break
      default:
    }
  }

  #fail(error: DatabaseError): void {
    const report: Report = {
      severity: error.severity ?? 'ERROR',
      sqlstate: error.code ?? 'XX000',
      message: error.message,
      detail: error.detail,
      hint: error.hint,
      position: error.position === undefined ? undefined : Number(error.position),
    }
    this.#last = report
    this.#running?.collector.fail(report)
    if (report.severity === 'FATAL') this.#lose()
  }

  #ready(status: string): void {
    const login = this.#login
    this.#login = undefined
    if (login !== undefined) {
      login.resolve()
      return
    }
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    const leftOpen = status !== 'I'
    // What it changed must not hang in the air until the next call: the server rolls it back when the session ends.
    if (leftOpen) this.close()
    running.done(running.collector.finish(this.#session, leftOpen))
  }

  #lose(): void {
    if (this.#dead) return
    this.#dead = true
    const login = this.#login
    const running = this.#running
    this.#login = undefined
    this.#running = undefined
    login?.reject(new LoginRefused(this.#last ?? { ...LOST, message: 'the gateway closed the connection', hint: 'Try again in a moment.' }))
    running?.collector.fail(LOST)
    running?.done(running.collector.finish(this.#session, false))
    if (!this.#stream.destroyed) setImmediate(() => this.#stream.destroy())
  }
}

/** A cancel request makes no session. */
const IGNORED: Omit<Companion, 'address' | 'tls'> = {
  reads: [],
  reason: () => undefined,
  opened: () => undefined,
  judged: () => undefined,
  asked: () => undefined,
  answered: () => undefined,
  finished: () => undefined,
}
