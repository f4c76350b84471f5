import { GatewayError } from '../errors.ts'
import type { Decision, Judged } from '../ports.ts'
import { FROM_CLIENT } from '../wire/codes.ts'
import {
  abortFrame,
  copyDataFrame,
  describePortalFrame,
  FLUSH_FRAME,
  ownQueryFrames,
  runOnceFrames,
  SYNC_FRAME,
  TERMINATE_FRAME,
} from '../wire/own-messages.ts'

/**
 * Leave for exactly these bytes to go upstream, once. Only the functions below make one, and each demands its proof: a verdict that
 * allows, a person's approval of a statement that was asked about, or a message that cannot carry a statement.
 */
export class Clearance {
  readonly buf: Buffer
  readonly start: number
  readonly end: number
  private spent = false

  private constructor(buf: Buffer, start: number, end: number) {
    this.buf = buf
    this.start = start
    this.end = end
  }

  /** Called by the one function that writes upstream. Throws when the clearance was used before. */
  spend(): void {
    if (this.spent)
      throw new GatewayError({ code: 'internal', sqlstate: 'XX000', message: 'a clearance was used twice', severity: 'FATAL' })
    this.spent = true
  }

  /** @internal The door for the functions of this file. */
  static grant(key: typeof KEY, buf: Buffer, start: number, end: number): Clearance {
    if (key !== KEY) throw new GatewayError({ code: 'internal', sqlstate: 'XX000', message: 'a clearance was forged', severity: 'FATAL' })
    return new Clearance(buf, start, end)
  }
}

/** Nobody outside this file holds it. */
const KEY: unique symbol = Symbol('verdict')

/** A person's leave, bound to what was judged when they gave it. */
export interface Approved {
  readonly decision: Extract<Decision, { outcome: 'approved' }>
}

/** Query, Bind or Execute frames of a statement that runs now. Throws unless the verdict allows it, or asks and `approved` is there. */
export function clearStatement(judged: Judged, approved: Approved | undefined, buf: Buffer, start: number, end: number): Clearance {
  demand(judged, approved)
  return Clearance.grant(KEY, buf, start, end)
}

/** A text in which tokens became parameters, with what they stand for: the session has seen that it means what was judged. */
export interface WithValues {
  readonly text: Buffer
  readonly values: readonly Buffer[]
}

/** The statement's own text as one extended unit without its Sync: for a ceiling on rows, or with values in place of its tokens. */
export function clearRunOnce(judged: Judged, approved: Approved | undefined, put?: WithValues): Clearance {
  demand(judged, approved)
  const frames = runOnceFrames(put?.text ?? judged.text, put?.values)
  return Clearance.grant(KEY, frames, 0, frames.length)
}

/** A Parse: analysis only. A statement that must be asked about may be prepared, since the driver needs its types; one that names unknown code may not, since analysis could run it. */
export function clearParse(judged: Judged, buf: Buffer, start: number, end: number): Clearance {
  const unproved = judged.facts.some((facts) => facts.unknown.some((unknown) => unknown.code))
  if (judged.verdict.effect === 'deny' || (judged.verdict.effect === 'ask' && unproved)) throw notCleared()
  return Clearance.grant(KEY, buf, start, end)
}

const CONTROL = new Set<number>([FROM_CLIENT.sync, FROM_CLIENT.flush, FROM_CLIENT.close, FROM_CLIENT.describe, FROM_CLIENT.terminate])

/** A frame that names things but runs nothing. */
export function clearControl(buf: Buffer, start: number, end: number): Clearance {
  if (!CONTROL.has(buf[start] ?? 0)) throw notCleared()
  return Clearance.grant(KEY, buf, start, end)
}

const COPY = new Set<number>([FROM_CLIENT.copyData, FROM_CLIENT.copyDone, FROM_CLIENT.copyFail])

/** Data for a COPY that was cleared and that the server has begun. */
export function clearCopyData(judged: Judged, approved: Approved | undefined, buf: Buffer, start: number, end: number): Clearance {
  demand(judged, approved)
  if (!COPY.has(buf[start] ?? 0) || !judged.facts.some((facts) => facts.copy === 'in')) throw notCleared()
  return Clearance.grant(KEY, buf, start, end)
}

/** A part of the data in a CopyData of its own: where data is cut means nothing (protocol, "COPY Operations"). */
export function clearCopyPiece(judged: Judged, approved: Approved | undefined, buf: Buffer, start: number, end: number): Clearance {
  const frame = copyDataFrame(buf, start, end)
  return clearCopyData(judged, approved, frame, 0, frame.length)
}

export type OwnMessage =
  | { readonly kind: 'abort'; readonly portal: string }
  | { readonly kind: 'sync' | 'flush' | 'terminate' }
  | { readonly kind: 'describe'; readonly portal: string }

/** Our own messages: none can run a statement. */
export function clearOwn(message: OwnMessage): Clearance {
  const frame =
    message.kind === 'abort'
      ? abortFrame(message.portal)
      : message.kind === 'describe'
        ? describePortalFrame(message.portal)
        : message.kind === 'sync'
          ? SYNC_FRAME
          : message.kind === 'flush'
            ? FLUSH_FRAME
            : TERMINATE_FRAME
  return Clearance.grant(KEY, frame, 0, frame.length)
}

/** A question of ours to the server's catalogs, or the savepoint around it, inside a client's transaction. `sql` is never made of what a client sent. */
export function clearCatalogReading(name: string, sql: string): Clearance {
  const frames = ownQueryFrames(name, sql)
  return Clearance.grant(KEY, frames, 0, frames.length)
}

function demand(judged: Judged, approved: Approved | undefined): void {
  if (judged.verdict.effect === 'allow') return
  if (judged.verdict.effect === 'ask' && approved !== undefined) return
  throw notCleared()
}

function notCleared(): GatewayError {
  return new GatewayError({ code: 'internal', sqlstate: 'XX000', message: 'no clearance for this message', severity: 'FATAL' })
}
