import { GatewayError } from '../errors.ts'
import { maskNotice, maskNotification, maskParameterStatus } from '../mask/notice.ts'
import { onReply, ReplyQueue } from '../reply/expected.ts'
import type { Policy } from '../verdict/policy.ts'
import { tooManyRows } from '../verdict/refusal.ts'
import { checkReport, checkTwoStrings } from '../wire/check-strings.ts'
import { FROM_SERVER as B, HEADER, STATUS } from '../wire/codes.ts'
import { parseRowDescription, type RowField } from '../wire/row-description.ts'
import { errorFrame } from '../wire/server-messages.ts'
import type { ClientOut } from './client-out.ts'
import { movePosition, type Positions, withoutLast } from './put-back.ts'
import { checkPinned, isFarewell, isLog, readOids, readSqlstate } from './read-report.ts'
import { affectedRows } from './result-limits.ts'
import type { Results } from './results.ts'
import type { LongMessage } from './server-inbox.ts'
import type { Owed, Prepared, Unit } from './unit.ts'
import { changesLabelled, endsTransaction, mayTellSecrets } from './what-errors-tell.ts'

export interface RepliesOptions {
  readonly out: ClientOut
  readonly results: Results
  readonly policy: () => Policy
  /** True when the catalog knows the table, or has just been read; false puts the message back until it has been. */
  readonly knowsTable: (oid: number) => boolean
  readonly waitForCatalog: (from: number) => void
  /** ReadyForQuery came. */
  readonly onReady: (status: number) => void
  /** The server failed in this batch and skips to its Sync. */
  readonly onFailed: (batch: number) => void
  /** The transaction must fail, since the client was told of an error that the server did not make. */
  readonly abort: () => void
}

/** The way back: each of the server's messages, matched to what is owed. */
export class Replies {
  readonly owed = new ReplyQueue<Owed>()
  /** As the last ReadyForQuery said. */
  status: number = STATUS.idle
  /** Something sensitive was touched in this transaction: what COMMIT or Sync still does for it (a cursor WITH HOLD, a deferred constraint) may quote it. */
  private touched = false
  /** Rows of a table with labelled columns were changed in this transaction. */
  private changed = false
  /** What tokens stand for has gone to the server: what it logs of a statement, some time after it, may hold it. */
  valuesSent = false
  /** The server itself has said why it ends the session. */
  farewell = false
  /** Called whenever something that was owed has come. */
  onProgress: (() => void) | undefined

  private readonly options: RepliesOptions

  constructor(options: RepliesOptions) {
    this.options = options
  }

  take(type: number, buf: Buffer, from: number, to: number): void {
    const head = this.owed.head
    const step = onReply(head?.kind, type)
    if (step === 'async') this.onAsync(type, buf, from, to)
    else if (step === 'error') this.onError(head, buf, from, to)
    else if (step === 'out-of-sync' || head === undefined) throw outOfSync(type)
    else this.onOwed(head, step === 'last', type, buf, from, to)
  }

  /** A long message has begun. */
  long(type: number, size: number): LongMessage {
    const { head } = this.owed
    if (head?.unit === undefined || (type !== B.dataRow && type !== B.copyData) || onReply(head.kind, type) !== 'more') return 'gather'
    if (head.unit.plan === undefined && head.portal !== undefined && type === B.dataRow) this.options.results.planPortal(head.portal)
    return this.options.results.long(head.unit, size)
  }

