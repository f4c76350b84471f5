import { GatewayError } from '../errors.ts'
import type { Upstream } from '../ports.ts'
import { FROM_SERVER as B } from '../wire/codes.ts'
import { queryFrame } from '../wire/login-messages.ts'
import { TERMINATE_FRAME } from '../wire/own-messages.ts'
import { readErrorFields, readTextRow } from '../wire/read-server.ts'
import { LoginInbox } from './login-inbox.ts'
import { openUpstream } from './upstream.ts'

/** The source of a function or view is the longest that is read. */
const MAX_MESSAGE = 64 * 1024 * 1024
const QUERY_TIMEOUT_MS = 40_000

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
  const inbox = new LoginInbox(MAX_MESSAGE)
  onBytes(inbox)
  let closed = false
  socket.on('error', (error) => inbox.fail(error))
  socket.on('close', () => {
    closed = true
    inbox.fail(new Error('the connection was closed'))
  })
  const collect = async (): Promise<(string | null)[][]> => {
    const rows: (string | null)[][] = []
    let refusal: string | undefined
    for (;;) {
      const { type, body } = await inbox.next()
      if (type === B.dataRow) rows.push(readTextRow(body))
      else if (type === B.error) {
        const fields = readErrorFields(body)
        refusal = `${fields.get('C') ?? ''} ${fields.get('M') ?? ''}`
      } else if (type === B.readyForQuery) {
        if (refusal !== undefined) throw failed(upstream, refusal)
        return rows
      }
    }
  }
  return {
    get closed() {
      return closed
    },
    close() {
      socket.end(TERMINATE_FRAME)
    },
    async query(sql) {
      if (closed) throw failed(upstream, 'the connection was closed')
      // The server's own statement_timeout comes first; this is for a server that says nothing.
      const timer = setTimeout(() => socket.destroy(new Error('no answer came')), QUERY_TIMEOUT_MS)
      socket.write(queryFrame(sql))
      try {
        return await collect()
      } catch (error) {
        throw error instanceof GatewayError ? error : failed(upstream, error instanceof Error ? error.message : 'unknown')
      } finally {
        clearTimeout(timer)
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
