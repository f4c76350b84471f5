import { GatewayError } from '../errors.ts'
import { type CopyMask, createCopyMask } from '../mask/copy.ts'
import { planColumns } from '../mask/plan.ts'
import type { SessionRecord } from '../ports.ts'
import { compileLabels } from '../verdict/labels.ts'
import { HEADER } from '../wire/codes.ts'
import { ByteSink } from '../wire/sink.ts'
import { copyColumns } from './result-limits.ts'
import type { Unit } from './unit.ts'

/** So much of the data of one COPY FROM STDIN is kept, in bytes as they came. */
const SAMPLE_BYTES = 65_536
const CARRIAGE_RETURN = 0x0d
const NEWLINE = 0x0a
/** `pg_type.oid` of text: nobody has seen yet whether the data are what the column's type wants. */
const TEXT = 25

/**
 * The beginning of what a client loads, for the record: labelled columns of the target are masked by their place in the COPY's column list,
 * and patterns are searched for. Data that cannot be told apart are left out; they pass all the same.
 */
export class CopySample {
  private readonly unit: Unit
  private readonly record: SessionRecord
  private readonly sink = new ByteSink(4096)
  private mask: CopyMask | undefined
  private seen = 0
  private afterReturn = false
  private readonly binary: boolean

  /** `buf[from, to)` is the server's CopyInResponse. */
  constructor(unit: Unit, record: SessionRecord, buf: Buffer, from: number, to: number) {
    this.unit = unit
    this.record = record
    this.binary = buf[from + HEADER] === 1
    const { judged, place } = unit
    const facts = judged.facts[place]
    const columns = facts?.copyColumns
    const format = facts?.copyFormat
    const fields = copyColumns(columns, buf, from, to, judged.catalog)
    if (!unit.recording || format === undefined || columns === undefined || columns.length !== fields.length) return
    const { policy, catalog } = judged
    const plan = planColumns({
      fields: this.binary ? fields : fields.map((field) => ({ ...field, typeOid: TEXT })),
      outputs: columns,
      touched: policy.sensitive.filter(({ label }) => judged.verdict.labels.includes(label)),
      labels: compileLabels(policy, catalog),
      policy,
      typeOf: (oid) => catalog.type(oid),
      reveal: false,
    })
    this.guarded(() => {
      this.mask = createCopyMask({ ...format, plan })
    })
    if (this.mask === undefined) return
    for (const name of plan.masked) unit.masked.add(name)
    this.unit.recording = record.response(unit.number, buf, from, to)
  }

  /** The next bytes of the data, without their frames' headers. */
  take(buf: Buffer, from: number, to: number): void {
    const { mask } = this
    if (mask === undefined) return
    const until = Math.min(to, from + SAMPLE_BYTES - this.seen)
    this.seen += until - from
    if (!this.binary && this.hasOldNewline(buf, from, until)) this.mask = undefined
    else this.guarded(() => mask.push(buf, from - HEADER, until, this.sink, this.unit.masked))
    this.keep()
    if (this.seen >= SAMPLE_BYTES) this.mask = undefined
  }

  /** CopyDone: a last row may have no newline. */
  end(): void {
    const { mask } = this
    if (mask === undefined) return
    this.guarded(() => mask.end(this.sink, this.unit.masked))
    this.keep()
    this.mask = undefined
  }

  private keep(): void {
    const { sink, unit } = this
    if (sink.length > 0 && unit.recording) unit.recording = this.record.response(unit.number, sink.buf, 0, sink.length)
    sink.length = 0
    if (!unit.recording) this.mask = undefined
  }

  /** A carriage return by itself ends a line for the server, and none for us. */
  private hasOldNewline(buf: Buffer, from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
      if (this.afterReturn && buf[at] !== NEWLINE) return true
      this.afterReturn = buf[at] === CARRIAGE_RETURN
    }
    return false
  }

  /** What is wrong with the data the server says; here it only ends the sample. */
  private guarded(run: () => void): void {
    try {
      run()
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      this.mask = undefined
      this.sink.length = 0
    }
  }
}
