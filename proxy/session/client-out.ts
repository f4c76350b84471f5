import type { Duplex } from 'node:stream'
import type { ByteSink } from '../wire/sink.ts'
import { giveSink, takeSink } from './memory-pool.ts'

/**
 * What goes to the client in one turn of the event loop, written once. An untouched run of the server's bytes is sent from where it
 * lies; as soon as anything of our own stands between, all of the turn is gathered in one buffer.
 */
export class ClientOut {
  private readonly socket: Duplex
  private runBuf: Buffer | undefined
  private runStart = 0
  private runEnd = 0
  /** Rewritten rows are appended here by the masking. Borrowed until the turn's flush. */
  private gathered: ByteSink | undefined
  /** The socket may still refer to it. */
  private inFlight: ByteSink | undefined

  constructor(socket: Duplex) {
    this.socket = socket
  }

  /** Bytes from the server, unchanged. */
  run(buf: Buffer, start: number, end: number): void {
    if (this.gathered === undefined) {
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
    this.gathered ??= takeSink()
    if (this.runBuf !== undefined) {
      const run = this.runBuf
      this.runBuf = undefined
      this.gathered.copy(run, this.runStart, this.runEnd)
    }
    return this.gathered
  }

  flush(): void {
    if (this.runBuf !== undefined) {
      const run = this.runBuf
      this.runBuf = undefined
      this.socket.write(run.subarray(this.runStart, this.runEnd))
      return
    }
    const sink = this.gathered
    if (sink === undefined) return
    this.gathered = undefined
    this.settle()
    if (sink.length > 0) this.socket.write(sink.buf.subarray(0, sink.length))
    if (this.busy) this.inFlight = sink
    else giveSink(sink)
  }

  private settle(): void {
    if (this.inFlight === undefined) return
    if (!this.busy) giveSink(this.inFlight)
    this.inFlight = undefined
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
