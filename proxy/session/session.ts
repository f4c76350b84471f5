import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { GatewayError } from '../errors.ts'
import type { UpstreamSocket } from '../login/upstream.ts'
import type { ConnectionLimits, Identity, LiveSession, Ports, SessionRecord } from '../ports.ts'
import type { Analysis } from '../statement/analyst.ts'
import type { StatementFacts } from '../statement/facts.ts'
import { type Approved, clearControl, clearCopyData, clearOwn, clearParse, clearRunOnce, clearStatement } from '../verdict/clearance.ts'
import { cannotPrepare, denied } from '../verdict/refusal.ts'
import {
  type ParseMessage,
  readBindNames,
  readExecute,
  readParse,
  readQuery,
  readResultFormats,
  readTarget,
} from '../wire/client-messages.ts'
import { FROM_CLIENT as F, STATUS } from '../wire/codes.ts'
import { type FrameLimit, FrameReader } from '../wire/frame-reader.ts'
import { errorFrame } from '../wire/server-messages.ts'
import { ClientOut } from './client-out.ts'
import { composeNames, type NameScope } from './compose.ts'
import { Hold } from './hold.ts'
import type { Judge } from './judge.ts'
import { type NameChange, Names } from './names.ts'
import { Replies } from './replies.ts'
import { Results } from './results.ts'
import { ServerInbox } from './server-inbox.ts'
import type { JudgedHere, Owed, Portal, Prepared, Unit } from './unit.ts'
import { UpstreamLink } from './upstream-link.ts'

/** COPY FROM STDIN under way, and what to do when its rows have been counted. */
interface CopyIn {
  readonly unit: Unit
  readonly counted: (() => void) | undefined
}

/** Frames that wait behind a held statement, before the client's socket is paused. */
const MAX_QUEUED = 1024 * 1024

export interface SessionOptions {
  readonly client: Socket
  readonly upstream: UpstreamSocket
  readonly who: Identity
  readonly connection: string
  readonly applicationName: string
  readonly limits: ConnectionLimits
  readonly record: SessionRecord
  readonly ports: Ports
  readonly judge: Judge
  readonly refreshCatalog: () => Promise<void>
  /** Bytes of SQL in one message. */
  readonly maxSql: number
  /** Sends a CancelRequest to the server, on a connection of its own. */
  readonly cancelUpstream: () => void
  readonly onClosed: () => void
}

