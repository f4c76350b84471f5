import type { Socket } from 'node:net'
import { ByteSink } from '../wire/sink.ts'

const MAX_KEPT = 1024 * 1024
/** Until there is more to say: most sessions are idle. */
const IDLE = 4_096

/**
 * What goes to the client in one turn of the event loop, written once. An untouched run of the server's bytes is sent from where it
 * lies; as soon as anything of our own stands between, all of the turn is gathered in one buffer.
 */
export class ClientOut {
  private readonly socket: Socket
  private runBuf: Buffer | undefined
  private runStart = 0
  private runEnd = 0
  /** Rewritten rows are appended here by the masking. */
  private sinkMemory = new ByteSink(IDLE)

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Bytes from the server, unchanged. */
  run(buf: Buffer, start: number, end: number): void {
    if (this.sinkMemory.length === 0) {
      if (this.runBuf === undefined) {
        this.runBuf = buf
        this.runStart = start
        this.runEnd = end
        return
      }
      if (this.runBuf === buf && this.runEnd === start) {
        this.runEnd = end
        return
      }
    }
    this.sink().copy(buf, start, end)
  }

  /** Something of our own. */
  frame(frame: Buffer): void {
    this.sink().copy(frame, 0, frame.length)
  }

  /** Where to append; everything before is already in it. */
  sink(): ByteSink {
    if (this.runBuf !== undefined) {
      const run = this.runBuf
      this.runBuf = undefined
      this.sinkMemory.copy(run, this.runStart, this.runEnd)
    }
    return this.sinkMemory
  }

  flush(): void {
    if (this.runBuf !== undefined) {
      const run = this.runBuf
      this.runBuf = undefined
      this.socket.write(run.subarray(this.runStart, this.runEnd))
    } else if (this.sinkMemory.length > 0) {
      this.socket.write(this.sinkMemory.buf.subarray(0, this.sinkMemory.length))
      // The socket may still hold the memory, and one long row is no reason to keep much of it.
      if (this.socket.writableLength > 0 || this.sinkMemory.buf.length > MAX_KEPT) this.sinkMemory = new ByteSink(65_536)
      else this.sinkMemory.length = 0
    }
  }

  /** The client does not keep up: read no more from the server until `drain`. */
  get full(): boolean {
    return this.socket.writableNeedDrain
  }

  /** The socket still refers to memory of this or an earlier turn. */
  get busy(): boolean {
    return this.socket.writableLength > 0
  }
}
