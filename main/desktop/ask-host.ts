import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { fingerprintOf } from './judge-certificate.ts'

/** The host that this app works on. */
export interface HostAddress {
  readonly origin: string
  /** Null: the system's authorities judge (https), or there is nothing to judge (http on this machine). */
  readonly fingerprint: string | null
}

export interface HostReply {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: http.IncomingMessage
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
  /** For the headers to arrive; 15 s unless told. */
  readonly waitMs?: number
}

export type AskHost = (path: string, options?: AskOptions) => Promise<HostReply>

/** The host did not answer, or is not the one that was pinned. */
export class HostUnreachable extends Error {
  /** The certificate is another one than was pinned: nothing was sent. */
  readonly otherCertificate: string | undefined

  constructor(message: string, otherCertificate?: string) {
    super(message)
    this.name = 'HostUnreachable'
    this.otherCertificate = otherCertificate
  }
}

/**
 * Requests to one host, from this process. A pinned certificate is compared before the first byte of a request is sent, so that a cookie never reaches
 * another host. Never follows a redirect. Rejects with `HostUnreachable`.
 */
export function askHost({ origin, fingerprint }: HostAddress): { readonly ask: AskHost; close(): void } {
  const secure = origin.startsWith('https:')
  const agent = secure ? new PinningAgent(fingerprint) : new http.Agent({ keepAlive: true, maxSockets: 8 })
  const ask: AskHost = (path, { method = 'GET', headers = {}, body, signal, waitMs = 15_000 } = {}) =>
    new Promise((resolve, reject) => {
      const request = (secure ? https : http).request(new URL(path, origin), {
        agent,
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
        ...(signal === undefined ? {} : { signal }),
      })
      const timer = setTimeout(() => request.destroy(new HostUnreachable('The host did not answer in time.')), waitMs)
      request.on('error', (error) => {
        clearTimeout(timer)
        reject(error instanceof HostUnreachable ? error : new HostUnreachable(wordsFor(error)))
      })
      request.on('response', (reply) => {
        clearTimeout(timer)
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: reply })
      })
      request.end(body)
    })
  return { ask, close: () => agent.destroy() }
}

/** Hands a connection over only once its certificate is the pinned one. */
class PinningAgent extends https.Agent {
  readonly #fingerprint: string | null

  constructor(fingerprint: string | null) {
    super({ keepAlive: true, maxSockets: 8, ...(fingerprint === null ? { ca: systemAuthorities() } : { rejectUnauthorized: false }) })
    this.#fingerprint = fingerprint
  }

  override createConnection(
    options: https.RequestOptions,
    callback?: (error: Error | null, stream: tls.TLSSocket) => void,
  ): ReturnType<https.Agent['createConnection']> {
    const expected = this.#fingerprint
    // Without a pin Node checks chain and name by itself, before anything is written.
    if (expected === null || callback === undefined) return super.createConnection(options, callback as never)
    const socket = tls.connect({ ...(options as tls.ConnectionOptions), rejectUnauthorized: false, ...serverName(options) })
    const failed = (error: Error): void => callback(error, socket)
    socket.once('error', failed)
    socket.once('secureConnect', () => {
      socket.off('error', failed)
      const found = fingerprintOf(pemOf(socket.getPeerCertificate().raw))
      if (found === expected) return callback(null, socket)
      socket.destroy()
      callback(new HostUnreachable('The host shows another certificate than the one that was confirmed here.', found ?? 'none'), socket)
    })
    return undefined as never
  }
}

function serverName({ host }: https.RequestOptions): { servername?: string } {
  return host === undefined || host === null || /^[\d.]+$|:/.test(host) ? {} : { servername: host }
}

/** Node's own list, and what the machine's owner trusts. */
export function systemAuthorities(): string[] {
  return [...new Set([...tls.rootCertificates, ...(typeof tls.getCACertificates === 'function' ? tls.getCACertificates('system') : [])])]
}

export function pemOf(der: Uint8Array | undefined): string {
  const lines = Buffer.from(der ?? [])
    .toString('base64')
    .replace(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}

function wordsFor(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED') return 'Nothing listens at that address.'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'That name is not known on this network.'
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The connection to the host broke off.'
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'The host cannot be reached from this network.'
  if (/CERT|SIGNED|SIGNATURE|ALTNAME/.test(code)) return `The host’s certificate is not trusted here (${code}).`
  return code === '' ? 'The host did not answer.' : `The host did not answer (${code}).`
}

/** The whole body as text. Throws `HostUnreachable` when it is larger than `limit` bytes or breaks off. */
export async function readText(body: AsyncIterable<Buffer | string>, limit = 16 * 1024 * 1024): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of body) {
      const bytes = Buffer.from(part)
      size += bytes.length
      if (size > limit) throw new HostUnreachable('The host sent more than the app takes.')
      parts.push(bytes)
    }
  } catch (cause) {
    throw cause instanceof HostUnreachable ? cause : new HostUnreachable('The connection to the host broke off.')
  }
  return Buffer.concat(parts).toString('utf8')
}