  private onOwed(head: Owed, last: boolean, type: number, buf: Buffer, from: number, to: number): void {
    const { unit } = head
    switch (type) {
      case B.dataRow:
        if (unit !== undefined) this.onRow(head, unit, buf, from, to)
        else head.own?.row(buf, from, to)
        return
      case B.copyData:
        if (unit !== undefined) this.options.results.copyData(unit, buf, from, to)
        return
      case B.rowDescription:
        if (!this.onColumns(head, buf, from, to)) return
        break
      case B.noData:
        this.onNoColumns(head)
        break
      case B.parameterDescription:
        if (head.prepared !== undefined && this.onParameters(head.prepared, buf, from, to)) return
        break
      case B.copyIn:
        if (unit !== undefined) {
          if (unit.over !== undefined) throw new GatewayError({ ...unit.over.fields, severity: 'FATAL' })
          unit.copyIn = true
          this.options.results.copyInBegins(unit, buf, from, to)
        }
        break
      case B.copyOut:
        if (unit !== undefined) this.options.results.copyBegins(unit, buf, from, to)
        break
      case B.copyDone:
        if (unit !== undefined) this.options.results.copyEnds(unit)
        break
      case B.commandComplete:
      case B.emptyQuery:
      case B.portalSuspended:
        if (unit !== undefined && !this.onComplete(head, unit, type, buf, from, to)) {
          if (last) this.done(head)
          return
        }
        break
      case B.readyForQuery:
        this.onReadyForQuery(head, buf, from, to)
        return
    }
    const shown = head.show === 'all' || (head.show === 'description' && type !== B.noData)
    if (shown && head.batch !== this.muted) this.options.out.run(buf, from, to)
    if (last) this.done(head)
    else if (type === B.copyIn) this.onProgress?.()
  }

  /** True: the client was told of its own parameters only, and not of the strings that became some. */
  private onParameters(prepared: Prepared, buf: Buffer, from: number, to: number): boolean {
    const hidden = prepared.lifted?.length ?? 0
    const all = readOids(buf, from, to)
    prepared.parameterTypes = hidden === 0 ? all : all.slice(0, -hidden)
    if (hidden > 0) this.options.out.frame(withoutLast(buf, from, to, hidden))
    return hidden > 0
  }

  private done(head: Owed): void {
    this.owed.shift()
    if (head.kind !== 'query') for (const changes of head.changes ?? []) for (const change of changes) change.confirm()
    this.onProgress?.()
  }

  // ---------------------------------------------------------------- columns and rows

  private onRow(head: Owed, unit: Unit, buf: Buffer, from: number, to: number): void {
    const { results } = this.options
    const plan = unit.plan ?? (head.portal === undefined ? undefined : results.planPortal(head.portal))
    if (plan === undefined) throw outOfSync(B.dataRow)
    results.row(plan, unit, buf, from, to)
  }

  /** False: the message was put back until the catalog has been read, since it names a table made behind our back. */
  private onColumns(head: Owed, buf: Buffer, from: number, to: number): boolean {
    const prepared = head.prepared ?? head.portal?.prepared
    // Drivers describe the same portal before each Execute: the same bytes mean the same columns.
    if (prepared?.described !== undefined && prepared.fields && prepared.described.compare(buf, from, to) === 0) {
      prepared.describing = undefined
      return true
    }
    const { results } = this.options
    const judged = head.unit?.judged ?? head.portal?.unit.judged
    let columns = judged && results.columnsOf(judged, buf, from, to)
    if (columns === undefined) {
      const fields = parseRowDescription(buf, from, to)
      if (!fields.every((field) => field.tableOid === 0 || this.options.knowsTable(field.tableOid))) {
        this.options.waitForCatalog(from)
        return false
      }
      columns = { frame: Buffer.from(buf.subarray(from, to)), fields, plan: undefined, place: 0, policy: undefined }
      if (judged !== undefined) results.keepColumns(judged, columns)
    }
    if (prepared !== undefined) this.remember(prepared, columns.fields, columns.frame)
    if (head.unit !== undefined) results.describe(head.unit, columns, buf, from, to)
    return true
  }

  private remember(prepared: Prepared, fields: readonly RowField[], frame: Buffer): void {
    prepared.fields = fields
    prepared.described = frame
    prepared.describing = undefined
  }

  private onNoColumns(head: Owed): void {
    const prepared = head.prepared ?? head.portal?.prepared
    if (prepared === undefined) return
    prepared.fields = null
    prepared.describing = undefined
  }

