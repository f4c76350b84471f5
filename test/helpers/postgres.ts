/**
 * A real PostgreSQL 18 for one test file. `initdb` runs once per machine into a template that each start copies, so a start takes a
 * fraction of a second. The server hangs on a pipe held by this process: however this process ends, the server ends with it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { postgresBinaries, serverOwner } from './postgres-binaries.ts'

export interface PostgresOptions {
  /** Folder of another server's programs (`postgres`, `initdb`); by default those that `postgresBinaries` finds. */
  readonly programs?: string
  /** Lines for postgresql.conf, over the defaults. */
  readonly settings?: Readonly<Record<string, string>>
  /** Serves TLS with the certificate in `tls/`. */
  readonly tls?: boolean
  /** Logs every parse, bind and execute as JSON lines, for `statements()`. */
  readonly logStatements?: boolean
  /** Run in the `postgres` database once it is up. */
  readonly sql?: string
  /** Authentication for TCP connections. */
  readonly auth?: 'scram-sha-256' | 'md5' | 'password' | 'trust'
}

/** One line of the server's JSON log that shows a text the server was given. */
export interface LoggedStatement {
  readonly application: string
  readonly step: 'statement' | 'parse' | 'bind' | 'execute' | 'fastpath'
  readonly sql: string
}

