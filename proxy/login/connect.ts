/** A connection to the real database, encrypted as configured, before anything is said on it. */
import net from 'node:net'
import tls from 'node:tls'
import type { Upstream } from '../ports.ts'
import { SSL_REQUEST } from '../wire/login-messages.ts'
import { certificateHash } from './certificate-hash.ts'
import type { ChannelBinding } from './scram.ts'
import { SwitchReader } from './switch-reader.ts'
import { refused } from './upstream-errors.ts'

export interface ServerConnection {
  readonly socket: net.Socket
  readonly reader: SwitchReader
  /** What SCRAM may bind to. */
  readonly binding: ChannelBinding
}

/**
 * Throws the system's error, or `upstream-refused` (08004) when the server has no TLS or sends anything before it. With `verify-full` the
 * authority and the host's name must be right; `require` encrypts only.
 */
export async function connectServer(upstream: Upstream, timeoutMs: number): Promise<ServerConnection> {
  const reader = new SwitchReader()
  const plain = net.connect({
    host: upstream.host,
    port: upstream.port,
    noDelay: true,
    ...(upstream.tls === 'disable' ? { onread: reader.onread() } : {}),
  })
  const timer = setTimeout(() => plain.destroy(new Error('timed out')), timeoutMs)
  try {
    await happens(plain, 'connect', 'closed')
    if (upstream.tls === 'disable') return { socket: plain, reader, binding: 'unable' }
    const secure = await startTls(plain, upstream)
    reader.follow(secure)
    const der = secure.getPeerX509Certificate()?.raw
    return { socket: secure, reader, binding: (der && certificateHash(der)) ?? 'unable' }
  } catch (error) {
    plain.destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function startTls(plain: net.Socket, upstream: Upstream): Promise<tls.TLSSocket> {
  plain.write(SSL_REQUEST)
  const answer = (await happens(plain, 'data', 'closed during TLS negotiation')) as Buffer
  // More than one byte would have been sent in clear before the handshake (CVE-2021-23222).
  if (answer.length !== 1) throw refused(upstream, 'the server sent data before the TLS handshake')
  if (answer[0] !== 0x53) throw refused(upstream, 'the server does not offer TLS')
  const secure = tls.connect({
    socket: plain,
    servername: net.isIP(upstream.host) ? '' : upstream.host,
    host: upstream.host,
    rejectUnauthorized: upstream.tls === 'verify-full',
    ALPNProtocols: ['postgresql'],
    ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
    minVersion: 'TLSv1.2',
  })
  try {
    await happens(secure, 'secureConnect', 'closed during the TLS handshake')
  } catch (error) {
    secure.destroy()
    throw error
  }
  return secure
}

/** The event's first argument. Rejects on `error`, and on `close` with `otherwise`. */
function happens(socket: net.Socket, event: string, otherwise: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      socket.off(event, onEvent)
      socket.off('error', onError)
      socket.off('close', onClose)
      finish()
    }
    const onEvent = (value: unknown) => settle(() => resolve(value))
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () => settle(() => reject(new Error(otherwise)))
    socket.on(event, onEvent)
    socket.on('error', onError)
    socket.on('close', onClose)
  })
}
