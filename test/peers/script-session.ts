/** Runs a psql script's steps on a real server, as far as the catalog depends on it: COPY's data stay out, `\gset` and `\gexec` work. */
import pg from 'pg'
import type { RunQuery } from '../../proxy/catalog/read.ts'

export interface ScriptSession {
  /** SQLSTATE; undefined when the server took it. */
  run(sql: string): Promise<{ readonly code: string | undefined; readonly rows: (string | null)[][]; readonly names: string[] }>
  /** Parse alone: whether the server takes it. For what only reads, which would take its time. */
  check(sql: string): Promise<string | undefined>
  readonly query: RunQuery
  /** `\connect DATABASE USER`. */
  reconnect(argument: string): Promise<void>
  end(): Promise<void>
}

type Rows = (string | null)[][]

export async function openScriptSession(at: { port: number; database: string; user: string; password: string }): Promise<ScriptSession> {
  let database = at.database
  let user = at.user
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: at.port,
      database,
      user,
      password: at.password,
      options: '-c statement_timeout=5000 -c lock_timeout=2000 -c client_min_messages=error',
      types: { getTypeParser: () => (value: string) => value },
    })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  let client = await connect()
  const query: RunQuery = async (sql) => (await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows

  return {
    query,
    run: async (sql) => {
      try {
        const answer = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
        const last: pg.QueryArrayResult<(string | null)[]> | undefined = Array.isArray(answer) ? answer.at(-1) : answer
        return { code: undefined, rows: (last?.rows ?? []) as Rows, names: (last?.fields ?? []).map((field) => field.name) }
      } catch (error) {
        const code = (error as { code?: string }).code ?? 'XX000'
        // The script ended its own session (pg_terminate_backend, a crash): it goes on with another.
        if (!/^[0-9A-Z]{5}$/.test(code) || code === '57P01') client = await connect()
        return { code, rows: [], names: [] }
      }
    },
    check: (sql) =>
      new Promise((resolve) => {
        const parse = {
          submit: (connection: pg.Connection) => {
            const wire = connection as unknown as { parse(query: { text: string; name: string; types: number[] }): void; sync(): void }
            wire.parse({ text: sql, name: '', types: [] })
            wire.sync()
          },
          handleError: (error: Error & { code?: string }) => resolve(error.code ?? 'XX000'),
          handleReadyForQuery: () => resolve(undefined),
        }
        client.query(parse as unknown as pg.Submittable)
      }),
    reconnect: async (argument) => {
      const [toDatabase = '-', toUser = '-'] = argument.replaceAll('"', '').split(/\s+/)
      const before = { database, user }
      if (toDatabase !== '-' && toDatabase !== '') database = toDatabase
      if (toUser !== '-') user = toUser
      try {
        const next = await connect()
        await client.end()
        client = next
      } catch (error) {
        if (!(error instanceof Error)) throw error
        database = before.database
        user = before.user
      }
    },
    end: () => client.end(),
  }
}
