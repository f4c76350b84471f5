import { GatewayError } from '../errors.ts'
import { HEADER } from './codes.ts'

const EMPTY = Buffer.alloc(0)

/** PostgreSQL's own ceiling for any message (PQ_LARGE_MESSAGE_LIMIT): nobody sends more in earnest, so nothing is passed over. */
const MAX_MESSAGE = 0x3fff_fffe

/** How long a message of a type may be, in bytes of its length word, and what to do beyond. */
export interface FrameLimit {
  readonly max: number
  /**
   * `skip`: the frame is passed over and reported, so that an SQL error can answer it. `pieces`: its body is given out as it comes.
   * `fatal`: the session ends.
   */
  readonly beyond: 'skip' | 'pieces' | 'fatal'
}

/**
 * Cuts a client's byte stream into frames (protocol, "Messages": type byte, int32 length that counts itself). The length is checked
 * before anything is buffered. A frame is `buf[start, end)`, valid until the next `push`; whole frames in one chunk are not copied.
 */
export class FrameReader {
  buf: Buffer = EMPTY
  start = 0
  end = 0
  type = 0
  /** True when the frame was longer than its limit and its body was thrown away. */
  oversize = false
  /** True when `buf[start, end)` is a part of the body of a longer frame, without its header. */
  piece = false

  private readonly limitOf: (type: number) => FrameLimit
  private at = 0
  private filled = 0
  private skipping = 0
  private skippedType = 0
  /** Bytes still to be given out in pieces. */
  private cutting = 0
  /** `buf` is ours to append to; a chunk of the socket is not. */
  private owned = false

  constructor(limitOf: (type: number) => FrameLimit) {
    this.limitOf = limitOf
  }

  /** Bytes held that `next` has not given out. */
  get pending(): number {
    return this.filled - this.at
  }

  push(chunk: Buffer): void {
    const rest = this.filled - this.at
    if (rest === 0) {
      this.buf = chunk
      this.at = 0
      this.filled = chunk.length
      this.owned = false
      return
    }
    // A frame was cut: gather it in memory of its own, sized by its already checked length, so that a long one is not copied per chunk.
    const need = rest + chunk.length
    if (this.at + need > this.buf.length || !this.owned) {
      const announced = rest >= HEADER ? 1 + this.buf.readInt32BE(this.at + 1) : 0
      // Behind a statement that waits, whole frames pile up here: doubled, so that one byte at a time is not a copy each.
      const ahead = announced > need ? Math.min(announced, need * 4) : need * 2
      const grown = Buffer.allocUnsafe(Math.max(ahead, 1024))
      this.buf.copy(grown, 0, this.at, this.filled)
      this.buf = grown
      this.at = 0
      this.filled = rest
      this.owned = true
    }
    chunk.copy(this.buf, this.filled)
    this.filled += chunk.length
  }

  /** Moves to the next whole frame. False: more bytes are needed. Throws `protocol` for a length that cannot be. */
  next(): boolean {
    if (this.skipping > 0) {
      const take = Math.min(this.skipping, this.pending)
      this.skipping -= take
      this.at += take
      if (this.skipping > 0) return this.drained()
      this.type = this.skippedType
      this.oversize = true
      this.start = this.end = this.at
      return true
    }
    if (this.cutting > 0) return this.cut()
    this.piece = false
    if (this.pending < HEADER) return this.drained()
    const type = this.buf[this.at] as number
    const length = this.buf.readInt32BE(this.at + 1)
    if (length < 4) throw badLength(type, length)
    const limit = this.limitOf(type)
    if (length > limit.max) {
      if (limit.beyond === 'fatal' || length > MAX_MESSAGE) throw badLength(type, length)
      if (limit.beyond === 'pieces') {
        this.at += HEADER
        this.cutting = length + 1 - HEADER
        this.type = type
        return this.cut()
      }
      this.skipping = length + 1
      this.skippedType = type
      return this.next()
    }
    if (this.pending < length + 1) return this.drained()
    this.type = type
    this.oversize = false
    this.start = this.at
    this.end = this.at + length + 1
    this.at = this.end
    return true
  }

  private cut(): boolean {
    const take = Math.min(this.cutting, this.pending)
    if (take === 0) return this.drained()
    this.piece = true
    this.oversize = false
    this.start = this.at
    this.at += take
    this.end = this.at
    this.cutting -= take
    return true
  }

  private drained(): false {
    if (this.at === this.filled) {
      this.buf = EMPTY
      this.at = this.filled = 0
      this.owned = false
    }
    return false
  }
}

function badLength(type: number, length: number): GatewayError {
  const name = type >= 0x21 && type <= 0x7e ? `"${String.fromCharCode(type)}"` : `0x${type.toString(16).padStart(2, '0')}`
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `invalid length ${length} of a message of type ${name}`,
    severity: 'FATAL',
  })
}
