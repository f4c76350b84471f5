import { GatewayError } from '../errors.ts'
import type { ByteConsumer } from '../login/byte-consumer.ts'
import { LONGEST_ROW } from '../mask/longest-row.ts'
import { HEADER } from '../wire/codes.ts'
import type { ClientOut } from './client-out.ts'
import { giveBuffer, takeBuffer, USUAL } from './memory-pool.ts'

/** A message that must be looked into is gathered whole, up to here. */
const MAX_GATHERED = LONGEST_ROW + 1024
/** Of longer ones it is asked what to do before they are here, so that memory does not grow with them. */
const LONG = 256 * 1024
/** What a session has for the server's bytes while it is idle. */
const IDLE = 8_192
/** A length that was only announced is not believed beyond this, or twice of what has come. */
const BELIEVED = 1024 * 1024

/** What to do with a long message that has begun: hand it on in pieces as it comes, throw it away as it comes, or wait for all of it. */
export type LongMessage = 'pass' | 'drop' | 'gather'

export interface InboxOptions {
  readonly out: ClientOut
  /** One whole message at `buf[from, to)`, valid during the call. */
  readonly onFrame: (type: number, buf: Buffer, from: number, to: number) => void
  /** A message of `size` bytes in all has begun. Asked again while it is gathered. */
  readonly onLong: (type: number, size: number) => LongMessage
  /** The server owes nothing. */
  readonly idle: () => boolean
  /** New bytes have come. */
  readonly onWindow: () => void
  /** What has come was taken. */
  readonly onTaken: () => void
  readonly fatal: (error: GatewayError) => void
}

/** The server's bytes, cut into messages where they lie. One buffer, used again as soon as the client's socket has let go of it. */
export class ServerInbox implements ByteConsumer {
  private readonly options: InboxOptions
  private buf: Buffer = Buffer.allocUnsafe(IDLE)
  private start = 0
  private end = 0
  /** Bytes still to come of a message that passes, or is dropped, in pieces. */
  private passing = 0
  private dropping = false
  /** What the client's socket may still refer to. */
  private inFlight: Buffer | undefined
  private waiting = false
  private stopped = false

  constructor(options: InboxOptions) {
    this.options = options
  }

  lend(): Buffer {
    const have = this.end - this.start
    // The last read filled it: more is coming. After a long result the memory is given back.
    const much = this.end === this.buf.length || (this.buf.length >= USUAL && (have > 0 || !this.options.idle()))
    const need = Math.max(Math.min(this.wanted(), Math.max(have * 2, BELIEVED)), have + 4096, much ? USUAL : IDLE)
    const tooMuch = this.buf.length > (need <= IDLE ? IDLE : BELIEVED) && need <= USUAL
    if (this.options.out.busy || need > this.buf.length || tooMuch) {
      this.replace(need)
    } else if (this.start > 0) this.move(this.buf)
    return this.end === 0 ? this.buf : this.buf.subarray(this.end)
  }

  filled(bytes: number): boolean {
    if (this.stopped) return true
    if (this.inFlight !== undefined && !this.options.out.busy) {
      giveBuffer(this.inFlight)
      this.inFlight = undefined
    }
    this.end += bytes
    this.options.onWindow()
    this.advance()
    return !this.waiting && !this.options.out.full
  }

  /** Where the bytes that are here end: the window that a search for patterns may cover. */
  get windowEnd(): number {
    return this.end
  }

  /** A long message is passing in pieces: nothing may be put between. */
  get midFrame(): boolean {
    return this.passing > 0 && !this.dropping
  }

  /** Puts the message at `from` back: it comes again after `go`. */
  wait(from: number): void {
    this.start = from
    this.waiting = true
  }

  go(): void {
    this.waiting = false
    this.advance()
  }

  stop(): void {
    this.stopped = true
  }

  private advance(): void {
    try {
      while (!this.waiting && !this.stopped && this.next());
    } catch (error) {
      this.options.fatal(error instanceof GatewayError ? error : internal(error))
      return
    }
    this.options.out.flush()
    this.options.onTaken()
  }

  private next(): boolean {
    if (this.passing > 0) return this.passOn()
    const have = this.end - this.start
    if (have < HEADER) return false
    const type = this.buf[this.start] as number
    const length = this.buf.readInt32BE(this.start + 1)
    if (length < 4) throw brokenLength(length)
    if (have < length + 1) {
      if (length < LONG) return false
      const what = this.options.onLong(type, length + 1)
      if (what !== 'gather') {
        this.passing = length + 1
        this.dropping = what === 'drop'
        return this.passOn()
      }
      if (length > MAX_GATHERED) throw tooLong(length)
      return false
    }
    const from = this.start
    this.start += length + 1
    this.options.onFrame(type, this.buf, from, from + length + 1)
    return true
  }

  private passOn(): boolean {
    const take = Math.min(this.passing, this.end - this.start)
    if (take === 0) return false
    if (!this.dropping) this.options.out.run(this.buf, this.start, this.start + take)
    this.start += take
    this.passing -= take
    return true
  }

  /** Bytes that the message at the front needs in all; 0 while passing in pieces or unknown. */
  private wanted(): number {
    if (this.passing > 0 || this.end - this.start < HEADER) return 0
    return Math.min(this.buf.readInt32BE(this.start + 1), MAX_GATHERED) + 1
  }

  private replace(need: number): void {
    const old = this.buf
    this.move(need > IDLE && need <= USUAL ? takeBuffer() : Buffer.allocUnsafe(need))
    if (this.options.out.busy) this.inFlight = old
    else giveBuffer(old)
  }

  private move(to: Buffer): void {
    this.buf.copy(to, 0, this.start, this.end)
    this.buf = to
    this.end -= this.start
    this.start = 0
  }
}

function brokenLength(length: number): GatewayError {
  return new GatewayError({
    code: 'protocol',
    sqlstate: '08P01',
    message: `the database server sent a message of length ${length}`,
    severity: 'FATAL',
  })
}

function tooLong(length: number): GatewayError {
  return new GatewayError({
    code: 'limit',
    sqlstate: '54000',
    message: `one message of ${length} bytes is more than the gateway can look into (${MAX_GATHERED} bytes)`,
    severity: 'FATAL',
  })
}

function internal(cause: unknown): GatewayError {
  return new GatewayError(
    { code: 'internal', sqlstate: 'XX000', message: 'the gateway failed while reading a reply', severity: 'FATAL' },
    { cause },
  )
}
