import type { Duplex } from 'node:stream'
import { GatewayError } from '../errors.ts'
import { FROM_CLIENT, HEADER } from '../wire/codes.ts'
import { readStartupPacket, type StartupPacket } from './startup.ts'

/** A token is a few kilobytes. */
const MAX_ANSWER = 65_536
const EMPTY = Buffer.alloc(0)

/** The client's bytes before there is a session. Holds no more than two answers' worth, however much is sent. */
export class PacketReader {
  private buf: Buffer = EMPTY
  private wake: (() => void) | undefined
  private ended = false
  private readonly socket: Duplex
  private readonly onData = (chunk: Buffer) => {
    this.buf = this.buf.length === 0 ? chunk : Buffer.concat([this.buf, chunk])
    if (this.buf.length > MAX_ANSWER * 2) this.socket.pause()
    this.wake?.()
  }
  private readonly onEnd = () => {
    this.ended = true
    this.wake?.()
  }

  constructor(socket: Duplex) {
    this.socket = socket
    socket.on('data', this.onData)
    socket.on('end', this.onEnd)
    socket.on('close', this.onEnd)
    if (socket.destroyed) this.ended = true
    socket.resume()
  }

  get pending(): number {
    return this.buf.length
  }

  /** The first byte, left where it is. */
  async peek(): Promise<number> {
    while (this.buf.length === 0) await this.more()
    return this.buf[0] as number
  }

  /** SSLRequest, GSSENCRequest, CancelRequest or StartupMessage. Throws `protocol`. */
  async startup(): Promise<StartupPacket> {
    for (;;) {
      const read = readStartupPacket(this.buf)
      if (read !== undefined) {
        this.buf = this.buf.subarray(read.size)
        return read.packet
      }
      await this.more()
    }
  }

  /**
   * The body of one answer to an authentication request: PasswordMessage, SASLInitialResponse, SASLResponse. All have the type `p`, so a
   * second start-up packet is refused by its first byte, and the length before anything is gathered. Throws `protocol`.
   */
  async answer(): Promise<Buffer> {
    for (;;) {
      if (this.buf.length > 0 && this.buf[0] !== FROM_CLIENT.password) {
        throw protocol(`expected password response, got message type ${this.buf[0]}`)
      }
      if (this.buf.length >= HEADER) {
        const length = this.buf.readInt32BE(1)
        if (length < 4 || length > MAX_ANSWER) throw protocol(`invalid length ${length} of the password message`)
        if (this.buf.length >= length + 1) {
          const body = this.buf.subarray(HEADER, length + 1)
          this.buf = this.buf.subarray(length + 1)
          return body
        }
      }
      await this.more()
    }
  }

  /** Stops reading and hands over what is left. */
  rest(): Buffer {
    this.socket.pause()
    this.socket.off('data', this.onData)
    this.socket.off('end', this.onEnd)
    this.socket.off('close', this.onEnd)
    const { buf } = this
    this.buf = EMPTY
    return buf
  }

  private async more(): Promise<void> {
    if (this.ended) throw gone()
    await new Promise<void>((resolve) => {
      this.wake = resolve
    })
  }
}

export function protocol(message: string): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message, severity: 'FATAL' })
}

export function gone(): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08006', message: 'the client left during the login', severity: 'FATAL' })
}
