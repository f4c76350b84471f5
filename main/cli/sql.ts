import { DatabaseError, serialize } from 'pg-protocol'
import type {
  BackendMessage,
  CommandCompleteMessage,
  CopyDataMessage,
  DataRowMessage,
  NoticeMessage,
  RowDescriptionMessage,
} from 'pg-protocol/dist/messages.js'
import type { Command, Terminal } from './command.ts'
import { connectSql, type SqlConnection } from './sql-connection.ts'
import { parseSqlUrl } from './sql-url.ts'
import { printable, Table } from './table.ts'

/** pg_type OIDs of numbers: int8, int2, int4, oid, float4, float8, money, numeric. */
const RIGHT = new Set([20, 21, 23, 26, 700, 701, 790, 1700])

type Report = Pick<NoticeMessage, 'severity' | 'code' | 'message' | 'detail' | 'hint'>

/** `ERROR: 42501: denied by rule …`, then DETAIL and HINT. */
function printReport(report: Report, terminal: Terminal): void {
  const lines = [`${report.severity ?? 'ERROR'}: ${report.code ?? ''}: ${report.message ?? ''}`]
  if (report.detail !== undefined) lines.push(`DETAIL: ${report.detail}`)
  if (report.hint !== undefined) lines.push(`HINT: ${report.hint}`)
  terminal.err(`${lines.map(printable).join('\n')}\n`)
}

const onNotice =
  (terminal: Terminal) =>
  (message: BackendMessage): void => {
    if (message.name === 'notice') printReport(message as NoticeMessage, terminal)
  }

/** Sends one simple Query and prints what comes back. Resolves with true when nothing went wrong. */
function runQuery(connection: SqlConnection, sql: string, terminal: Terminal): Promise<boolean> {
  const notice = onNotice(terminal)
  let table: Table | undefined
  let good = true
  const done = new Promise<boolean>((resolve) => {
    connection.listen((message) => {
      switch (message.name) {
        case 'rowDescription': {
          const { fields } = message as RowDescriptionMessage
          table = new Table(
            fields.map((field) => ({ name: field.name, right: RIGHT.has(field.dataTypeID) })),
            (text) => terminal.out(text),
          )
          break
        }
        case 'dataRow':
          table?.row((message as DataRowMessage).fields as (string | null)[])
          break
        case 'commandComplete':
          if (table === undefined) terminal.out(`${(message as CommandCompleteMessage).text}\n`)
          else table.end()
          table = undefined
          break
        case 'copyData':
          terminal.out((message as CopyDataMessage).chunk.toString('utf8'))
          break
        case 'copyInResponse':
          connection.send(serialize.copyFail('sallyport sql cannot send COPY data; use psql'))
          break
        case 'error':
          printReport(message as unknown as DatabaseError, terminal)
          table = undefined
          good = false
          break
        case 'readyForQuery':
          resolve(good)
          break
        default:
          notice(message)
      }
    })
  })
  connection.send(serialize.query(sql))
  return Promise.race([done, connection.lost])
}

export const sql: Command = {
  summary: 'runs one string of SQL: a small client for machines without psql',
  usage: 'postgresql://NAME:TOKEN@HOST:PORT/CONNECTION "SQL"',
  help: `Prints results as aligned tables. Notices (such as "held for approval #12") go to standard error as they arrive. Ctrl-C cancels the statement.
The token may be in PGPASSWORD instead of the URL. TLS: ?sslmode=disable|prefer|require|verify-full and ?sslrootcert=FILE, as with psql;
off loopback the certificate is always asked for, and verified unless sslmode=require says otherwise.
Exit code 0 when all went well, 1 with the SQLSTATE, DETAIL and HINT on standard error when not.`,
  options: {},
  positionals: { min: 2, max: 2 },
  required: [],
  async run(_values, [url, text], terminal) {
    const target = parseSqlUrl(url!, terminal.env)
    try {
      const connection = await connectSql(target, onNotice(terminal))
      terminal.stopped().addEventListener('abort', () => connection.cancel())
      const good = await runQuery(connection, text!, terminal)
      connection.close()
      return good ? 0 : 1
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      printReport(error, terminal)
      return 1
    }
  },
}
