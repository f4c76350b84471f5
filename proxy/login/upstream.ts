/** Our own login at the real database, with the credential that the agent never sees. */
import { createHash } from 'node:crypto'
import net from 'node:net'
import tls from 'node:tls'
import { type DatabaseError, serialize } from 'pg-protocol'
import type { AuthenticationMD5Password, BackendKeyDataMessage, BackendMessage, ParameterStatusMessage } from 'pg-protocol/dist/messages.js'
import { GatewayError } from '../errors.ts'
import type { Upstream } from '../ports.ts'
import type { ByteConsumer } from './byte-consumer.ts'
import { LoginInbox } from './login-inbox.ts'
import { beginScram, type ScramExchange } from './scram.ts'

/** A logged-in connection whose bytes belong to the caller from now on. */
export interface UpstreamSocket {
  readonly socket: net.Socket
  /** As the server reported them at login: `server_version`, `TimeZone`… */
  readonly parameters: ReadonlyMap<string, string>
  readonly processId: number
  readonly secret: Buffer
  /** Hands the bytes over. Until then none are read. */
  onBytes(consume: ByteConsumer): void
}

export interface UpstreamOptions {
  /** Start-up parameters beside user and database. */
  readonly settings: ReadonlyMap<string, string>
  readonly timeoutMs: number
}

/**
 * Connects, negotiates TLS as configured, and logs in (trust, cleartext over TLS, md5, SCRAM-SHA-256).
 * Throws `upstream-unavailable` (08006) or `upstream-refused` (08004); the text holds neither the credential nor the server's address.
 */
export async function openUpstream(upstream: Upstream, options: UpstreamOptions): Promise<UpstreamSocket> {
  const reader = new SwitchReader()
  const plain = net.connect({
    host: upstream.host,
    port: upstream.port,
    noDelay: true,
    ...(upstream.tls === 'disable' ? { onread: reader.onread() } : {}),
  })
  let socket: net.Socket = plain
  const timer = setTimeout(() => socket.destroy(new Error('timed out')), options.timeoutMs)
  try {
    await connected(plain)
    if (upstream.tls !== 'disable') {
      socket = await startTls(plain, upstream)
      reader.follow(socket)
    }
    return await logIn(socket, reader, upstream, options)
  } catch (error) {
    socket.destroy()
    plain.destroy()
    throw error instanceof GatewayError ? error : unavailable(upstream, error)
  } finally {
    clearTimeout(timer)
  }
}

/** pg-protocol types the three SASL messages by their fields only. */
interface SaslMessage extends BackendMessage {
  readonly mechanisms: readonly string[]
  readonly data: string
}

const SCRATCH = Buffer.allocUnsafe(4096)

/** One consumer at a time: first the login, then the session. Works with `onread` (plain TCP, a buffer that is used again) and with data events (TLS). */
class SwitchReader {
  private readonly nobody: ByteConsumer = { lend: () => SCRATCH, filled: () => true }
  private consumer: ByteConsumer = this.nobody
  /** Who lent the memory that the next read fills. */
  private lender: ByteConsumer = this.nobody

  onread(): net.OnReadOpts {
    return {
      buffer: () => {
        this.lender = this.consumer
        return this.lender.lend()
      },
      // Memory is lent before the bytes come, so the first read after a hand-over lies in the memory of the one before.
      callback: (bytes, buf) =>
        this.lender === this.consumer ? this.consumer.filled(bytes) : this.feed(Buffer.from(buf.buffer, buf.byteOffset, bytes)),
    }
  }

  follow(socket: net.Socket): void {
    socket.on('data', (chunk: Buffer) => {
      if (!this.feed(chunk)) socket.pause()
    })
  }

  private feed(chunk: Buffer): boolean {
    let going = true
    for (let at = 0; at < chunk.length; ) {
      const bytes = chunk.copy(this.consumer.lend(), 0, at)
      at += bytes
      going = this.consumer.filled(bytes)
    }
    return going
  }

  use(consumer: ByteConsumer): void {
    this.consumer = consumer
  }
}

function connected(socket: net.Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed')))
  })
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

async function startTls(plain: net.Socket, upstream: Upstream): Promise<tls.TLSSocket> {
  plain.write(SSL_REQUEST)
  const answer = await new Promise<Buffer>((resolve, reject) => {
    plain.once('data', resolve)
    plain.once('error', reject)
    plain.once('close', () => reject(new Error('closed during TLS negotiation')))
  })
  // More than one byte would have been sent in clear before the handshake (CVE-2021-23222).
  if (answer.length !== 1 || answer[0] !== 0x53) {
    throw refused(upstream, answer.length === 1 ? 'the server does not offer TLS' : 'the server sent data before the TLS handshake')
  }
  plain.removeAllListeners('close')
  const secure = tls.connect({
    socket: plain,
    servername: net.isIP(upstream.host) ? '' : upstream.host,
    host: upstream.host,
    rejectUnauthorized: upstream.tls === 'verify-full',
    ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
    minVersion: 'TLSv1.2',
  })
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve)
    secure.once('error', reject)
    secure.once('close', () => reject(new Error('closed during the TLS handshake')))
  })
  return secure
}

