import { performance } from 'node:perf_hooks'
import { GatewayError } from '../errors.ts'
import type { LabelLookup } from '../mask/column-source.ts'
import { createCopyMask } from '../mask/copy.ts'
import { LONGEST_ROW, rowTooLong } from '../mask/longest-row.ts'
import type { PatternSet } from '../mask/pattern-set.ts'
import { type MaskPlan, planColumns } from '../mask/plan.ts'
import { mayContain } from '../mask/prefilter.ts'
import { rewriteRow } from '../mask/row.ts'
import { RowSearch } from '../mask/row-search.ts'
import type { TokenBook } from '../mask/token-book.ts'
import type { ConnectionLimits, SessionRecord } from '../ports.ts'
import { gainedLabels } from '../verdict/carried.ts'
import type { Verdict } from '../verdict/decide.ts'
import { compileLabels } from '../verdict/labels.ts'
import type { Policy, SensitiveLabel } from '../verdict/policy.ts'
import { type RowField, rowDescriptionFrame } from '../wire/row-description.ts'
import type { Spending } from './budget.ts'
import type { ClientOut } from './client-out.ts'
import { CopySample } from './copy-sample.ts'
import { copyColumns, overLimit } from './result-limits.ts'
import type { LongMessage } from './server-inbox.ts'
import type { JudgedHere, Portal, Shape, Unit } from './unit.ts'
import { readsUnseen } from './what-errors-tell.ts'

export interface ResultsOptions {
  readonly out: ClientOut
  readonly record: SessionRecord
  readonly limits: ConnectionLimits
  readonly spending: Spending | undefined
  /** What this person is shown tokens for. */
  readonly book: TokenBook
  /** The policy of now: a label may have followed a value since the statement was judged. */
  readonly policy: () => Policy
  /** Asks the server to stop what runs. */
  readonly cancel: () => void
  readonly windowEnd: () => number
}

/** A RowDescription as read, with the plan for a simple Query's rows once one was made. Not used where a person lifted a mask. */
export interface Columns {
  readonly frame: Buffer
  readonly fields: readonly RowField[]
  plan: MaskPlan | undefined
  /** Which statement of the string `plan` is for, and by which policy. */
  place: number
  policy: Policy | undefined
}

/** What a statement gives back, on its way to the client: masked by plan, counted, and kept for the record. */
export class Results {
  private readonly options: ResultsOptions
  private searchedBuf: Buffer | undefined
  private searchedTo = 0
  /** Another plan may look for other things in the same bytes. */
  private searchedPlan: MaskPlan | undefined
  private clean = false
  private readonly search = new RowSearch()
  private soughtBuf: Buffer | undefined
  private soughtTo = 0
  private sought: PatternSet | undefined
  private readonly columns = new WeakMap<Verdict, Columns>()
  private readonly shapes = new WeakMap<Verdict, Shape>()

  constructor(options: ResultsOptions) {
    this.options = options
  }

  /** The columns of these very bytes, if the same statement was described by them before. Drivers describe the same rows again and again. */
  columnsOf({ verdict }: JudgedHere, buf: Buffer, from: number, to: number): Columns | undefined {
    const known = this.columns.get(verdict)
    return known !== undefined && known.frame.compare(buf, from, to) === 0 ? known : undefined
  }

  keepColumns({ verdict }: JudgedHere, columns: Columns): void {
    this.columns.set(verdict, columns)
  }

  /** Rows of a simple Query, whose columns were just described. */
  describe(unit: Unit, columns: Columns, buf: Buffer, from: number, to: number): void {
    const policy = this.options.policy()
    const known = columns.place === unit.place && columns.policy === policy && unit.approved === undefined ? columns.plan : undefined
    unit.plan = known ?? this.plan(unit, columns.fields)
    if (unit.approved === undefined) {
      columns.place = unit.place
      columns.policy = policy
      columns.plan = unit.plan
    }
    unit.maskedBy ??= policy.version
    for (const name of unit.plan.masked) unit.masked.add(name)
    if (unit.recording) unit.recording = this.options.record.response(unit.number, buf, from, to)
  }

