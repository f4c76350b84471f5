/** A growing buffer that is written once and sent once. `buf` may be replaced by any call; never keep it. */
export class ByteSink {
  buf: Buffer
  length = 0

  constructor(size = 16_384) {
    this.buf = Buffer.allocUnsafe(size)
  }

  /** Makes room for `n` more bytes. */
  reserve(n: number): void {
    const need = this.length + n
    if (need <= this.buf.length) return
    let size = this.buf.length * 2
    while (size < need) size *= 2
    const grown = Buffer.allocUnsafe(size)
    this.buf.copy(grown, 0, 0, this.length)
    this.buf = grown
  }

  copy(src: Buffer, start: number, end: number): void {
    this.reserve(end - start)
    src.copy(this.buf, this.length, start, end)
    this.length += end - start
  }

  byte(value: number): void {
    this.reserve(1)
    this.buf[this.length++] = value
  }

  int16(value: number): void {
    this.reserve(2)
    this.buf.writeInt16BE(value, this.length)
    this.length += 2
  }

  int32(value: number): void {
    this.reserve(4)
    this.buf.writeInt32BE(value, this.length)
    this.length += 4
  }

  text(value: string): void {
    this.reserve(value.length * 3)
    this.length += this.buf.write(value, this.length, 'utf8')
  }

  /** A string and its terminating zero byte. */
  cstring(value: string): void {
    this.text(value)
    this.byte(0)
  }

  /** Begins a frame; `endFrame` fills in its length. Returns where the length word stands. */
  beginFrame(type: number): number {
    this.byte(type)
    this.int32(0)
    return this.length - 4
  }

  endFrame(lengthAt: number): void {
    this.buf.writeInt32BE(this.length - lengthAt, lengthAt)
  }

  /** Everything so far, in memory of its own. */
  take(): Buffer {
    const taken = this.buf.subarray(0, this.length)
    this.buf = Buffer.allocUnsafe(Math.max(16_384, Math.min(this.buf.length, 262_144)))
    this.length = 0
    return taken
  }
}
