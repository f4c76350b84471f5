import { closeSync, fdatasyncSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { HASH_BYTES, HEADER_BYTES, LENGTH_BYTES, MAX_BATCH_BYTES, segmentName } from './journal-format.ts'
import { type Batch, readBatch, readHeader, type SegmentHeader } from './journal-reader.ts'

const WINDOW_BYTES = 4 * 1024 * 1024

/** One segment, read forward through a window, while it may still be growing. Throws what the file system says. */
export class SegmentReader {
  readonly number: number
  readonly #path: string
  readonly #fd: number
  #window: Buffer = Buffer.alloc(0)
  #windowAt = 0

  constructor(directory: string, number: number) {
    this.number = number
    this.#path = join(directory, segmentName(number))
    this.#fd = openSync(this.#path, 'r')
  }

  /** `here`: its name leads to it. `elsewhere`: to another file, as when it was put back after a removal. `gone`: to none; it can still be read. */
  place(): 'here' | 'elsewhere' | 'gone' {
    const named = statSync(this.#path, { throwIfNoEntry: false })
    if (named === undefined) return 'gone'
    return named.ino === fstatSync(this.#fd).ino ? 'here' : 'elsewhere'
  }

  size(): number {
    return fstatSync(this.#fd).size
  }

  header(): SegmentHeader | undefined {
    this.#load(0, HEADER_BYTES)
    return readHeader(this.#window)
  }

  /** As `readBatch`, with offsets in the file. The payload is good until the next call. */
  batch(offset: number, previous: string): Batch {
    this.#ensure(offset, LENGTH_BYTES)
    const at = offset - this.#windowAt
    if (at + LENGTH_BYTES <= this.#window.length) {
      const length = this.#window.readUInt32LE(at)
      if (length <= MAX_BATCH_BYTES) this.#ensure(offset, LENGTH_BYTES + length + HASH_BYTES)
    }
    const batch = readBatch(this.#window, offset - this.#windowAt, previous)
    return batch.ok ? { ...batch, next: batch.next + this.#windowAt } : batch
  }

  /** Forces to the disk what was written, by whomever. Windows wants the right to write for that, and does without. */
  force(): void {
    if (process.platform !== 'win32') fdatasyncSync(this.#fd)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #ensure(offset: number, length: number): void {
    if (offset >= this.#windowAt && offset + length <= this.#windowAt + this.#window.length) return
    this.#load(offset, Math.max(length, WINDOW_BYTES))
  }

  #load(offset: number, length: number): void {
    const available = Math.max(0, Math.min(length, this.size() - offset))
    const window = Buffer.allocUnsafe(available)
    let done = 0
    while (done < available) {
      const read = readSync(this.#fd, window, done, available - done, offset + done)
      if (read === 0) break
      done += read
    }
    this.#window = window.subarray(0, done)
    this.#windowAt = offset
  }
}