export interface Postgres {
  readonly host: '127.0.0.1'
  readonly port: number
  /** A superuser. */
  readonly user: 'postgres'
  readonly password: string
  readonly dataDir: string
  url(database?: string): string
  /** One query as the superuser, on a connection of its own. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(sql: string, database?: string): Promise<Row[]>
  /** What the server says it was sent, in order. Only with `logStatements`. */
  statements(application?: string): LoggedStatement[]
  /** What the server wrote to its standard error. */
  log(): string
  /** Ends the server at once, as a crash would; the data stay for `start`. */
  crash(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

const PASSWORD = 'postgres'
const HOST = '127.0.0.1'
const INITDB_FLAGS = ['--encoding=UTF8', '--locale=C', '--no-sync', '--username=postgres', '--auth=scram-sha-256']
const ROOT = path.join(os.tmpdir(), 'sallyport-test-postgres')
const DEFAULTS = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '32MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}
const STATEMENT_LOGGING = {
  logging_collector: 'on',
  log_destination: 'jsonlog',
  log_directory: 'log',
  log_filename: 'server.log',
  log_statement: 'all',
  log_min_duration_statement: '0',
}

/** Starts a server on a free port of the loopback. Throws what the server said if it does not come up. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const dataDir = copyTemplate(options.programs)
  const port = await freePort()
  configure(dataDir, port, options)
  let server = await run(dataDir, options.programs)
  const self: Postgres = {
    host: HOST,
    port,
    user: 'postgres',
    password: PASSWORD,
    dataDir,
    url: (database = 'postgres') => `postgres://postgres:${PASSWORD}@${HOST}:${port}/${database}`,
    query: async <Row extends pg.QueryResultRow>(sql: string, database = 'postgres') => {
      const client = new pg.Client({ connectionString: self.url(database), application_name: 'test-admin' })
      client.on('error', () => undefined)
      await client.connect()
      try {
        const answer: pg.QueryResult<Row> | pg.QueryResult<Row>[] = await client.query<Row>(sql)
        return (Array.isArray(answer) ? answer.at(-1)?.rows : answer.rows) ?? []
      } finally {
        await client.end()
      }
    },
    statements: (application) => readStatements(dataDir, application),
    log: () => server.output(),
    crash: async () => server.end('SIGQUIT'),
    start: async () => {
      server = await run(dataDir, options.programs)
    },
    stop: async () => {
      await server.end('SIGQUIT')
      fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
  if (options.sql) await self.query(options.sql)
  return self
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject)
    probe.listen(0, HOST, () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

function copyTemplate(programs: string | undefined): string {
  sweep()
  const template = makeTemplate(programs)
  const dataDir = path.join(ROOT, `run-${process.pid}-${Math.random().toString(36).slice(2, 10)}`)
  execFileSync('cp', ['-a', template, dataDir])
  return dataDir
}

/** Removes what a killed run left behind: its directory carries the process id that made it. */
function sweep(): void {
  fs.mkdirSync(ROOT, { recursive: true, mode: 0o755 })
  for (const name of fs.readdirSync(ROOT)) {
    const pid = /^(?:run|making)-(\d+)-/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) fs.rmSync(path.join(ROOT, name), { recursive: true, force: true, maxRetries: 5 })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function makeTemplate(programs: string | undefined): string {
  const { initdb } = postgresBinaries(programs)
  const owner = serverOwner()
  const kind = createHash('sha256')
    .update(JSON.stringify([initdb, fs.statSync(initdb).mtimeMs, INITDB_FLAGS, owner?.uid]))
    .digest('hex')
  const template = path.join(ROOT, `template-${kind.slice(0, 12)}`)
  if (fs.existsSync(template)) return template
  const making = path.join(ROOT, `making-${process.pid}-${Math.random().toString(36).slice(2, 10)}`)
  const secret = `${making}.pw`
  fs.mkdirSync(making, { mode: 0o700 })
  fs.writeFileSync(secret, `${PASSWORD}\n`)
  if (owner) fs.chownSync(making, owner.uid, owner.gid)
  try {
    execFileSync(initdb, [...INITDB_FLAGS, `--pwfile=${secret}`, '-D', making], { ...owner, stdio: 'pipe', env: serverEnvironment() })
  } finally {
    fs.rmSync(secret)
  }
  try {
    fs.renameSync(making, template)
  } catch (error) {
    // Another test file was faster: its template is as good.
    if (!fs.existsSync(template)) throw error
    fs.rmSync(making, { recursive: true, force: true })
  }
  return template
}

function configure(dataDir: string, port: number, options: PostgresOptions): void {
  const owner = serverOwner()
  const settings: Record<string, string> = { ...DEFAULTS, port: String(port), ...(options.logStatements ? STATEMENT_LOGGING : {}) }
  if (options.tls) {
    const source = path.join(import.meta.dirname, 'tls')
    for (const name of ['server.pem', 'server.key']) {
      const copy = path.join(dataDir, name)
      fs.copyFileSync(path.join(source, name), copy)
      fs.chmodSync(copy, 0o600)
      if (owner) fs.chownSync(copy, owner.uid, owner.gid)
    }
    Object.assign(settings, { ssl: 'on', ssl_cert_file: 'server.pem', ssl_key_file: 'server.key' })
  }
  Object.assign(settings, options.settings)
  if (options.auth === 'md5') settings['password_encryption'] = 'md5'
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`)
  fs.appendFileSync(path.join(dataDir, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  const auth = options.auth ?? 'scram-sha-256'
  // The superuser keeps SCRAM so that `query` works whatever is tried on the others.
  const rules = [
    `host all postgres 127.0.0.1/32 scram-sha-256`,
    `host all all 127.0.0.1/32 ${auth}`,
    `host replication all 127.0.0.1/32 ${auth}`,
  ]
  fs.writeFileSync(path.join(dataDir, 'pg_hba.conf'), `${rules.join('\n')}\n`)
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

interface Running {
  output(): string
  end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void>
}

// The shell passes the pipe's end on as a signal: fast shutdown when the holder is gone.
const KEEPER = `exec 3<&0; "$0" "$@" </dev/null 3<&- & server=$!
echo "keeper: $server" >&2
(cat <&3 >/dev/null; kill -QUIT $server 2>/dev/null) & watcher=$!
exec 3<&-; wait $server; code=$?; kill $watcher 2>/dev/null; exit $code`

async function run(dataDir: string, programs: string | undefined): Promise<Running> {
  const child = spawn('sh', ['-c', KEEPER, postgresBinaries(programs).postgres, '-D', dataDir], {
    ...serverOwner(),
    cwd: dataDir,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: serverEnvironment(),
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.on('exit', () => child.stdin.destroy())
  child.stdin.on('error', () => undefined)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await waitReady(dataDir, child, () => output)
  return {
    output: () => output,
    end: async (signal) => {
      const pid = Number(/keeper: (\d+)/.exec(output)?.[1])
      if (child.exitCode !== null || child.signalCode !== null) return
      process.kill(pid, signal)
      await gone
    },
  }
}

/** `postmaster.pid` says `ready` in its last line: the same whichever way the server logs. */
async function waitReady(dataDir: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break
    const file = path.join(dataDir, 'postmaster.pid')
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : []
    const ours = lines[0] === /keeper: (\d+)/.exec(output())?.[1]
    if (ours && lines[7]?.trim() === 'ready') return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  child.stdin?.destroy()
  throw new Error(`PostgreSQL did not start:\n${output()}`)
}

function readStatements(dataDir: string, application: string | undefined): LoggedStatement[] {
  const file = path.join(dataDir, 'log', 'server.json')
  if (!fs.existsSync(file)) return []
  const found: LoggedStatement[] = []
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (!line) continue
    const entry = JSON.parse(line) as { application_name?: string; message?: string; statement?: string; error_severity?: string }
    const named = entry.application_name ?? ''
    if (application !== undefined && named !== application) continue
    const statement = readStatement(entry.message ?? '')
    if (statement) found.push({ application: named, ...statement })
    // A statement that failed to parse is logged only with its error.
    if (entry.statement !== undefined) found.push({ application: named, step: 'statement', sql: entry.statement })
  }
  return found
}

function readStatement(message: string): { step: LoggedStatement['step']; sql: string } | undefined {
  const text = message.replace(/^duration: [\d.]+ ms {2}/, '')
  const match = /^(statement|parse|bind|execute|fastpath function call)[^:]*: ([\s\S]*)$/.exec(text)
  if (!match) return undefined
  const step = match[1] === 'fastpath function call' ? 'fastpath' : (match[1] as LoggedStatement['step'])
  return { step, sql: match[2] ?? '' }
}