  // ---------------------------------------------------------------- ends

  /** False: the client is not told that it completed, since it went over a limit. */
  private onComplete(head: Owed, unit: Unit, type: number, buf: Buffer, from: number, to: number): boolean {
    if (type === B.commandComplete) unit.tag = buf.toString('latin1', from + HEADER, to - 1)
    if (unit.judged.facts[unit.place]?.copy === 'in') unit.copiedRows += copiedRows(unit.tag)
    this.touched ||= mayTellSecrets(unit)
    this.changed ||= changesLabelled(unit)
    const ceiling = unit.approved?.decision.maxRows
    if (unit.over === undefined && ceiling !== undefined && type !== B.emptyQuery) {
      // A write that gives its rows in parts has written them all, and does not say how many.
      const rows = affectedRows(unit.tag, unit.judged.facts)
      if (rows === undefined || rows > ceiling) unit.over = tooManyRows(rows, ceiling)
    }
    if (head.kind === 'query') {
      for (const change of head.changes?.[unit.place] ?? []) change.confirm()
      unit.place++
      unit.plan = undefined
      if (unit.over !== undefined) this.tellOver(head, unit)
      return unit.over === undefined
    }
    if (head.portal !== undefined && unit.plan === undefined && head.portal.prepared.fields) this.options.results.planPortal(head.portal)
    unit.suspended = type === B.portalSuspended
    if (!unit.suspended) this.options.results.finish(unit)
    // Over the ceiling of an approval: the session aborts before its Sync, and words the refusal there.
    if (unit.over !== undefined && ceiling === undefined) this.tellOver(head, unit)
    return unit.over === undefined
  }

  /** The server completed before it could be stopped. The client is told of an error, so its transaction must fail as well. */
  private tellOver(head: Owed, unit: Unit): void {
    if (unit.over === undefined || unit.overTold) return
    unit.overTold = true
    const behind = head.kind === 'query' ? [] : this.mute(head.batch, unit.over)
    const stays = this.status === STATUS.idle && [unit, ...behind].some(changesAnything)
    this.options.out.frame(errorFrame(stays ? { ...unit.over.fields, detail: STAYS } : unit.over.fields))
    this.mustAbort = unit.over
  }

  /** The client has been told of an error in this batch, and hears no more of it up to the Sync, as if the server had skipped the rest. */
  private muted = -1

  /** The units of the batch that are on their way already. */
  private mute(batch: number, over: GatewayError): Unit[] {
    this.muted = batch
    const units = [...this.owed].flatMap((owed) => (owed.batch === batch && owed.unit !== undefined ? [owed.unit] : []))
    for (const unit of units) {
      unit.over ??= over
      unit.overTold = true
    }
    this.options.onFailed(batch)
    return units
  }

  private mustAbort: GatewayError | undefined

  private onReadyForQuery(head: Owed, buf: Buffer, from: number, to: number): void {
    this.status = buf[from + HEADER] as number
    if (this.status === STATUS.idle) {
      this.touched = false
      this.changed = false
    }
    this.owed.shift()
    if (head.kind === 'query') {
      // What the server did not reach in the string.
      for (const changes of head.changes?.slice(head.unit?.place ?? 0) ?? []) for (const change of changes) change.drop()
      if (head.unit !== undefined) this.options.results.finish(head.unit)
    }
    const over = this.mustAbort
    this.mustAbort = undefined
    if (over !== undefined && this.status === STATUS.inTransaction) {
      // Only the true state may be told: anything already on its way behind would run in a transaction that should have failed.
      if (this.owed.length > 0) throw new GatewayError({ ...over.fields, severity: 'FATAL' })
      this.options.abort()
      return
    }
    if (head.show === 'all') this.options.out.run(buf, from, to)
    this.options.onReady(this.status)
    this.onProgress?.()
  }

