import { createHash } from 'node:crypto'
import net from 'node:net'
import tls from 'node:tls'
import { type DatabaseError, parse, serialize } from 'pg-protocol'
import type { AuthenticationMD5Password, BackendKeyDataMessage, BackendMessage } from 'pg-protocol/dist/messages.js'
import { beginScram, type ScramExchange } from '../../proxy/login/scram.ts'
import type { SqlTarget } from './sql-url.ts'

/** The connection failed or ended; its text is for the terminal. */
export class SqlClientError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SqlClientError'
  }
}

/** One logged-in connection. Every message of the server goes to the listener in force. */
export interface SqlConnection {
  listen(listener: (message: BackendMessage) => void): void
  send(bytes: Buffer): void
  /** Asks the server to cancel what runs, on a connection of its own (protocol section "Canceling Requests in Progress"). */
  cancel(): void
  /** Rejects when the server or the network ends it. */
  readonly lost: Promise<never>
  close(): void
  pause(): void
  resume(): void
}

const CONNECT_MS = 15_000

/** Connects, negotiates TLS and logs in. `onMessage` sees notices and errors of the login. Throws `SqlClientError`, or the server's `DatabaseError`. */
export async function connectSql(target: SqlTarget, onNotice: (message: BackendMessage) => void): Promise<SqlConnection> {
  const socket = await openSocket(target)
  let listener: (message: BackendMessage) => void = onNotice
  let lose: (error: Error) => void = () => undefined
  const lost = new Promise<never>((_, reject) => {
    lose = reject
  })
  // Whoever waits for an answer races with it; nobody waiting is no fault.
  lost.catch(() => undefined)
  socket.on('error', (error) => lose(new SqlClientError(`the connection was lost: ${error.message}`, { cause: error })))
  socket.on('close', () => lose(new SqlClientError('the server closed the connection')))
  const key = { processId: 0, secret: 0 }
  const finished = parse(socket, (message) => {
    if (message.name === 'backendKeyData') {
      const data = message as BackendKeyDataMessage
      key.processId = data.processID
      key.secret = data.secretKey
    }
    listener(message)
  })
  finished.catch((error: unknown) => lose(new SqlClientError('the server sent what is no PostgreSQL message', { cause: error })))

  // Paused since the answer about TLS.
  socket.resume()

  const connection: SqlConnection = {
    listen: (next) => {
      listener = next
    },
    send: (bytes) => void socket.write(bytes),
    cancel: () => void cancel(target, key.processId, key.secret),
    lost,
    close: () => void socket.end(serialize.end()),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  }
  await logIn(connection, target, onNotice)
  return connection
}

async function openSocket(target: SqlTarget): Promise<net.Socket> {
  const plain = net.connect({ host: target.host, port: target.port, noDelay: true, timeout: CONNECT_MS })
  await new Promise<void>((resolve, reject) => {
    plain.once('connect', resolve)
    plain.once('timeout', () => plain.destroy(new Error('timed out')))
    plain.once('error', (error) =>
      reject(new SqlClientError(`${target.host}:${target.port} cannot be reached: ${error.message}`, { cause: error })),
    )
  })
  plain.setTimeout(0)
  if (target.tls === 'disable') return plain
  plain.write(serialize.requestSsl())
  const answer = await firstByte(plain)
  if (answer === 'N' && target.tls === 'prefer') return plain
  if (answer !== 'S') {
    plain.destroy()
    throw new SqlClientError('the server does not offer TLS')
  }
  const verify = target.tls === 'verify-full'
  const name = net.isIP(target.host) === 0 ? { servername: target.host } : {}
  const secure = tls.connect({
    socket: plain,
    host: target.host,
    ...name,
    rejectUnauthorized: verify,
    ...(target.ca === undefined ? {} : { ca: target.ca }),
    ALPNProtocols: ['postgresql'],
  })
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve)
    secure.once('error', (error) => reject(new SqlClientError(`TLS failed: ${error.message}`, { cause: error })))
  })
  return secure
}

function firstByte(socket: net.Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('end', () => reject(new SqlClientError('the server closed the connection')))
    socket.once('data', (chunk) => {
      socket.pause()
      // More than one byte here was put there by someone in between (CVE-2021-23222).
      if (chunk.length === 1) resolve(chunk.toString('latin1'))
      else reject(new SqlClientError('the server sent clear text before TLS began'))
    })
  })
}

function logIn(connection: SqlConnection, target: SqlTarget, onNotice: (message: BackendMessage) => void): Promise<void> {
  let scram: ScramExchange | undefined
  const loggedIn = new Promise<void>((resolve, reject) => {
    const answer = async (message: BackendMessage): Promise<void> => {
      switch (message.name) {
        case 'authenticationCleartextPassword':
          return connection.send(serialize.password(target.password))
        case 'authenticationMD5Password':
          return connection.send(serialize.password(md5Answer(target, (message as AuthenticationMD5Password).salt)))
        case 'authenticationSASL':
          scram = beginScram(target.password, 'unable')
          return connection.send(serialize.sendSASLInitialResponseMessage(scram.mechanism, scram.first.toString()))
        case 'authenticationSASLContinue':
          return connection.send(serialize.sendSCRAMClientFinalMessage((await scram!.answer(saslData(message))).toString()))
        case 'authenticationSASLFinal':
          return scram!.verify(saslData(message))
        case 'error':
          return reject(message as unknown as DatabaseError)
        case 'notice':
          return onNotice(message)
        case 'readyForQuery':
          return resolve()
        default:
          return undefined
      }
    }
    connection.listen((message) => void answer(message).catch(reject))
  })
  connection.send(serialize.startup({ user: target.user, database: target.database, application_name: 'sallyport sql' }))
  return Promise.race([loggedIn, connection.lost])
}

const saslData = (message: BackendMessage): Buffer => Buffer.from((message as unknown as { data: string }).data)

/** Protocol section "AuthenticationMD5Password". */
function md5Answer(target: SqlTarget, salt: Buffer): string {
  const md5 = (...parts: (string | Buffer)[]) => parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest('hex')
  return `md5${md5(md5(target.password, target.user), salt)}`
}

async function cancel(target: SqlTarget, processId: number, secret: number): Promise<void> {
  try {
    const socket = await openSocket(target)
    socket.on('error', () => socket.destroy())
    socket.end(serialize.cancel(processId, secret))
  } catch {
    // The statement's own connection tells what became of it.
    return
  }
}