  /** Rows of a portal: planned from what its statement was described as, once for the same formats, policy and catalog. */
  planPortal(portal: Portal): MaskPlan {
    const { prepared, unit, formats } = portal
    const { fields } = prepared
    if (fields === undefined || fields === null) throw undescribed()
    let shape = this.shapes.get(unit.judged.verdict)
    const policy = this.options.policy()
    if (
      shape === undefined ||
      shape.policy !== policy ||
      shape.fields !== fields ||
      !sameFormats(shape.formats, formats) ||
      unit.approved !== undefined
    ) {
      const described = fields.map((field, i) => ({ ...field, format: formats.length === 1 ? (formats[0] ?? 0) : (formats[i] ?? 0) }))
      shape = { policy, fields, formats, plan: this.plan(unit, described), frame: rowDescriptionFrame(described) }
      // What a person lifted the masks from is for this portal only.
      if (unit.approved === undefined) this.shapes.set(unit.judged.verdict, shape)
    }
    unit.maskedBy ??= policy.version
    for (const name of shape.plan.masked) unit.masked.add(name)
    unit.plan = shape.plan
    if (unit.recording) unit.recording = this.options.record.response(unit.number, shape.frame, 0, shape.frame.length)
    return shape.plan
  }

  row(plan: MaskPlan, unit: Unit, buf: Buffer, from: number, to: number): void {
    if (!this.count(unit, to - from)) return
    const { out, record } = this.options
    if (plan.kind === 'pass' || (plan.kind === 'scan' && !this.mayHold(plan, buf, from, to))) {
      out.run(buf, from, to)
      if (unit.recording) unit.recording = record.response(unit.number, buf, from, to)
      return
    }
    const sink = out.sink()
    const at = sink.length
    const clean = plan.kind === 'rewrite' && plan.hidden.length > 0 && this.windowIsClean(plan, buf, from)
    rewriteRow(plan, buf, from, to, sink, unit.masked, clean, this.searchFrom(plan, buf, from))
    if (unit.recording) unit.recording = record.response(unit.number, sink.buf, at, sink.length)
  }

  /** CopyOutResponse: the columns are told by the facts, since the protocol does not name them. */
  copyBegins(unit: Unit, buf: Buffer, from: number, to: number): void {
    const facts = unit.judged.facts[unit.place]
    const plan = this.plan(unit, copyColumns(facts?.outputs, buf, from, to, unit.judged.catalog))
    unit.plan = plan
    if (plan.kind !== 'pass') {
      if (facts?.copyFormat === undefined) throw undescribed()
      unit.copyMask = createCopyMask({ ...facts.copyFormat, plan })
    }
    if (unit.recording) unit.recording = this.options.record.response(unit.number, buf, from, to)
  }

  /** CopyInResponse: the beginning of what the client sends now is kept for the record. */
  copyInBegins(unit: Unit, buf: Buffer, from: number, to: number): void {
    unit.copySample = new CopySample(unit, this.options.record, buf, from, to)
  }

  copyData(unit: Unit, buf: Buffer, from: number, to: number): void {
    if (!this.count(unit, to - from)) return
    const { out, record } = this.options
    if (unit.copyMask === undefined) {
      out.run(buf, from, to)
      if (unit.recording) unit.recording = record.response(unit.number, buf, from, to)
      return
    }
    const sink = out.sink()
    const at = sink.length
    if (unit.copyMask.held + to - from > LONGEST_ROW) {
      this.stop(unit, rowTooLong(unit.copyMask.held + to - from))
      return
    }
    unit.copyMask.push(buf, from, to, sink, unit.masked)
    if (unit.recording && sink.length > at) unit.recording = record.response(unit.number, sink.buf, at, sink.length)
  }

  copyEnds(unit: Unit): void {
    if (unit.copyMask === undefined || unit.over !== undefined) return
    unit.copyMask.end(this.options.out.sink(), unit.masked)
    unit.copyMask = undefined
  }

  /** A long row has begun. What passes in pieces is counted and not kept; over a limit none of it is waited for. */
  long(unit: Unit, size: number): LongMessage {
    const looked = unit.copyMask !== undefined || unit.plan?.kind !== 'pass'
    const fits = unit.bytes + size <= this.options.limits.resultBytes
    if (looked && fits && size <= LONGEST_ROW && unit.over === undefined) return 'gather'
    if (!this.count(unit, size)) return 'drop'
    if (looked) {
      this.stop(unit, rowTooLong(size))
      return 'drop'
    }
    unit.recording = false
    return 'pass'
  }

