import type { DatabaseError } from 'pg-protocol'
import { serialize } from 'pg-protocol'
import type { DataRowMessage } from 'pg-protocol/dist/messages.js'
import { GatewayError } from '../errors.ts'
import type { Upstream } from '../ports.ts'
import { LoginInbox } from './login-inbox.ts'
import { openUpstream } from './upstream.ts'

/** A small connection of the gateway's own: reads the catalog, never carries a client's statement. */
export interface OwnConnection {
  /** One statement, all values as text. Throws `upstream-unavailable` with the server's SQLSTATE. Not for use by two at once. */
  query(sql: string): Promise<(string | null)[][]>
  close(): void
  readonly closed: boolean
}

export async function openOwnConnection(upstream: Upstream, timeoutMs = 10_000): Promise<OwnConnection> {
  const settings = new Map([
    ['application_name', 'sallyport catalog'],
    ['default_transaction_read_only', 'on'],
    ['statement_timeout', '30000'],
    ['search_path', 'pg_catalog'],
  ])
  const { socket, onBytes } = await openUpstream(upstream, { settings, timeoutMs })
  const inbox = new LoginInbox()
  onBytes(inbox)
  let closed = false
  let fail: (error: Error) => void = () => undefined
  socket.on('error', () => undefined)
  socket.on('close', () => {
    closed = true
    fail(new Error('the connection was closed'))
  })
  return {
    get closed() {
      return closed
    },
    close() {
      socket.end(serialize.end())
    },
    async query(sql) {
      if (closed) throw failed(upstream, 'the connection was closed')
      const lost = new Promise<never>((_, reject) => {
        fail = reject
      })
      lost.catch(() => undefined)
      socket.write(serialize.query(sql))
      const rows: (string | null)[][] = []
      let error: DatabaseError | undefined
      for (;;) {
        const message = await Promise.race([inbox.next(), lost])
        if (message.name === 'dataRow') rows.push((message as DataRowMessage).fields as (string | null)[])
        else if (message.name === 'error') error = message as DatabaseError
        else if (message.name === 'readyForQuery') {
          if (error !== undefined) throw failed(upstream, `${error.code ?? ''} ${error.message}`)
          return rows
        }
      }
    },
  }
}

function failed(upstream: Upstream, why: string): GatewayError {
  return new GatewayError({
    code: 'upstream-unavailable',
    sqlstate: '08006',
    message: `connection "${upstream.connection}": the catalog could not be read (${why})`,
    severity: 'FATAL',
  })
}
