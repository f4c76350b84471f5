import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServerOfNode } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServerOfNode } from 'node:https'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ListenAddress } from '../config.ts'
import type { TlsPair } from '../tls/tls-pair.ts'
import { answerPlainHttp } from './plain-http.ts'

export interface HttpServer {
  /** As bound, with the real port. */
  readonly address: ListenAddress
  /** New connections get this certificate. Only where one was given at the start. */
  setTls(pair: TlsPair): void
  close(): Promise<void>
}

export interface HttpOptions {
  readonly listen: ListenAddress
  /** Undefined: plain HTTP. */
  readonly tls: TlsPair | undefined
  /** Scheme, host and port as browsers see this host. */
  readonly origin: () => string
}

/** A client that has said nothing by then is let go, before any of HTTP's own limits count. */
const FIRST_BYTE_MS = 20_000
/** The first byte of a TLS record that carries a handshake (RFC 8446 section 5.1). */
const TLS_HANDSHAKE = 0x16

/** Puts the application on a socket. Rejects with the system's error when it cannot listen (EADDRINUSE). */
export async function listenHttp(app: Pick<OpenAPIHono, 'fetch'>, { listen, tls, origin }: HttpOptions): Promise<HttpServer> {
  const answer = getRequestListener(app.fetch)
  if (tls === undefined) {
    const server = limited(createHttpServer((request, response) => void answer(request, response)))
    return opened(server, listen, { setTls: () => undefined, end: () => server.closeAllConnections() })
  }
  const secure = limited(createHttpsServer({ ...tls, minVersion: 'TLSv1.2' }, (request, response) => void answer(request, response)))
  const plain = limited(createHttpServer(answerPlainHttp(origin)))
  // A handshake that fails concerns its client, who is told by TLS itself.
  secure.on('tlsClientError', (_error, socket) => socket.destroy())
  const sockets = new Set<Socket>()
  const door = createNetServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    sort(socket, secure, plain)
  })
  return opened(door, listen, {
    setTls: (pair) => secure.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }),
    end: () => {
      secure.closeAllConnections()
      plain.closeAllConnections()
      for (const socket of sockets) socket.destroy()
    },
  })
}

/** The first byte says which of the two a client speaks. */
function sort(socket: Socket, secure: HttpsServerOfNode, plain: HttpServerOfNode): void {
  const silent = setTimeout(() => socket.destroy(), FIRST_BYTE_MS)
  socket.on('error', () => socket.destroy())
  socket.once('close', () => clearTimeout(silent))
  socket.once('data', (first: Buffer) => {
    clearTimeout(silent)
    socket.pause()
    socket.unshift(first)
    // TLS takes what was read from the socket by itself, and goes on reading below it; HTTP wants it to flow again.
    if (first[0] === TLS_HANDSHAKE) secure.emit('connection', socket)
    else {
      plain.emit('connection', socket)
      socket.resume()
    }
  })
}

function limited<T extends HttpServerOfNode | HttpsServerOfNode>(server: T): T {
  server.headersTimeout = 20_000
  server.requestTimeout = 60_000
  return server
}

async function opened(
  server: NetServer,
  listen: ListenAddress,
  { setTls, end }: { readonly setTls: (pair: TlsPair) => void; readonly end: () => void },
): Promise<HttpServer> {
  server.listen(listen.port, listen.host)
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the web server is not listening')
  return {
    address: { host: bound.address, port: bound.port },
    setTls,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      end()
      await closed
    },
  }
}