  private onError(head: Owed | undefined, buf: Buffer, from: number, to: number): void {
    if (isFarewell(buf, from, to)) this.farewell = true
    if (head === undefined || head.kind === 'sync') {
      this.passReport(undefined, buf, from, to)
      return
    }
    const { unit } = head
    const sqlstate = readSqlstate(buf, from, to)
    if (head.own !== undefined) head.own.failed(sqlstate)
    else if (head.kind === 'abort') {
      if (head.refusal !== undefined) this.options.out.frame(errorFrame(head.refusal.fields))
    } else if (unit?.over !== undefined) {
      if (!unit.overTold) this.options.out.frame(errorFrame(unit.over.fields))
      unit.overTold = true
    } else if (head.batch !== this.muted) {
      this.passReport(unit, buf, from, to, head.positions ?? head.portal?.prepared.positions)
    }
    if (head.kind === 'query') {
      if (unit !== undefined) unit.sqlstate = sqlstate
      this.onProgress?.()
      return
    }
    this.skip(head, sqlstate)
  }

  /** The server skips to the next Sync, and so do we. */
  private skip(failed: Owed, sqlstate: string): void {
    for (const owed of this.owed.skipToSync()) this.skipped(owed, owed.unit === failed.unit ? sqlstate : '25P02')
    this.options.onFailed(failed.batch)
    this.onProgress?.()
  }

  /** It will not be answered, since something before it failed. */
  skipped(owed: Owed, sqlstate: string): void {
    for (const changes of owed.changes ?? []) for (const change of changes) change.drop()
    const prepared = owed.prepared ?? owed.portal?.prepared
    if (prepared !== undefined && owed.kind === 'describe') prepared.describing = undefined
    const { unit } = owed
    if (unit === undefined || owed.kind === 'describe') return
    unit.sqlstate ??= sqlstate
    this.options.results.finish(unit)
  }

  // ---------------------------------------------------------------- at any time

  private onAsync(type: number, buf: Buffer, from: number, to: number): void {
    const { out } = this.options
    if (type === B.notice) {
      this.passReport(this.owed.head?.unit, buf, from, to)
      return
    }
    checkTwoStrings(buf, from, to, type === B.notification ? HEADER + 4 : HEADER)
    if (type === B.parameterStatus) checkPinned(buf, from, to)
    const mask = type === B.notification ? maskNotification : maskParameterStatus
    const masked = mask(buf, from, to, this.options.policy())
    if (masked === undefined) out.run(buf, from, to)
    else out.frame(masked)
  }

  private passReport(unit: Unit | undefined, buf: Buffer, from: number, to: number, positions?: Positions): void {
    checkReport(buf, from, to)
    const masked = maskNotice(buf, from, to, {
      touched:
        (unit === undefined ? this.touched : mayTellSecrets(unit) || (this.touched && endsTransaction(unit))) ||
        (this.valuesSent && isLog(buf, from, to)),
      changed: unit === undefined ? this.changed : changesLabelled(unit) || (this.changed && endsTransaction(unit)),
      policy: unit?.judged.policy ?? this.options.policy(),
    })
    const moved =
      positions && (masked === undefined ? movePosition(buf, from, to, positions) : movePosition(masked, 0, masked.length, positions))
    const own = moved ?? masked
    if (own === undefined) this.options.out.run(buf, from, to)
    else this.options.out.frame(own)
  }
}

/** Said where the statement commits by itself and could not be stopped in time. */
const STAYS = 'The statement and what was sent behind it had been completed by then: what they changed stays.'

function changesAnything({ judged }: Unit): boolean {
  return judged.facts.some((facts) => facts.verbs.some((verb) => verb !== 'read' && verb !== 'session' && verb !== 'transaction'))
}

function copiedRows(tag: string): number {
  return Number(/^COPY (\d+)$/.exec(tag)?.[1] ?? 0)
}

function outOfSync(type: number): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `the database server sent a message of type ${type} out of turn`,
    severity: 'FATAL',
  })
}
