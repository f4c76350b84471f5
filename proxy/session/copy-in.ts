import { GatewayError } from '../errors.ts'
import { clearCopyData, clearCopyPiece } from '../verdict/clearance.ts'
import { FROM_CLIENT as F, HEADER } from '../wire/codes.ts'
import type { Flow } from './flow.ts'
import type { Unit } from './unit.ts'

/** COPY FROM STDIN (protocol, "COPY Operations"): data passes only while the server has asked for it, under its statement's clearance. */
export class CopyIn {
  private readonly flow: Flow
  private running: { readonly unit: Unit; readonly counted: Promise<void> | undefined } | undefined

  constructor(flow: Flow) {
    this.flow = flow
  }

  /** The unit whose data the client sends now. */
  get unit(): Unit | undefined {
    const unit = this.running?.unit
    if (unit !== undefined && (unit.finished || unit.sqlstate !== undefined)) this.running = undefined
    return this.running?.unit
  }

  /** Until the server has said whether it takes data, nobody knows what the next message means. */
  async await(unit: Unit): Promise<void> {
    await this.flow.until(() => unit.copyIn || unit.finished || unit.sqlstate !== undefined)
    if (unit.copyIn) this.running = { unit, counted: undefined }
  }

  /** `end` is called when the server has said how many rows it was, before anything can commit them, or that it failed. */
  begin(unit: Unit, end: () => void): void {
    const counted = this.flow.until(() => unit.finished).then(end)
    // The session has ended: whoever waits for it hears so as well.
    counted.catch(() => undefined)
    this.running = { unit, counted }
  }

  /** `piece`: what came is a part of the body of a long CopyData. */
  onFrame(type: number, buf: Buffer, start: number, end: number, piece: boolean): Promise<void> | undefined {
    const { running } = this
    if (running === undefined) return undefined
    const { unit, counted } = running
    switch (type) {
      case F.copyData:
        unit.copiedBytes += end - start
        unit.copySample?.take(buf, piece ? start : start + HEADER, end)
        this.flow.send((piece ? clearCopyPiece : clearCopyData)(unit.judged, unit.approved, buf, start, end))
        return undefined
      case F.copyDone:
      case F.copyFail:
        this.flow.send(clearCopyData(unit.judged, unit.approved, buf, start, end))
        unit.copyIn = false
        unit.copySample?.end()
        this.running = undefined
        if (counted !== undefined) {
          this.flow.flushServer()
          return counted
        }
        // A simple query may hold another COPY behind this one.
        return unit.simple ? this.await(unit) : undefined
      case F.flush:
      case F.sync:
        // The server ignores them here.
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
}
