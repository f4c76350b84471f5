/** Bytes that only grow, written in place, for the hot path: no allocation per event. Numbers are little-endian. */
export class GrowingBuffer {
  bytes: Buffer
  length = 0
  #view: DataView
  readonly #initial: number

  constructor(initial: number) {
    this.#initial = initial
    this.bytes = Buffer.allocUnsafeSlow(initial)
    this.#view = viewOf(this.bytes)
  }

  /** Makes room for `more` bytes behind the present end. */
  reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
    this.#view = viewOf(grown)
  }

  /** Gives memory back after an unusually large batch. Keeps the first `keep` bytes. */
  shrink(keep: number): void {
    this.length = keep
    if (this.bytes.length <= this.#initial * 4) return
    const small = Buffer.allocUnsafeSlow(this.#initial)
    this.bytes.copy(small, 0, 0, keep)
    this.bytes = small
    this.#view = viewOf(small)
  }

  // The writers below need `reserve` before them.
  u8(value: number): void {
    this.#view.setUint8(this.length, value)
    this.length += 1
  }

  u16(value: number): void {
    this.#view.setUint16(this.length, value, true)
    this.length += 2
  }

  u32(value: number): void {
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  u32At(place: number, value: number): void {
    this.#view.setUint32(place, value, true)
  }

  f64(value: number): void {
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  copy(source: Buffer, start: number, end: number): void {
    source.copy(this.bytes, this.length, start, end)
    this.length += end - start
  }

  /** One byte a character, without a length: for hashes and short protocol words. */
  latin1(text: string): void {
    if (text.length > 32) {
      this.length += this.bytes.write(text, this.length, 'latin1')
      return
    }
    for (let i = 0; i < text.length; i++) this.bytes[this.length + i] = text.charCodeAt(i)
    this.length += text.length
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
