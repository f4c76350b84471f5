import { GatewayError } from '../errors.ts'
import type { CopyFormat } from '../statement/facts.ts'
import type { ByteSink } from '../wire/sink.ts'
import type { MaskPlan } from './plan.ts'
import type { MaskHits } from './scan-text.ts'

/** COPY options, and the plan: for binary COPY made for format 1, else for format 0. */
export interface CopyMaskOptions extends CopyFormat {
  readonly plan: MaskPlan
}

/** How one format is cut into rows and how a row is masked. */
export interface CopyRows {
  /** Where the row (or header) that begins at `start` ends, or -1 when it is not whole yet. */
  endOf(src: Buffer, start: number, end: number): number
  /** Writes the row's bytes, masked. */
  rewrite(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void
  /** At the end: what is left over. */
  finish(src: Buffer, start: number, end: number, sink: ByteSink, hits: MaskHits): void
}

/** One byte of ASCII, else refused. */
export function oneByte(text: string, what: string): number {
  const bytes = Buffer.from(text)
  if (bytes.length !== 1 || bytes[0]! >= 0x80) throw unsupported(`COPY with ${what} ${JSON.stringify(text)} cannot be masked`)
  return bytes[0]!
}

export function unsupported(message: string): GatewayError {
  return new GatewayError({
    code: 'unsupported',
    sqlstate: '0A000',
    message,
    hint: 'Use COPY … TO STDOUT with the default text format, or a SELECT.',
  })
}

export function wrongColumns(found: number, plan: MaskPlan): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `a COPY row has ${found} columns where ${plan.columns.length} were expected`,
    severity: 'FATAL',
  })
}

/**
 * Whether a row can be searched before it is taken apart: the bytes that the format adds must not break up what the patterns look for.
 */
export function searchableRaw(plan: MaskPlan, added: readonly number[]): boolean {
  return plan.kind === 'scan' && plan.hidden.length === 0 && added.every((byte) => !/[A-Za-z0-9 _.+/=~@-]/.test(String.fromCharCode(byte)))
}
