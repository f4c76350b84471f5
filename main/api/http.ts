import { once } from 'node:events'
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ListenAddress } from '../config.ts'

export interface HttpServer {
  /** As bound, with the real port. */
  readonly address: ListenAddress
  close(): Promise<void>
}

/** Puts the application on a socket. Rejects with the system's error when it cannot listen (EADDRINUSE). */
export async function listenHttp(app: Pick<OpenAPIHono, 'fetch'>, listen: ListenAddress): Promise<HttpServer> {
  const server = serve({ fetch: app.fetch, hostname: listen.host, port: listen.port }) as Server
  server.headersTimeout = 20_000
  server.requestTimeout = 60_000
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the web server is not listening')
  return {
    address: { host: bound.address, port: bound.port },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