  finish(unit: Unit): void {
    if (unit.finished) return
    unit.finished = true
    this.options.record.finished(unit.number, {
      rows: unit.rows + unit.copiedRows,
      bytes: unit.bytes + unit.copiedBytes,
      ms: performance.now() - unit.startedAt,
      sqlstate: unit.over?.fields.sqlstate ?? unit.sqlstate,
      tag: unit.tag,
      masked: [...unit.masked],
      maskedBy: unit.maskedBy,
    })
  }

  /** False: the statement is over a limit, and no more of it reaches the client. */
  private count(unit: Unit, size: number): boolean {
    unit.rows++
    unit.bytes += size
    if (unit.over !== undefined) return false
    const { limits, spending } = this.options
    if (unit.rows > limits.rows || unit.bytes > limits.resultBytes) this.stop(unit, overLimit(unit, limits))
    else if (spending === undefined || spending.row(size)) return true
    else this.stop(unit, spending.refusal())
    return false
  }

  private stop(unit: Unit, over: GatewayError): void {
    unit.over = over
    this.options.cancel()
  }

  /** A row that is only searched, not masked. */
  private mayHold(plan: MaskPlan, buf: Buffer, from: number, to: number): boolean {
    if (plan.hidden.length > 0) return !this.windowIsClean(plan, buf, from)
    return this.searchFrom(plan, buf, from).mayHold(buf, from, to)
  }

  /** One search over all that lies here, whatever the frames. */
  private searchFrom(plan: MaskPlan, buf: Buffer, from: number): RowSearch {
    if (buf !== this.soughtBuf || from >= this.soughtTo || plan.patterns !== this.sought) {
      this.soughtBuf = buf
      this.sought = plan.patterns
      this.soughtTo = this.options.windowEnd()
      this.search.begin(plan.patterns, this.soughtTo)
    }
    return this.search
  }

  /** The same where numbers in binary and the like must be looked at as well: only a window with a hit need be looked at row by row. */
  private windowIsClean(plan: MaskPlan, buf: Buffer, from: number): boolean {
    if (buf !== this.searchedBuf || from >= this.searchedTo || plan !== this.searchedPlan) {
      this.searchedBuf = buf
      this.searchedPlan = plan
      this.searchedTo = this.options.windowEnd()
      this.clean = !mayContain(plan, buf, from, this.searchedTo)
    }
    return this.clean
  }

  /** A new window of bytes has come. */
  forgetWindow(): void {
    this.searchedBuf = undefined
    this.soughtBuf = undefined
  }

  private plan(unit: Unit, fields: readonly RowField[]): MaskPlan {
    const { judged, approved } = unit
    const policy = this.options.policy()
    const plan = planColumns({
      fields,
      outputs: judged.facts[unit.place]?.outputs,
      touched: touchedLabels(judged, policy),
      labels: labelsFor(judged, policy),
      policy,
      typeOf: (oid) => judged.catalog.type(oid),
      reveal: approved?.decision.reveal === true && (approved.decision.revealLabels ?? true),
      book: this.options.book,
    })
    for (const name of plan.masked) unit.masked.add(name)
    return plan
  }
}

/** Labels of now, which may have followed a value since this was judged, and those that this very statement takes along. */
function labelsFor({ catalog, verdict }: JudgedHere, policy: Policy): LabelLookup {
  const labels = compileLabels(policy, catalog)
  if (verdict.carried === undefined) return labels
  const gained = gainedLabels(verdict.carried, policy.sensitive)
  const all = (oid: number, attnum: number): readonly SensitiveLabel[] => {
    const more = gained.get(`${oid} ${attnum}`)
    return more === undefined ? labels.all(oid, attnum) : [...labels.all(oid, attnum), ...more]
  }
  return { any: true, all, of: (oid, attnum) => all(oid, attnum)[0] }
}

function touchedLabels(judged: JudgedHere, policy: Policy) {
  if (readsUnseen(judged)) return policy.sensitive
  return policy.sensitive.filter((label) => judged.verdict.labels.includes(label.label))
}

function sameFormats(a: readonly (0 | 1)[], b: readonly (0 | 1)[]): boolean {
  return a === b || (a.length === b.length && a.every((format, i) => format === b[i]))
}

function undescribed(): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: 'the database server sent rows without their description',
    severity: 'FATAL',
  })
}