async function logIn(socket: net.Socket, reader: SwitchReader, upstream: Upstream, options: UpstreamOptions): Promise<UpstreamSocket> {
  const inbox = new LoginInbox()
  reader.use(inbox)
  const failed = new Promise<never>((_, reject) => {
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the server closed the connection during the login')))
  })
  failed.catch(() => undefined)
  const next = () => Promise.race([inbox.next(), failed])

  socket.write(
    serialize.startup({
      user: upstream.user,
      database: upstream.database,
      client_encoding: 'UTF8',
      ...Object.fromEntries(options.settings),
    }),
  )
  const parameters = new Map<string, string>()
  let processId = 0
  let secret = Buffer.alloc(4)
  let scram: ScramExchange | undefined
  let proved = false
  for (;;) {
    const message = await next()
    switch (message.name) {
      case 'authenticationOk':
        if (scram !== undefined && !proved) throw refused(upstream, 'the server skipped the end of SCRAM')
        break
      case 'authenticationCleartextPassword':
        if (!(socket instanceof tls.TLSSocket) && !isLoopback(upstream.host))
          throw refused(upstream, 'the server asks for the password in clear text without TLS')
        socket.write(serialize.password(upstream.password))
        break
      case 'authenticationMD5Password':
        socket.write(serialize.password(md5Password(upstream, (message as AuthenticationMD5Password).salt)))
        break
      case 'authenticationSASL': {
        const { mechanisms } = message as SaslMessage
        if (!mechanisms.includes('SCRAM-SHA-256')) throw refused(upstream, `the server offers only ${mechanisms.join(', ')}`)
        scram = beginScram(upstream.password)
        socket.write(serialize.sendSASLInitialResponseMessage('SCRAM-SHA-256', scram.first))
        break
      }
      case 'authenticationSASLContinue':
        if (scram === undefined) throw refused(upstream, 'the server spoke SCRAM out of turn')
        socket.write(serialize.sendSCRAMClientFinalMessage(await scram.answer((message as SaslMessage).data)))
        break
      case 'authenticationSASLFinal':
        if (scram === undefined) throw refused(upstream, 'the server spoke SCRAM out of turn')
        scram.verify((message as SaslMessage).data)
        proved = true
        break
      case 'parameterStatus': {
        const { parameterName, parameterValue } = message as ParameterStatusMessage
        parameters.set(parameterName, parameterValue)
        break
      }
      case 'backendKeyData': {
        const { processID, secretKey } = message as BackendKeyDataMessage
        processId = processID
        secret = Buffer.alloc(4)
        secret.writeInt32BE(secretKey)
        break
      }
      case 'notice':
        break
      case 'error':
        throw serverError(upstream, message as DatabaseError)
      case 'readyForQuery':
        return { socket, parameters, processId, secret, onBytes: (consumer) => reader.use(consumer) }
      default:
        throw refused(upstream, `the server sent an unexpected ${message.name} during the login`)
    }
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

function serverError(upstream: Upstream, error: DatabaseError): GatewayError {
  const code = error.code ?? ''
  if (code.startsWith('28') || code === '3D000') return refused(upstream, `the server refused our login (${code})`)
  if (code === '53300')
    return new GatewayError({ code: 'too-many', sqlstate: '53300', message: 'the database has no free connection', severity: 'FATAL' })
  return unavailable(upstream, new Error(`the server answered ${code}`))
}

function refused(upstream: Upstream, why: string): GatewayError {
  return new GatewayError({
    code: 'upstream-refused',
    sqlstate: '08004',
    message: `connection "${upstream.connection}": the gateway could not log in at the database: ${why}`,
    hint: "This is the gateway's configuration, not yours: tell the team that runs it.",
    severity: 'FATAL',
  })
}

function unavailable(upstream: Upstream, cause: unknown): GatewayError {
  const why = cause instanceof Error ? ('code' in cause && typeof cause.code === 'string' && cause.code) || cause.message : 'unknown'
  return new GatewayError(
    {
      code: 'upstream-unavailable',
      sqlstate: '08006',
      message: `connection "${upstream.connection}": the database cannot be reached (${why})`,
      hint: 'Try again in a moment. If it goes on, tell the team that runs the gateway.',
      severity: 'FATAL',
    },
    { cause },
  )
}
