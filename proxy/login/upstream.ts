/** Our own login at the real database, with the credential that the agent never sees. */
import { createHash } from 'node:crypto'
import type net from 'node:net'
import tls from 'node:tls'
import { GatewayError } from '../errors.ts'
import type { Upstream } from '../ports.ts'
import { FROM_SERVER as B } from '../wire/codes.ts'
import { answerFrame, passwordFrame, saslInitialFrame, startupFrame } from '../wire/login-messages.ts'
import { readErrorFields, readInt32, readParameterStatus, readStrings, type ServerMessage } from '../wire/read-server.ts'
import type { ByteConsumer } from './byte-consumer.ts'
import { connectServer, type ServerConnection } from './connect.ts'
import { LoginInbox } from './login-inbox.ts'
import { beginScram, type ChannelBinding, type ScramExchange } from './scram.ts'
import { refused, serverError, unavailable } from './upstream-errors.ts'

/** A logged-in connection whose bytes belong to the caller from now on. */
export interface UpstreamSocket {
  readonly socket: net.Socket
  /** As the server reported them at login: `server_version`, `TimeZone`… */
  readonly parameters: ReadonlyMap<string, string>
  readonly processId: number
  /** 4 bytes, or up to 256 with protocol 3.2. */
  readonly secret: Buffer
  /** Hands the bytes over. Until then none are read. */
  onBytes(consume: ByteConsumer): void
}

export interface UpstreamOptions {
  /** Start-up parameters beside user and database. */
  readonly settings: ReadonlyMap<string, string>
  readonly timeoutMs: number
  /** Nobody waits for it any more. */
  readonly abandoned?: AbortSignal
}

/** A login has a few messages, the longest an error. */
const MAX_MESSAGE = 65_536
const MAX_MESSAGES = 1_000

/**
 * Connects, negotiates TLS as configured, and logs in (trust, cleartext over TLS, md5, SCRAM-SHA-256 and -PLUS). Asks for protocol 3.2, and
 * again for 3.0 where something on the way does not know how to negotiate.
 * Throws `upstream-unavailable` (08006) or `upstream-refused` (08004); the text holds neither the credential nor the server's address.
 */
export async function openUpstream(upstream: Upstream, options: UpstreamOptions): Promise<UpstreamSocket> {
  const deadline = Date.now() + options.timeoutMs
  const recent = await tryOpen(upstream, options, 2, deadline)
  if (recent !== 'too-new') return recent
  const old = await tryOpen(upstream, options, 0, deadline)
  if (old === 'too-new') throw refused(upstream, 'the server does not speak protocol 3')
  return old
}

async function tryOpen(upstream: Upstream, options: UpstreamOptions, minor: 0 | 2, deadline: number): Promise<UpstreamSocket | 'too-new'> {
  let connection: ServerConnection | undefined
  let timer: NodeJS.Timeout | undefined
  const giveUp = () => connection?.socket.destroy(new Error('the client has gone'))
  options.abandoned?.addEventListener('abort', giveUp)
  try {
    connection = await connectServer(upstream, Math.max(1, deadline - Date.now()))
    const { socket } = connection
    if (options.abandoned?.aborted) giveUp()
    timer = setTimeout(() => socket.destroy(new Error('timed out')), Math.max(1, deadline - Date.now()))
    const opened = await logIn(connection, upstream, options, minor)
    if (opened === 'too-new') socket.destroy()
    return opened
  } catch (error) {
    connection?.socket.destroy()
    if (error instanceof GatewayError && error.code === 'protocol') throw refused(upstream, error.message)
    throw error instanceof GatewayError ? error : unavailable(upstream, error)
  } finally {
    clearTimeout(timer)
    options.abandoned?.removeEventListener('abort', giveUp)
  }
}

