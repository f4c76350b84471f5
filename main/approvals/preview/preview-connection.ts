import { LoginInbox } from '../../../proxy/login/login-inbox.ts'
import { openUpstream } from '../../../proxy/login/upstream.ts'
import type { Upstream } from '../../../proxy/ports.ts'
import { FROM_SERVER as B } from '../../../proxy/wire/codes.ts'
import { queryFrame } from '../../../proxy/wire/login-messages.ts'
import { TERMINATE_FRAME } from '../../../proxy/wire/own-messages.ts'
import { readErrorFields, readTextRow } from '../../../proxy/wire/read-server.ts'

const MAX_MESSAGE = 8 * 1024 * 1024
const ANSWER_MS = 15_000

/** What the server said to one query: the rows of its last statement that gave any, and the last tag. */
export interface Answer {
  readonly rows: (string | null)[][]
  readonly tag: string
}

/** The server refused a query of ours. Its words may hold values, so only its SQLSTATE is kept. */
export class Refused extends Error {
  readonly sqlstate: string

  constructor(sqlstate: string) {
    super(`the database refused it (SQLSTATE ${sqlstate})`)
    this.sqlstate = sqlstate
  }
}

/** A connection of the host's own for what it finds out about a request. One query at a time. */
export interface PreviewConnection {
  /** Runs inside a transaction that is rolled back whatever happens. Throws `Refused`, or the socket's error. */
  within(how: Within, sql: string): Promise<Answer>
  close(): void
}

export interface Within {
  readonly write: boolean
  readonly timeoutMs: number
  readonly lockMs: number
  /** Schemas of the tables that it names, behind the role's own path. */
  readonly schemas: readonly string[]
}

/** Throws `GatewayError` (`upstream-unavailable`, `upstream-refused`). */
export async function openPreviewConnection(upstream: Upstream): Promise<PreviewConnection> {
  const settings = new Map([
    ['application_name', 'sallyport preview'],
    ['default_transaction_read_only', 'on'],
    ['standard_conforming_strings', 'on'],
    ['client_encoding', 'UTF8'],
    ['statement_timeout', '5000'],
  ])
  const { socket, onBytes } = await openUpstream(upstream, { settings, timeoutMs: 10_000 })
  const inbox = new LoginInbox(MAX_MESSAGE)
  onBytes(inbox)
  socket.on('error', (error) => inbox.fail(error))
  socket.on('close', () => inbox.fail(new Error('the connection was closed')))

  const query = async (sql: string): Promise<Answer> => {
    const timer = setTimeout(() => socket.destroy(new Error('no answer came')), ANSWER_MS)
    socket.write(queryFrame(sql))
    const rows: (string | null)[][] = []
    let tag = ''
    let refused: string | undefined
    try {
      for (;;) {
        const { type, body } = await inbox.next()
        if (type === B.dataRow) rows.push(readTextRow(body))
        else if (type === B.commandComplete) tag = body.toString('utf8', 0, body.indexOf(0))
        else if (type === B.error) refused ??= readErrorFields(body).get('C') ?? 'XX000'
        else if (type === B.readyForQuery) break
      }
    } finally {
      clearTimeout(timer)
    }
    if (refused !== undefined) throw new Refused(refused)
    return { rows, tag }
  }

  return {
    within: async ({ write, timeoutMs, lockMs, schemas }, sql) => {
      const path = schemas.map((schema) => `, ${quotedSchema(schema)}`).join('')
      await query(`BEGIN TRANSACTION ${write ? 'READ WRITE' : 'READ ONLY'}`)
      try {
        await query(
          `SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL lock_timeout = ${lockMs}; SET LOCAL idle_in_transaction_session_timeout = 10000`,
        )
        if (path !== '') {
          const value = `current_setting('search_path') || '${path.replaceAll("'", "''")}'`
          await query(`SELECT pg_catalog.set_config('search_path', ${value}, true)`)
        }
        return await query(sql)
      } finally {
        await query('ROLLBACK')
      }
    },
    close: () => {
      socket.end(TERMINATE_FRAME)
    },
  }
}

const quotedSchema = (name: string): string => `"${name.replaceAll('"', '""')}"`
