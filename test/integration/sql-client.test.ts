import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../main/cli/run-cli.ts'
import { sql } from '../../main/cli/sql.ts'
import { memoryTerminal } from '../cli/memory-terminal.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'

async function run(url: string, text: string, stopAfterMs?: number) {
  const terminal = memoryTerminal()
  if (stopAfterMs !== undefined) setTimeout(() => terminal.stop(), stopAfterMs)
  const code = await runCli(['sql', url, text], { sql }, '0', terminal)
  return { code, output: terminal.output(), errors: terminal.errors() }
}

describe('sallyport sql at a real server', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres({ tls: true })
  })
  afterAll(() => server.stop())

  it('prints rows and command tags', async () => {
    const { code, output, errors } = await run(
      server.url(),
      `SELECT 1 AS id, 'Ada' AS name UNION ALL SELECT 20, NULL; CREATE TABLE t (a int)`,
    )
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(output).toBe(' id | name\n----+------\n  1 | Ada\n 20 | NULL\n(2 rows)\nCREATE TABLE\n')
  })

  it('tells notices and errors on standard error', async () => {
    const notice = await run(server.url(), `DO $$ BEGIN RAISE NOTICE 'careful' USING HINT = 'look'; END $$`)
    expect(notice).toEqual({ code: 0, output: 'DO\n', errors: 'NOTICE: 00000: careful\nHINT: look\n' })
    const raise = `DO $$ BEGIN RAISE 'no' USING ERRCODE = '42501', DETAIL = 'what', HINT = 'instead'; END $$`
    expect(await run(server.url(), raise)).toEqual({ code: 1, output: '', errors: 'ERROR: 42501: no\nDETAIL: what\nHINT: instead\n' })
  })

  it('prints COPY TO, and does not wait for COPY FROM', async () => {
    expect(await run(server.url(), 'COPY (SELECT 1, 2) TO STDOUT')).toMatchObject({ code: 0, output: '1\t2\nCOPY 1\n' })
    const from = await run(server.url(), 'CREATE TEMP TABLE c (a int); COPY c FROM STDIN')
    expect(from).toMatchObject({ code: 1, errors: expect.stringContaining('use psql') })
  })

  it('reads a large result', async () => {
    const { code, output } = await run(server.url(), `SELECT i, repeat('x', 100) FROM generate_series(1, 20000) i`)
    expect(code).toBe(0)
    expect(output).toContain('(20000 rows)')
  })

  it('cancels on Ctrl-C', async () => {
    const started = Date.now()
    const { code, errors } = await run(server.url(), 'SELECT pg_sleep(20)', 500)
    expect(code).toBe(1)
    expect(errors).toContain('57014')
    expect(Date.now() - started).toBeLessThan(10_000)
  })

  it('says when the password is wrong, never what it was', async () => {
    const url = server.url().replace(/:[^:@/]+@/, ':hunter2@')
    const { code, errors } = await run(url, 'SELECT 1')
    expect(code).toBe(1)
    expect(errors).toContain('28P01')
    expect(errors).not.toContain('hunter2')
  })

  it('verifies the certificate when asked to', async () => {
    const separator = server.url().includes('?') ? '&' : '?'
    const unknown = await run(`${server.url()}${separator}sslmode=verify-full`, 'SELECT 1')
    expect(unknown).toMatchObject({ code: 1, errors: expect.stringMatching(/TLS failed/) })
    const ca = new URL('../helpers/tls/ca.pem', import.meta.url).pathname
    const known = await run(
      `${server.url()}${separator}sslmode=verify-full&sslrootcert=${ca}`,
      `SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
    )
    expect(known).toMatchObject({ code: 0, errors: '', output: expect.stringContaining(' t\n') })
  })

  it('says when the server ends in the middle', async () => {
    const { code, errors } = await run(server.url(), 'SELECT pg_terminate_backend(pg_backend_pid())')
    expect(code).toBe(1)
    expect(errors).toContain('57P01')
  })
})

describe('sallyport sql and its other logins', () => {
  it.each(['md5', 'password', 'trust'] as const)('logs in with %s', async (auth) => {
    const server = await startPostgres({ auth })
    try {
      expect(await run(server.url(), 'SELECT 1 AS one')).toMatchObject({ code: 0, errors: '' })
    } finally {
      await server.stop()
    }
  })

  it('says when nobody listens', async () => {
    const { code, errors } = await run('postgresql://u:t@127.0.0.1:1/shop', 'SELECT 1')
    expect(code).toBe(1)
    expect(errors).toMatch(/^sallyport sql: 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/)
    expect(errors).not.toContain('    at ')
  })
})
