import type { Socket } from 'node:net'
import type { Recorder } from '../ports.ts'
import type { Clearance } from '../verdict/clearance.ts'

/** The only way upstream. Everything cleared in one turn is recorded first, then written once. */
export class UpstreamLink {
  private readonly socket: Socket
  private readonly recorder: Recorder
  private readonly pieces: Buffer[] = []
  private lastBuf: Buffer | undefined
  private lastStart = 0
  private lastEnd = 0

  constructor(socket: Socket, recorder: Recorder) {
    this.socket = socket
    this.recorder = recorder
  }

  send(clearance: Clearance): void {
    clearance.spend()
    if (clearance.buf === this.lastBuf && clearance.start === this.lastEnd) {
      this.lastEnd = clearance.end
      return
    }
    this.close()
    this.lastBuf = clearance.buf
    this.lastStart = clearance.start
    this.lastEnd = clearance.end
  }

  /** Throws `recorder` when the record cannot be written; then nothing of this turn has gone upstream. */
  flush(): void {
    if (this.lastBuf === undefined) return
    this.recorder.commit()
    this.close()
    const [only] = this.pieces
    if (this.pieces.length === 1 && only !== undefined) this.socket.write(only)
    else this.socket.write(Buffer.concat(this.pieces))
    this.pieces.length = 0
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
