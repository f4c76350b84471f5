import type { Socket } from 'node:net'
import type { GatewayError } from '../errors.ts'
import type { Clearance } from '../verdict/clearance.ts'
import type { Turn, TurnMember } from './turn.ts'

/** The only way upstream. Everything cleared in one turn is recorded first, then written once. */
export class UpstreamLink implements TurnMember {
  private readonly socket: Socket
  private readonly turn: Turn
  private readonly onRefused: (error: GatewayError) => void
  private readonly pieces: Buffer[] = []
  private lastBuf: Buffer | undefined
  private lastStart = 0
  private lastEnd = 0
  private joined = false
  private ended = false

  /** `onRefused`: the record cannot be written, so nothing of this turn has gone upstream. */
  constructor(socket: Socket, turn: Turn, onRefused: (error: GatewayError) => void) {
    this.socket = socket
    this.turn = turn
    this.onRefused = onRefused
  }

  send(clearance: Clearance): void {
    clearance.spend()
    if (!this.joined) {
      this.joined = true
      this.turn.join(this)
    }
    if (clearance.buf === this.lastBuf && clearance.start === this.lastEnd) {
      this.lastEnd = clearance.end
      return
    }
    this.close()
    this.lastBuf = clearance.buf
    this.lastStart = clearance.start
    this.lastEnd = clearance.end
  }

  write(): void {
    this.joined = false
    this.close()
    const [only] = this.pieces
    if (this.pieces.length === 1 && only !== undefined) this.socket.write(only)
    else if (this.pieces.length > 1) this.socket.write(Buffer.concat(this.pieces))
    this.pieces.length = 0
    if (this.ended) this.socket.end()
  }

  refuse(error: GatewayError): void {
    this.joined = false
    this.lastBuf = undefined
    this.pieces.length = 0
    this.onRefused(error)
    if (this.ended) this.socket.end()
  }

  /** Closes the connection once what was cleared has gone. */
  end(): void {
    this.ended = true
    if (!this.joined) this.socket.end()
  }

  get full(): boolean {
    return this.socket.writableNeedDrain
  }

  private close(): void {
    if (this.lastBuf === undefined) return
    this.pieces.push(this.lastBuf.subarray(this.lastStart, this.lastEnd))
    this.lastBuf = undefined
  }
}
