import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { GatewayError } from '../errors.ts'
import type { Identities, Identity } from '../ports.ts'
import { negotiateVersionFrame } from '../wire/server-messages.ts'
import { askToken } from './ask-token.ts'
import { PacketReader, protocol } from './packet-reader.ts'
import { type ClientSettings, readSettings } from './startup.ts'

/** The newest minor version of protocol 3 that we speak: 3.2 brings long cancel keys. */
const NEWEST_MINOR = 2

export interface AcceptOptions {
  readonly tls: tls.SecureContext | undefined
  readonly identities: Identities
  /** The peer is on this machine: a token in clear text crosses no network. */
  readonly loopback: boolean
  /** What it came over is encrypted already. */
  readonly encrypted: boolean
  /** TLS stands: from now on this is where to write. */
  readonly onSecure: (socket: Duplex) => void
  /** The client wants a session. Throws when there is no room, before a token is asked for. */
  readonly onStartup: () => void
  /** The token is here and will be checked. */
  readonly onToken: () => void
  /** Resolves when the cancel has been passed on: clients take the end of their connection for that. */
  readonly onCancel: (processId: number, secret: Buffer) => Promise<void>
}

export interface Accepted {
  readonly socket: Duplex
  readonly settings: ClientSettings
  readonly who: Identity
  readonly tls: boolean
  /** Protocol 3.x: 0 or 2. */
  readonly minor: number
  /** What came behind the token. */
  readonly early: Buffer
}

/**
 * From a raw connection to a checked identity: encryption, start-up, token. Undefined when the connection was only a CancelRequest.
 * Throws `GatewayError` (FATAL) for anything else; the caller words it and closes.
 */
export async function accept(raw: Duplex, options: AcceptOptions): Promise<Accepted | undefined> {
  let reader = new PacketReader(raw)
  let socket: Duplex = raw
  const asked = { ssl: false, gss: false }
  // Direct TLS (PostgreSQL 17): the first byte is a TLS handshake record.
  if ((await reader.peek()) === 0x16) {
    socket = await startTls(raw, reader.rest(), options, true)
    reader = new PacketReader(socket)
    asked.ssl = asked.gss = true
  }
  for (;;) {
    const packet = await reader.startup()
    if (packet.kind === 'cancel') {
      await options.onCancel(packet.processId, packet.secret)
      socket.end()
      return undefined
    }
    if (packet.kind === 'startup') {
      const settings = readSettings(packet.parameters)
      negotiate(socket, packet.minor, packet.unknownOptions)
      const secure = socket !== raw || options.encrypted
      if (!secure && !options.loopback) throw tlsRequired()
      options.onStartup()
      const who = await askToken(socket, reader, settings.tokenWay, options.identities, options.onToken)
      return { socket, settings, who, tls: secure, minor: packet.minor >= NEWEST_MINOR ? NEWEST_MINOR : 0, early: reader.rest() }
    }
    // Each encryption is asked for once, and neither inside TLS.
    if (asked[packet.kind] || socket !== raw) throw protocol('an encryption request out of turn')
    asked[packet.kind] = true
    // Anything that came behind the request was sent in clear, and would be taken for what TLS protects (CVE-2021-23214).
    if (reader.pending > 0) throw protocol('received unencrypted data after an encryption request')
    if (packet.kind === 'gss' || options.tls === undefined) {
      socket.write('N')
      continue
    }
    socket.write('S')
    socket = await startTls(raw, reader.rest(), options, false)
    reader = new PacketReader(socket)
  }
}

/** NegotiateProtocolVersion, where the client wants more than there is (protocol, "Protocol versions"). */
function negotiate(socket: Duplex, minor: number, unknownOptions: readonly string[]): void {
  if (minor > NEWEST_MINOR || unknownOptions.length > 0) socket.write(negotiateVersionFrame(Math.min(minor, NEWEST_MINOR), unknownOptions))
}

function startTls(raw: Duplex, early: Buffer, options: AcceptOptions, direct: boolean): Promise<tls.TLSSocket> {
  if (options.tls === undefined || !(raw instanceof Socket)) throw protocol('this gateway does not offer TLS')
  if (early.length > 0) raw.unshift(early)
  // A client that offers ALPN without "postgresql" is refused by the handshake itself.
  const secure = new tls.TLSSocket(raw, { isServer: true, secureContext: options.tls, ALPNProtocols: ['postgresql'] })
  return new Promise((resolve, reject) => {
    secure.once('secure', () => {
      options.onSecure(secure)
      // Direct TLS without ALPN could be another protocol's client, led here (protocol, "SSL Session Encryption").
      if (direct && secure.alpnProtocol !== 'postgresql') reject(protocol('direct TLS without ALPN "postgresql"'))
      else resolve(secure)
    })
    secure.on('error', (error) => reject(protocol(`the TLS handshake failed (${error.message})`)))
    secure.once('close', () => reject(protocol('the connection was closed during the TLS handshake')))
  })
}

function tlsRequired(): GatewayError {
  return new GatewayError({
    code: 'tls-required',
    sqlstate: '28000',
    message: 'TLS is required before a token is accepted',
    hint: 'Connect with sslmode=require or stronger.',
    severity: 'FATAL',
  })
}
