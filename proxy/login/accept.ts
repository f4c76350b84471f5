import type { Socket } from 'node:net'
import tls from 'node:tls'
import { GatewayError } from '../errors.ts'
import type { Identities, Identity } from '../ports.ts'
import { HEADER } from '../wire/codes.ts'
import { authenticationFrame, negotiateVersionFrame } from '../wire/server-messages.ts'
import { type ClientSettings, readSettings, readStartupPacket } from './startup.ts'

/** The newest minor version of protocol 3 that we speak: 3.2 brings long cancel keys. */
const NEWEST_MINOR = 2
/** A token is a few kilobytes. */
const MAX_PASSWORD = 65_536

export interface AcceptOptions {
  readonly tls: tls.SecureContext | undefined
  readonly identities: Identities
  /** The peer is on this machine: a token in clear text crosses no network. */
  readonly loopback: boolean
  /** Resolves when the cancel has been passed on: clients take the end of their connection for that. */
  readonly onCancel: (processId: number, secret: Buffer) => Promise<void>
}

export interface Accepted {
  readonly socket: Socket
  readonly settings: ClientSettings
  readonly who: Identity
  readonly tls: boolean
  /** Protocol 3.x: 0 or 2. */
  readonly minor: number
  /** What came behind the password. */
  readonly early: Buffer
}

/**
 * From a raw connection to a checked identity: encryption, start-up, token as password. Undefined when the connection was only a
 * CancelRequest. Throws `GatewayError` (FATAL) for anything else; the caller words it and closes.
 */
export async function accept(raw: Socket, options: AcceptOptions): Promise<Accepted | undefined> {
  let reader = new PacketReader(raw)
  let secure = false
  let socket = raw
  // Direct TLS (PostgreSQL 17): the first byte is a TLS handshake record.
  if ((await reader.peek()) === 0x16) {
    socket = await startTls(raw, reader.rest(), options, true)
    secure = true
    reader = new PacketReader(socket)
  }
  for (let requests = 0; ; requests++) {
    const packet = await reader.startup()
    if (packet.kind === 'cancel') {
      await options.onCancel(packet.processId, packet.secret)
      socket.end()
      return undefined
    }
    if (packet.kind === 'ssl' || packet.kind === 'gss') {
      if (requests > 1 || secure) throw protocol('an encryption request out of turn')
      // Anything that came behind the request was sent in clear, and would be taken for what TLS protects (CVE-2021-23214).
      if (reader.pending > 0) throw protocol('received unencrypted data after an encryption request')
      if (packet.kind === 'gss' || options.tls === undefined) {
        socket.write('N')
        continue
      }
      socket.write('S')
      socket = await startTls(raw, reader.rest(), options, false)
      secure = true
      reader = new PacketReader(socket)
      continue
    }
    const settings = readSettings(packet.parameters)
    const minor = packet.minor >= NEWEST_MINOR ? NEWEST_MINOR : 0
    if (packet.minor > NEWEST_MINOR || packet.minor === 1 || packet.unknownOptions.length > 0) {
      socket.write(negotiateVersionFrame(minor, packet.unknownOptions))
    }
    if (!secure && !options.loopback) {
      throw new GatewayError({
        code: 'tls-required',
        sqlstate: '28000',
        message: 'TLS is required before a token is accepted',
        hint: 'Connect with sslmode=require or stronger.',
        severity: 'FATAL',
      })
    }
    socket.write(authenticationFrame(3))
    const token = await reader.password()
    const who = await options.identities.verify(token)
    return { socket, settings, who, tls: secure, minor, early: reader.rest() }
  }
}

function startTls(raw: Socket, early: Buffer, options: AcceptOptions, direct: boolean): Promise<tls.TLSSocket> {
  if (options.tls === undefined) throw protocol('this gateway does not offer TLS')
  if (early.length > 0) raw.unshift(early)
  const secure = new tls.TLSSocket(raw, { isServer: true, secureContext: options.tls, ALPNProtocols: ['postgresql'] })
  return new Promise((resolve, reject) => {
    secure.once('secure', () => {
      // Direct TLS without ALPN could be another protocol's client, led here (protocol, "SSL Session Encryption").
      if (direct && secure.alpnProtocol !== 'postgresql') reject(protocol('direct TLS without ALPN "postgresql"'))
      else resolve(secure)
    })
    secure.once('error', (error) => reject(protocol(`the TLS handshake failed (${error.message})`)))
    secure.once('close', () => reject(protocol('the connection was closed during the TLS handshake')))
  })
}

/** Bytes of the login, before there are frames. */
class PacketReader {
  private buf: Buffer = Buffer.alloc(0)
  private wake: (() => void) | undefined
  private ended = false
  private readonly socket: Socket
  private readonly onData = (chunk: Buffer) => {
    this.buf = this.buf.length === 0 ? chunk : Buffer.concat([this.buf, chunk])
    if (this.buf.length > MAX_PASSWORD * 2) this.socket.pause()
    this.wake?.()
  }
  private readonly onEnd = () => {
    this.ended = true
    this.wake?.()
  }

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', this.onData)
    socket.on('end', this.onEnd)
    socket.on('close', this.onEnd)
    socket.resume()
  }

  get pending(): number {
    return this.buf.length
  }

  async peek(): Promise<number> {
    while (this.buf.length === 0) await this.more()
    return this.buf[0] as number
  }

  async startup() {
    for (;;) {
      const read = readStartupPacket(this.buf)
      if (read !== undefined) {
        this.buf = this.buf.subarray(read.size)
        return read.packet
      }
      await this.more()
    }
  }

  /** PasswordMessage: `p`, length, text, zero byte. A second start-up packet here is refused by its first byte. */
  async password(): Promise<string> {
    for (;;) {
      if (this.buf.length > 0 && this.buf[0] !== 0x70) throw protocol(`expected password response, got message type ${this.buf[0]}`)
      if (this.buf.length >= HEADER) {
        const length = this.buf.readInt32BE(1)
        if (length < 5 || length > MAX_PASSWORD) throw protocol(`invalid length ${length} of the password message`)
        if (this.buf.length >= length + 1) {
          const zero = this.buf.indexOf(0, HEADER)
          if (zero !== length) throw protocol('invalid password message')
          const token = this.buf.toString('utf8', HEADER, zero)
          this.buf = this.buf.subarray(length + 1)
          if (token === '')
            throw new GatewayError({
              code: 'token-invalid',
              sqlstate: '28000',
              message: 'no token was given as the password',
              hint: 'Give the OIDC access token as the password.',
              severity: 'FATAL',
            })
          return token
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
    this.buf = Buffer.alloc(0)
    return buf
  }

  private async more(): Promise<void> {
    if (this.ended)
      throw new GatewayError({ code: 'protocol', sqlstate: '08006', message: 'the client left during the login', severity: 'FATAL' })
    await new Promise<void>((resolve) => {
      this.wake = resolve
    })
  }
}

function protocol(message: string): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message, severity: 'FATAL' })
}