async function logIn(
  { socket, reader, binding }: ServerConnection,
  upstream: Upstream,
  options: UpstreamOptions,
  minor: 0 | 2,
): Promise<UpstreamSocket | 'too-new'> {
  const inbox = new LoginInbox(MAX_MESSAGE)
  reader.use(inbox)
  socket.on('error', (error) => inbox.fail(error))
  socket.on('close', () => inbox.fail(new Error('the server closed the connection during the login')))

  socket.write(
    startupFrame(
      minor,
      new Map([['user', upstream.user], ['database', upstream.database], ['client_encoding', 'UTF8'], ...options.settings]),
    ),
  )
  const credential = new Credential(socket, upstream, binding)
  const parameters = new Map<string, string>()
  let key: { processId: number; secret: Buffer } = { processId: 0, secret: Buffer.alloc(4) }
  let negotiated: number = minor
  for (let count = 0; count < MAX_MESSAGES; count++) {
    const message = await inbox.next()
    switch (message.type) {
      case B.authentication:
        await credential.answer(message)
        break
      case B.negotiateVersion:
        negotiated = negotiatedMinor(upstream, message, minor)
        break
      case B.parameterStatus: {
        const [name, value] = readParameterStatus(message.body)
        parameters.set(name, value)
        break
      }
      case B.backendKeyData:
        key = { processId: readInt32(message.body, 0), secret: message.body.subarray(4) }
        if (negotiated === 2 ? key.secret.length < 4 || key.secret.length > 256 : key.secret.length !== 4)
          throw refused(upstream, `the server sent a cancel key of ${key.secret.length} bytes`)
        break
      case B.notice:
        break
      case B.error: {
        const code = readErrorFields(message.body).get('C') ?? ''
        // Older poolers refuse what they could negotiate.
        if (count === 0 && minor > 0 && (code === '0A000' || code === '08P01')) return 'too-new'
        throw serverError(upstream, code)
      }
      case B.readyForQuery:
        if (!credential.accepted) throw refused(upstream, 'the server was ready before it had authenticated us')
        if (parameters.get('standard_conforming_strings') === 'off')
          throw refused(upstream, 'the server does not turn standard_conforming_strings on, so statements could not be read safely')
        return { socket, parameters, ...key, onBytes: (consumer) => reader.use(consumer) }
      default:
        throw refused(upstream, `the server sent an unexpected message of type ${message.type} during the login`)
    }
  }
  throw refused(upstream, 'the server’s login does not end')
}

/** NegotiateProtocolVersion: not newer than we asked for, and we asked for no options. */
function negotiatedMinor(upstream: Upstream, { body }: ServerMessage, asked: number): number {
  const version = readInt32(body, 0)
  const minor = version >>> 16 === 3 ? version & 0xffff : version
  if (minor > asked || readInt32(body, 4) !== 0) throw refused(upstream, 'the server negotiates what was not asked for')
  return minor
}

/** Answers the server's authentication requests, each only where it is safe. */
class Credential {
  accepted = false
  private readonly socket: net.Socket
  private readonly upstream: Upstream
  private readonly binding: ChannelBinding
  private scram: ScramExchange | undefined
  private proved = false

  constructor(socket: net.Socket, upstream: Upstream, binding: ChannelBinding) {
    this.socket = socket
    this.upstream = upstream
    this.binding = binding
  }

  async answer({ body }: ServerMessage): Promise<void> {
    const { socket, upstream } = this
    const request = readInt32(body, 0)
    if (this.accepted) throw refused(upstream, 'the server asks for authentication again')
    if (this.scram !== undefined && request !== 0 && request !== 11 && request !== 12)
      throw refused(upstream, 'the server changed its mind during SCRAM')
    switch (request) {
      case 0: // AuthenticationOk
        if (this.scram !== undefined && !this.proved) throw refused(upstream, 'the server skipped the end of SCRAM')
        this.accepted = true
        return
      case 3: // AuthenticationCleartextPassword
        if (!(socket instanceof tls.TLSSocket) && !isLoopback(upstream.host))
          throw refused(upstream, 'the server asks for the password in clear text without TLS')
        socket.write(passwordFrame(upstream.password))
        return
      case 5: // AuthenticationMD5Password
        readInt32(body, 4)
        socket.write(passwordFrame(md5Password(upstream, body.subarray(4, 8))))
        return
      case 10: // AuthenticationSASL
        this.scram = this.chooseScram(readStrings(body, 4))
        socket.write(saslInitialFrame(this.scram.mechanism, this.scram.first))
        return
      case 11: // AuthenticationSASLContinue
        if (this.scram === undefined) throw refused(upstream, 'the server spoke SCRAM out of turn')
        socket.write(answerFrame(await this.scram.answer(body.subarray(4))))
        return
      case 12: // AuthenticationSASLFinal
        if (this.scram === undefined) throw refused(upstream, 'the server spoke SCRAM out of turn')
        this.scram.verify(body.subarray(4))
        this.proved = true
        return
      default:
        throw refused(upstream, `the server asks for an authentication that the gateway does not know (${request})`)
    }
  }

  /** -PLUS wherever both sides can; where only we can, that is said, so that a go-between cannot take it away. */
  private chooseScram(mechanisms: readonly string[]): ScramExchange {
    const { upstream, binding } = this
    if (Buffer.isBuffer(binding) && mechanisms.includes('SCRAM-SHA-256-PLUS')) return beginScram(upstream.password, binding)
    if (!mechanisms.includes('SCRAM-SHA-256')) throw refused(upstream, `the server offers only ${mechanisms.join(', ').slice(0, 100)}`)
    return beginScram(upstream.password, Buffer.isBuffer(binding) ? 'not-offered' : 'unable')
  }
}

function md5Password(upstream: Upstream, salt: Buffer): string {
  const hex = (...parts: (string | Buffer)[]) => {
    const hash = createHash('md5')
    for (const part of parts) hash.update(part)
    return hash.digest('hex')
  }
  return `md5${hex(hex(upstream.password, upstream.user), salt)}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