/**
 * One client after its login, from the first statement to the last byte. A message is read, judged, perhaps held, cleared, and sent;
 * the replies come back through `Replies`. Messages are taken strictly in order: whatever must wait, everything behind it waits too.
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
  private readonly hold: Hold

  private readonly statements = new Names<Prepared>()
  private readonly portals = new Names<Portal>()
  /** Which run of messages up to a Sync or Query this is. */
  private batch = 0
  /** After an error the server skips to the next Sync; so do we. */
  private skipping = false
  private busy = false
  private closed = false
  private copy: CopyIn | undefined
  /** A statement that changes the catalog has been sent; its transaction is still open; or it is done. */
  private ddl: 'none' | 'sent' | 'open' | 'done' = 'none'
  private drainingFor: string | undefined
  /** A portal that cannot exist, so that executing it fails: nobody can guess its name and make one. */
  private readonly abortPortal = `sallyport ${randomUUID()}`

  constructor(options: SessionOptions) {
    this.o = options
    this.id = options.record.id
    this.connection = options.connection
    this.who = options.who
    this.startedAt = options.ports.clock.now()
    this.frames = new FrameReader((type) => this.limitOf(type))
    this.out = new ClientOut(options.client)
    this.link = new UpstreamLink(options.upstream.socket, options.ports.recorder)
    this.results = new Results({
      out: this.out,
      record: options.record,
      limits: options.limits,
      cancel: options.cancelUpstream,
      windowEnd: () => this.inbox.windowEnd,
    })
    this.replies = new Replies({
      out: this.out,
      results: this.results,
      record: options.record,
      policy: () => options.judge.policy,
      knowsTable: (oid) => this.tablesReread || options.judge.catalog.relation(oid) !== undefined,
      waitForCatalog: (from) => this.waitForCatalog(from),
      onReady: (status) => this.onReady(status),
      onFailed: (batch) => {
        if (batch === this.batch) this.skipping = true
      },
      abort: () => this.abortTransaction(),
    })
    this.inbox = new ServerInbox({
      out: this.out,
      onFrame: (type, buf, from, to) => this.replies.take(type, buf, from, to),
      passesInPieces: (type, size) => {
        const unit = this.replies.owed.head?.unit
        return unit !== undefined && (type === 0x44 || type === 0x64) && this.results.pieces(unit, size)
      },
      onWindow: () => this.results.forgetWindow(),
      fatal: (error) => this.fatal(error),
    })
    this.hold = new Hold({ ...options, out: this.out, canNotify: () => !this.inbox.midFrame })
  }

  /** Takes over both sockets. `early`: what the client sent behind its password. */
  start(early: Buffer): void {
    const { client, upstream } = this.o
    client.on('data', (chunk: Buffer) => {
      this.frames.push(chunk)
      this.pump()
    })
    client.on('drain', () => upstream.socket.resume())
    client.on('end', () => this.clientGone('the client closed the connection'))
    client.on('close', () => this.clientGone('the connection to the client was lost'))
    client.on('error', () => this.clientGone('the connection to the client was lost'))
    upstream.socket.on('drain', () => this.pump())
    upstream.socket.on('error', () => this.upstreamGone())
    upstream.socket.on('close', () => this.upstreamGone())
    upstream.onBytes(this.inbox)
    if (early.length > 0) {
      this.frames.push(early)
      this.pump()
    }
  }

  /** CancelRequest with this session's key: withdraws what is held, stops what runs. */
  cancel(): void {
    if (!this.hold.cancel()) this.o.cancelUpstream()
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

  // ---------------------------------------------------------------- the client's messages, in order

  private pump(): void {
    if (this.closed) return
    try {
      while (!this.busy && !this.closed && !this.link.full && this.frames.next()) this.step()
      this.link.flush()
    } catch (error) {
      this.fatal(asFatal(error))
      return
    }
    const { client } = this.o
    if (this.frames.pending > MAX_QUEUED || this.link.full) client.pause()
    else if (client.isPaused()) client.resume()
  }

  private step(): void {
    const { type, buf, start, end } = this.frames
    let wait: Promise<void> | undefined
    try {
      wait = this.frames.oversize ? this.onOversize(type) : this.onFrame(type, buf, start, end)
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
    // What was cleared before the wait goes now: others wait for it.
    this.link.flush()
  }

  private onFrame(type: number, buf: Buffer, start: number, end: number): Promise<void> | undefined {
    if (this.copy !== undefined) return this.onCopyFrame(this.copy, type, buf, start, end)
    if (this.skipping && type !== F.sync && type !== F.terminate) return undefined
    if (this.ddl !== 'none' && this.ddl !== 'open' && (type === F.query || type === F.parse || type === F.bind))
      return this.rereadCatalog(() => this.onFrame(type, buf, start, end))
    switch (type) {
      case F.query:
        return this.onQuery(buf, start, end)
      case F.parse:
        return this.onParse(buf, start, end)
      case F.bind:
        return this.onBind(buf, start, end)
      case F.describe:
        return this.onDescribe(buf, start, end)
      case F.execute:
        return this.onExecute(buf, start, end)
      case F.close:
        return this.onClose(buf, start, end)
      case F.flush:
        this.link.send(clearControl(buf, start, end))
        return undefined
      case F.sync:
        return this.onSync(buf, start, end)
      case F.terminate:
        this.close('the client ended the session')
        return undefined
      case F.copyData:
      case F.copyDone:
      case F.copyFail:
        // As the server does: the client may still send data for a COPY that has failed.
        return undefined
      case F.functionCall:
        throw unsupported('the function call protocol', 'Call the function in a SELECT instead.')
      default:
        throw new GatewayError({ code: 'protocol', sqlstate: '08P01', message: `invalid frontend message type ${type}`, severity: 'FATAL' })
    }
  }

  // ---------------------------------------------------------------- simple query

  private onQuery(buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const span = readQuery(buf, start, end)
    const text = buf.subarray(span.start, span.end)
    return this.judged(text, undefined, (judged) => {
      if (judged.verdict.effect === 'allow') return this.runQuery(judged, undefined, undefined, buf, start, end)
      return this.ask(judged, undefined, []).then(({ judged: again, approved, number }) =>
        this.runQuery(again, approved, number, buf, start, end),
      )
    })
  }

  private runQuery(
    judged: JudgedHere,
    approved: Approved | undefined,
    number: number | undefined,
    buf: Buffer,
    start: number,
    end: number,
  ): Promise<void> | undefined {
    const unit = this.begin(judged, approved, number, undefined, true)
    if (approved?.decision.maxRows !== undefined) return this.runWithCeiling(unit, approved, approved.decision.maxRows)
    this.link.send(clearStatement(judged, approved, buf, start, end))
    this.owe({ kind: 'query', show: 'all', unit, changes: judged.facts.map((facts) => this.nameChanges(facts, unit)) })
    this.batch++
    return judged.facts.some((facts) => facts.copy === 'in') ? this.untilCopyIn(unit) : undefined
  }

  /** Sent as one extended unit, so that the Sync which would commit it stays in our hand until its rows are counted. */
  private async runWithCeiling(unit: Unit, approved: Approved, ceiling: number): Promise<void> {
    if (unit.judged.facts.length !== 1) {
      throw unsupported(`a ceiling of ${ceiling} rows on several statements at once`, 'Send one statement at a time.')
    }
    this.link.send(clearRunOnce(unit.judged, approved))
    this.owe({ kind: 'parse', show: 'none', unit })
    this.owe({ kind: 'bind', show: 'none', unit })
    this.owe({ kind: 'describe', show: 'description', unit })
    this.owe({ kind: 'execute', show: 'all', unit, changes: unit.judged.facts.map((facts) => this.nameChanges(facts, unit)) })
    await this.untilCounted(unit)
    const end = () => {
      this.abortIfOver(unit)
      this.sync()
    }
    if (unit.copyIn) this.copy = { unit, counted: end }
    else end()
  }

  /** It touched more rows than the person allowed: the server rolls it back before anything commits it. */
  private abortIfOver(unit: Unit): void {
    if (unit.over !== undefined && !this.skipping) this.refuse(unit.over, false)
  }

  private async untilCounted(unit: Unit): Promise<void> {
    this.link.send(clearOwn({ kind: 'flush' }))
    this.link.flush()
    await this.until(() => unit.finished || unit.copyIn)
  }

  private sync(): void {
    this.owe({ kind: 'sync', show: 'all' }, clearOwn({ kind: 'sync' }))
    this.skipping = false
    this.batch++
  }

  // ---------------------------------------------------------------- extended query

  private onParse(buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const message = readParse(buf, start, end)
    const text = buf.subarray(message.text.start, message.text.end)
    return this.judged(text, undefined, (judged, facts) => {
      this.prepare(message, judged, facts, buf, start, end)
      return undefined
    })
  }

  private prepare(
    message: ParseMessage,
    judged: JudgedHere,
    facts: readonly StatementFacts[],
    buf: Buffer,
    start: number,
    end: number,
  ): void {
    if (judged.verdict.effect === 'ask' && facts.some((statement) => statement.unknown.some((unknown) => unknown.code))) {
      this.record(judged, undefined)
      throw cannotPrepare(judged)
    }
    const prepared: Prepared = {
      text: judged.text,
      facts,
      catalog: judged.catalog,
      fields: undefined,
      described: undefined,
      describing: false,
      shape: undefined,
      parameterTypes: message.types,
    }
    this.link.send(clearParse(judged, buf, start, end))
    this.owe({ kind: 'parse', show: 'all', prepared, changes: [[this.statements.change(message.name, prepared, this.batch)]] })
  }

  private onBind(buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const names = readBindNames(buf, start, end)
    const found = this.statements.lookup(names.statement, this.batch)
    if (found === 'wait') return this.earlierBatches().then(() => this.onBind(buf, start, end))
    if (found === 'missing') throw missingStatement(names.statement)
    const prepared = found.value
    const formats = readResultFormats(buf, names.rest, end)
    return this.judged(prepared.text, prepared, (judged) => {
      if (judged.verdict.effect === 'allow') {
        return this.bind(
          names.portal,
          prepared,
          formats,
          this.begin(judged, undefined, undefined, buf.subarray(names.rest, end)),
          buf,
          start,
          end,
        )
      }
      const body = Buffer.from(buf.subarray(names.rest, end))
      return this.ask(judged, body, prepared.parameterTypes).then(({ judged: again, approved, number }) =>
        this.bind(names.portal, prepared, formats, this.begin(again, approved, number, body), buf, start, end),
      )
    })
  }

  private bind(
    name: string,
    prepared: Prepared,
    formats: readonly (0 | 1)[],
    unit: Unit,
    buf: Buffer,
    start: number,
    end: number,
  ): undefined {
    const portal: Portal = { prepared, unit, formats, hold: false }
    this.link.send(clearStatement(unit.judged, unit.approved, buf, start, end))
    this.owe({ kind: 'bind', show: 'all', unit, changes: [[this.portals.change(name, portal, this.batch)]] })
  }

  private onDescribe(buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const target = readTarget(buf, start, end, 'Describe')
    const names: Names<Prepared> | Names<Portal> = target.kind === 'statement' ? this.statements : this.portals
    const found = names.lookup(target.name, this.batch)
    if (found === 'wait') return this.earlierBatches().then(() => this.onDescribe(buf, start, end))
    if (found !== 'missing') (target.kind === 'statement' ? (found.value as Prepared) : (found.value as Portal).prepared).describing = true
    this.link.send(clearControl(buf, start, end))
    if (found === 'missing') this.owe({ kind: 'describe', show: 'all' })
    else if (target.kind === 'statement') this.owe({ kind: 'describe', show: 'all', prepared: found.value as Prepared })
    else this.owe({ kind: 'describe', show: 'all', portal: found.value as Portal })
    return undefined
  }

  private onExecute(buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const { portal: name } = readExecute(buf, start, end)
    const found = this.portals.lookup(name, this.batch)
    if (found === 'wait') return this.earlierBatches().then(() => this.onExecute(buf, start, end))
    if (found === 'missing') throw missingPortal(name)
    const portal = found.value
    const { judge } = this.o
    // The policy or the catalog may have moved since Bind: a verdict belongs to what runs now.
    const { judged } = portal.unit
    if (judged.policy !== judge.policy || judged.catalog !== judge.catalog) {
      return this.judged(judged.text, portal.prepared, (again) => {
        if (again.verdict.effect === 'ask' && portal.unit.approved === undefined)
          throw denied({ ...again, verdict: { ...again.verdict, effect: 'deny' } })
        return this.execute(name, portal, this.successor(portal, again), buf, start, end)
      })
    }
    return this.execute(name, portal, portal.unit.finished ? this.successor(portal, judged) : portal.unit, buf, start, end)
  }

  /** The portal goes on under a record of its own. */
  private successor(portal: Portal, judged: JudgedHere): Unit {
    portal.unit = this.begin(judged, portal.unit.approved, undefined, undefined)
    return portal.unit
  }

  private execute(name: string, portal: Portal, unit: Unit, buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const { prepared } = portal
    if (prepared.fields === undefined && !prepared.describing && returnsRows(unit)) {
      prepared.describing = true
      this.owe({ kind: 'describe', show: 'none', portal }, clearOwn({ kind: 'describe', portal: name }))
    }
    this.link.send(clearStatement(unit.judged, unit.approved, buf, start, end))
    this.owe({ kind: 'execute', show: 'all', unit, portal, changes: unit.judged.facts.map((facts) => this.nameChanges(facts, unit)) })
    const ceiling = unit.approved?.decision.maxRows
    if (ceiling !== undefined) return this.countThenGoOn(unit)
    return unit.judged.facts.some((facts) => facts.copy === 'in') ? this.untilCopyIn(unit) : undefined
  }

  private async countThenGoOn(unit: Unit): Promise<void> {
    await this.untilCounted(unit)
    if (unit.copyIn) this.copy = { unit, counted: () => this.abortIfOver(unit) }
    else this.abortIfOver(unit)
  }

  private onClose(buf: Buffer, start: number, end: number): undefined {
    const target = readTarget(buf, start, end, 'Close')
    this.link.send(clearControl(buf, start, end))
    const change =
      target.kind === 'statement'
        ? this.statements.change(target.name, undefined, this.batch)
        : this.portals.change(target.name, undefined, this.batch)
    this.owe({ kind: 'close', show: 'all', changes: [[change]] })
  }

  private onSync(buf: Buffer, start: number, end: number): undefined {
    this.link.send(clearControl(buf, start, end))
    this.owe({ kind: 'sync', show: 'all' })
    this.skipping = false
    this.batch++
  }

  // ---------------------------------------------------------------- COPY FROM STDIN

  /** Until the server has said whether it takes data, nobody knows what the next message means. */
  private async untilCopyIn(unit: Unit): Promise<void> {
    this.link.flush()
    await this.until(() => unit.copyIn || unit.finished || unit.sqlstate !== undefined)
    if (unit.copyIn) this.copy = { unit, counted: undefined }
  }

  private onCopyFrame(copy: CopyIn, type: number, buf: Buffer, start: number, end: number): Promise<void> | undefined {
    const { unit } = copy
    if (unit.finished || unit.sqlstate !== undefined) {
      // The server has failed it; what the client still sends is judged as usual.
      this.copy = undefined
      return this.onFrame(type, buf, start, end)
    }
    switch (type) {
      case F.copyData:
        unit.bytes += end - start
        this.link.send(clearCopyData(unit.judged, unit.approved, buf, start, end))
        return undefined
      case F.copyDone:
      case F.copyFail:
        this.link.send(clearCopyData(unit.judged, unit.approved, buf, start, end))
        unit.copyIn = false
        this.copy = undefined
        if (copy.counted !== undefined) return this.untilCounted(unit).then(copy.counted)
        // A simple query may hold another COPY behind this one.
        return unit.simple ? this.untilCopyIn(unit) : undefined
      case F.flush:
      case F.sync:
        // The server ignores them during COPY (protocol, "COPY Operations").
        return undefined
      case F.terminate:
        this.close('the client ended the session')
        return undefined
      default:
        throw new GatewayError({
          code: 'protocol',
          sqlstate: '08P01',
          message: `unexpected message type ${type} during COPY from stdin`,
          severity: 'FATAL',
        })
    }
  }

  // ---------------------------------------------------------------- verdict, approval, refusal

  /** Text to facts to verdict; then `next`, unless it is denied. `prepared` brings facts that were made before. */
  private judged(
    text: Buffer,
    prepared: Prepared | undefined,
    next: (judged: JudgedHere, facts: readonly StatementFacts[]) => Promise<void> | undefined,
  ): Promise<void> | undefined {
    const { judge } = this.o
    if (prepared !== undefined && prepared.catalog === judge.catalog) return this.decide(text, prepared.facts, next)
    const analysis = judge.analyse(text)
    const go = (made: Analysis) => {
      if (made instanceof GatewayError) {
        this.record(judge.unreadable(text, made.message), undefined, made.fields.sqlstate)
        throw made
      }
      if (prepared !== undefined) {
        prepared.facts = made.statements
        prepared.catalog = judge.catalog
      }
      return this.decide(text, made.statements, next)
    }
    return analysis instanceof Promise ? analysis.then(go) : go(analysis)
  }

  private decide(
    text: Buffer,
    facts: readonly StatementFacts[],
    next: (judged: JudgedHere, facts: readonly StatementFacts[]) => Promise<void> | undefined,
  ): Promise<void> | undefined {
    const composed = composeNames(facts, this.scope)
    if (composed === 'wait') return this.earlierBatches().then(() => this.decide(text, facts, next))
    const judged = this.o.judge.judge(text, composed)
    if (judged.verdict.effect !== 'deny') return next(judged, facts)
    const refusal = denied(judged)
    this.record(judged, undefined, refusal.fields.sqlstate)
    throw refusal
  }

  private readonly scope: NameScope = {
    statement: (name) => {
      const found = this.statements.lookup(latin1(name), this.batch)
      return typeof found === 'string' ? found : { value: found.value.facts }
    },
    cursor: (name) => {
      const found = this.portals.lookup(latin1(name), this.batch)
      return typeof found === 'string' ? found : { value: found.value.prepared.facts }
    },
  }

  /** A refusal that stands in the record as a statement that never ran. */
  private record(judged: JudgedHere, bind: Buffer | undefined, sqlstate = '42501'): void {
    const number = this.o.record.statement(judged, bind)
    this.o.record.finished(number, { rows: 0, bytes: 0, ms: 0, sqlstate, tag: '', masked: [] })
  }

  /** Holds the statement for a person. Throws when it is not approved; else judged again, as of now. */
  private async ask(
    judged: JudgedHere,
    bind: Buffer | undefined,
    types: readonly number[],
  ): Promise<{ judged: JudgedHere; approved: Approved; number: number }> {
    const number = this.o.record.statement(judged, bind)
    let asked = judged
    for (;;) {
      const decision = await this.hold.ask(asked, bind, types, number)
      const analysis = await this.o.judge.analyse(judged.text)
      if (analysis instanceof GatewayError) throw analysis
      const composed = composeNames(analysis.statements, this.scope)
      if (composed === 'wait')
        throw new GatewayError({ code: 'internal', sqlstate: 'XX000', message: 'a name moved while the statement was held' })
      const again = this.o.judge.judge(judged.text, composed)
      if (again.verdict.effect === 'deny') throw denied(again)
      if (again.verdict.effect === 'allow' || again.verdict.rule?.id === asked.verdict.rule?.id) {
        this.hold.use(decision)
        return { judged: again, approved: { decision }, number }
      }
      // Another rule asks now, and perhaps other people.
      asked = again
    }
  }

  private fail(error: unknown, type: number): void {
    if (!(error instanceof GatewayError) || error.fields.severity === 'FATAL') this.fatal(asFatal(error))
    else this.refuse(error, type === F.query || type === F.functionCall)
  }

  /** Made real upstream: the pipeline and the transaction fail there too, so that what the client is told of them is true. */
  private refuse(error: GatewayError, simple: boolean): void {
    this.owe({ kind: 'abort', show: 'none', refusal: error }, clearOwn({ kind: 'abort', portal: this.abortPortal }))
    if (simple) this.sync()
    else this.skipping = true
  }

  /** The client was told of an error that the server did not make: its transaction fails with an abort of ours. */
  private abortTransaction(): void {
    this.owe({ kind: 'abort', show: 'none' }, clearOwn({ kind: 'abort', portal: this.abortPortal }))
    this.owe({ kind: 'sync', show: 'all' }, clearOwn({ kind: 'sync' }))
    this.batch++
    this.link.flush()
  }

  private onOversize(type: number): undefined {
    const what = type === F.query || type === F.parse ? 'the statement' : 'the message'
    throw new GatewayError({
      code: 'limit',
      sqlstate: '54000',
      message: `${what} is longer than ${this.limitOf(type).max} bytes`,
      hint: 'Send it in smaller parts, or use COPY FROM STDIN for data.',
    })
  }

  private limitOf(type: number): FrameLimit {
    switch (type) {
      case F.query:
      case F.parse:
        return { max: this.o.maxSql + 4096, beyond: 'skip' }
      case F.bind:
        return { max: 64 * 1024 * 1024, beyond: 'skip' }
      case F.copyData:
        return { max: 256 * 1024 * 1024, beyond: 'fatal' }
      default:
        return { max: 64 * 1024, beyond: 'fatal' }
    }
  }

  // ---------------------------------------------------------------- what the server owes

  private begin(
    judged: JudgedHere,
    approved: Approved | undefined,
    number: number | undefined,
    bind: Buffer | undefined,
    simple = false,
  ): Unit {
    const { record } = this.o
    const statement = number ?? record.statement(judged, bind)
    record.sent(statement)
    if (judged.facts.some((facts) => facts.changesCatalog)) this.ddl = 'sent'
    return {
      simple,
      judged,
      approved,
      number: statement,
      startedAt: performance.now(),
      rows: 0,
      bytes: 0,
      tag: '',
      sqlstate: undefined,
      finished: false,
      recording: true,
      place: 0,
      plan: undefined,
      copyMask: undefined,
      masked: new Set(),
      over: undefined,
      overTold: false,
      copyIn: false,
    }
  }

  private owe(owed: Omit<Owed, 'batch'>, clearance?: Parameters<UpstreamLink['send']>[0]): void {
    if (clearance !== undefined) this.link.send(clearance)
    this.replies.owed.push({ ...owed, batch: this.batch })
  }

  /** What one statement does to the session's names when the server has done it. */
  private nameChanges(facts: StatementFacts, unit: Unit): NameChange[] {
    const changes: NameChange[] = []
    for (const use of facts.names) {
      if (use.kind === 'prepare') changes.push(this.statements.change(latin1(use.name), this.preparedBy([use.body], unit), this.batch))
      else if (use.kind === 'declare') {
        const portal: Portal = { prepared: this.preparedBy([use.body], unit), unit, formats: [], hold: use.hold }
        changes.push(this.portals.change(latin1(use.name), portal, this.batch))
      } else if (use.kind === 'deallocate' && use.name !== undefined)
        changes.push(this.statements.change(latin1(use.name), undefined, this.batch))
      else if (use.kind === 'close' && use.name !== undefined) changes.push(this.portals.change(latin1(use.name), undefined, this.batch))
    }
    return changes
  }

  private preparedBy(facts: readonly StatementFacts[], unit: Unit): Prepared {
    const { text, catalog } = unit.judged
    return { text, facts, catalog, fields: undefined, described: undefined, describing: false, shape: undefined, parameterTypes: [] }
  }

  private onReady(status: number): void {
    if (status === STATUS.idle && this.portals.size > 0) this.portals.forget((portal) => portal.hold)
    if (this.ddl === 'sent' || (this.ddl === 'open' && status === STATUS.idle)) this.ddl = 'done'
    this.endIfIdle()
  }

  /** Until everything that earlier batches are owed has come. */
  private earlierBatches(): Promise<void> {
    this.link.flush()
    const { batch } = this
    return this.until(() => {
      const { head } = this.replies.owed
      return head === undefined || head.batch >= batch
    })
  }

  private until(done: () => boolean): Promise<void> {
    if (done()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.replies.onProgress = () => {
        if (!this.closed && !done()) return
        this.replies.onProgress = undefined
        if (this.closed)
          reject(new GatewayError({ code: 'closing', sqlstate: '57P01', message: 'the session has ended', severity: 'FATAL' }))
        else resolve()
      }
    })
  }

  // ---------------------------------------------------------------- the catalog

  private async rereadCatalog(then: () => Promise<void> | undefined): Promise<void> {
    await this.until(() => this.replies.owed.length === 0 || this.replies.owed.head?.batch === this.batch)
    if (this.ddl === 'done') this.ddl = this.replies.status === STATUS.idle ? 'none' : 'open'
    await this.o.refreshCatalog()
    await then()
  }

  private tablesReread = false

  private waitForCatalog(from: number): void {
    this.inbox.wait(from)
    this.o.refreshCatalog().then(
      () => {
        this.tablesReread = true
        this.inbox.go()
        this.tablesReread = false
        this.o.upstream.socket.resume()
      },
      (error: unknown) => this.fatal(asFatal(error)),
    )
  }

  // ---------------------------------------------------------------- the end

  private fatal(error: GatewayError): void {
    if (this.closed) return
    this.o.record.note(error.message)
    this.o.ports.log.warn('session.fatal', { session: this.id, code: error.code, message: error.message, cause: String(error.cause ?? '') })
    this.out.flush()
    if (!this.inbox.midFrame) this.o.client.write(errorFrame({ ...error.fields, severity: 'FATAL' }))
    this.close(error.message)
  }

  private clientGone(why: string): void {
    if (!this.closed) this.close(why)
  }

  private upstreamGone(): void {
    if (this.closed) return
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
    this.inbox.stop()
    this.hold.leave()
    for (const { unit } of this.replies.owed) {
      if (unit === undefined || unit.finished) continue
      unit.sqlstate ??= '08006'
      this.results.finish(unit)
    }
    this.replies.onProgress?.()
    this.o.record.closed(reason)
    this.o.client.end()
    this.o.client.setTimeout(2000, () => this.o.client.destroy())
    // A statement that still runs is stopped: nobody is there to take its answer.
    if (this.replies.owed.length > 0) this.o.cancelUpstream()
    try {
      this.link.send(clearOwn({ kind: 'terminate' }))
      this.link.flush()
    } catch (error) {
      this.o.ports.log.error('session.close', { session: this.id, message: error instanceof Error ? error.message : String(error) })
    }
    this.o.upstream.socket.end()
    this.o.onClosed()
  }
}

function returnsRows(unit: Unit): boolean {
  return unit.judged.facts.some((facts) => (facts.outputs !== undefined || facts.outputsFromName) && facts.copy === undefined)
}

function latin1(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1')
}

function unsupported(what: string, hint: string): GatewayError {
  return new GatewayError({ code: 'unsupported', sqlstate: '0A000', message: `${what} is not supported through the gateway`, hint })
}

function missingStatement(name: string): GatewayError {
  const message =
    name === ''
      ? 'unnamed prepared statement does not exist'
      : `prepared statement "${Buffer.from(name, 'latin1').toString('utf8')}" does not exist`
  return new GatewayError({ code: 'protocol', sqlstate: '26000', message })
}

function missingPortal(name: string): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '34000',
    message: `portal "${Buffer.from(name, 'latin1').toString('utf8')}" does not exist`,
  })
}

function asFatal(error: unknown): GatewayError {
  if (error instanceof GatewayError) return new GatewayError({ ...error.fields, severity: 'FATAL' }, { cause: error.cause })
  return new GatewayError(
    { code: 'internal', sqlstate: 'XX000', message: 'the gateway failed; the session has ended', severity: 'FATAL' },
    { cause: error },
  )
}
