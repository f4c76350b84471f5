import { GatewayError } from '../errors.ts'
import type { ByteConsumer } from '../login/byte-consumer.ts'
import { HEADER } from '../wire/codes.ts'
import type { ClientOut } from './client-out.ts'

/** A message that must be looked into is gathered whole, up to here. */
const MAX_GATHERED = 256 * 1024 * 1024
/** Longer messages that need no look pass in pieces, so that memory does not grow with them. */
const PIECES_FROM = 256 * 1024
/** What a session has for the server's bytes while it is idle, and while much comes. */
const IDLE = 8_192
const USUAL = 65_536
/** A length that was only announced is not believed beyond this, or twice of what has come. */
const BELIEVED = 1024 * 1024

export interface InboxOptions {
  readonly out: ClientOut
  /** One whole message at `buf[from, to)`, valid during the call. */
  readonly onFrame: (type: number, buf: Buffer, from: number, to: number) => void
  /** A long message has begun: true lets it pass to the client in pieces, as it comes. */
  readonly passesInPieces: (type: number, size: number) => boolean
  /** New bytes have come. */
  readonly onWindow: () => void
  readonly fatal: (error: GatewayError) => void
}

/** The server's bytes, cut into messages where they lie. One buffer, used again as soon as the client's socket has let go of it. */
export class ServerInbox implements ByteConsumer {
  private readonly options: InboxOptions
  private buf: Buffer = Buffer.allocUnsafe(IDLE)
  private start = 0
  private end = 0
  private passing = 0
  private waiting = false
  private stopped = false

  constructor(options: InboxOptions) {
    this.options = options
  }

  lend(): Buffer {
    const have = this.end - this.start
    // The last read filled it: more is coming.
    const usual = this.end === this.buf.length ? USUAL : 0
    const need = Math.max(Math.min(this.wanted(), Math.max(have * 2, BELIEVED)), have + 4096, usual)
    // After a long message the memory is given back.
    if (this.options.out.busy || need > this.buf.length || (this.buf.length > BELIEVED && need <= USUAL)) {
      this.move(Buffer.allocUnsafe(Math.max(need, Math.min(this.buf.length, USUAL))))
    } else if (this.start > 0) this.move(this.buf)
    return this.end === 0 ? this.buf : this.buf.subarray(this.end)
  }

  filled(bytes: number): boolean {
    if (this.stopped) return true
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
    return this.passing > 0
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
  }

  private next(): boolean {
    if (this.passing > 0) return this.passOn()
    const have = this.end - this.start
    if (have < HEADER) return false
    const type = this.buf[this.start] as number
    const length = this.buf.readInt32BE(this.start + 1)
    if (length < 4) throw brokenLength(length)
    if (have < length + 1) {
      if (length < PIECES_FROM) return false
      if (this.options.passesInPieces(type, length + 1)) {
        this.passing = length + 1
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
    this.options.out.run(this.buf, this.start, this.start + take)
    this.start += take
    this.passing -= take
    return true
  }

  /** Bytes that the message at the front needs in all; 0 while passing in pieces or unknown. */
  private wanted(): number {
    if (this.passing > 0 || this.end - this.start < HEADER) return 0
    return Math.min(this.buf.readInt32BE(this.start + 1), MAX_GATHERED) + 1
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
    message: `one row of ${length} bytes is more than the gateway can look into (${MAX_GATHERED} bytes)`,
    hint: 'Ask for parts of the value, as with substring().',
    severity: 'FATAL',
  })
}

function internal(cause: unknown): GatewayError {
  return new GatewayError(
    { code: 'internal', sqlstate: 'XX000', message: 'the gateway failed while reading a reply', severity: 'FATAL' },
    { cause },
  )
}
