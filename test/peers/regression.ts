import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type GatewayFixture, startGateway } from '../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../helpers/policy-literal.ts'
import { cacheFolder } from './conformance.ts'
import { installedPrograms, MAJOR, postgresSource } from './debian.ts'
import { reasonOf, silentReasonOf } from './regression-reasons.ts'
import type { PeerSuite, Report } from './suite.ts'

const TIME_LIMIT_MS = 300_000

/** Where both runs work, one after the other, since files print the name. */
const BASE = 'regression'
/** The state that the direct run met, for the gateway's run. */
const BEFORE = 'regression_before'
/** The direct run's result, put aside while the gateway's run has the name. */
const AFTER = 'regression_after'

const SETTINGS = ["lc_messages TO 'C'", "timezone_abbreviations TO 'Default'", "intervalstyle TO 'postgres_verbose'"]

/** PostgreSQL's own regression files, each played by psql in the same state of the database, directly and through the gateway. */
export const suite: PeerSuite = {
  name: 'regression',
  title: `PostgreSQL ${MAJOR}’s regression files, directly and through the gateway`,
  run: async (report) => {
    const programs = installedPrograms()
    if (programs === undefined) {
      report.text(`Skipped: Debian's postgresql-${MAJOR} is not installed.`)
      return
    }
    const home = path.join(postgresSource(report).folder, 'src', 'test', 'regress')
    const fixture = await startGateway({
      policy: ALLOW_ALL,
      postgres: { programs },
      upstream: { connection: BASE, user: 'postgres', password: 'postgres', database: BASE },
      limits: { rows: 10_000_000, resultBytes: 2 ** 31, statementTimeoutMs: TIME_LIMIT_MS },
    })
    try {
      await playAll(fixture, home, programs, report)
    } finally {
      await fixture.stop()
    }
  },
}

/** In the order of PostgreSQL's schedule; `PEER_FILES=select,join` plays only these through the gateway, the others just directly. */
function schedule(home: string): string[] {
  const lines = fs.readFileSync(path.join(home, 'parallel_schedule'), 'utf8').split('\n')
  return lines.flatMap((line) => (line.startsWith('test:') ? line.slice(5).trim().split(/\s+/) : [])).filter((name) => name !== '')
}

async function playAll(fixture: GatewayFixture, home: string, programs: string, report: Report): Promise<void> {
  const wanted = process.env['PEER_FILES']?.split(',')
  const { postgres } = fixture
  await create(fixture, BASE, 'template0')
  const names = schedule(home)
  const last = wanted === undefined ? names.length : Math.max(...wanted.map((name) => names.indexOf(name))) + 1
  const tally = { played: 0, same: 0 }
  const rows: (string | number)[][] = []
  for (const name of names.slice(0, last)) {
    const through = wanted === undefined || wanted.includes(name)
    if (through) await create(fixture, BEFORE, BASE)
    const direct = await play(home, programs, name, { port: postgres.port, password: postgres.password, database: BASE })
    if (!through) continue
    await rename(fixture, BASE, AFTER)
    await rename(fixture, BEFORE, BASE)
    const since = performance.now()
    const ours = await play(home, programs, name, { port: fixture.port, password: 'agent-token', database: BASE })
    const seconds = ((performance.now() - since) / 1000).toFixed(0)
    tally.played += 1
    await postgres.query(`DROP DATABASE ${BASE} WITH (FORCE)`)
    await rename(fixture, AFTER, BASE)
    // It keeps every row of every file otherwise.
    fixture.recorder.events.length = 0
    const found = compare(name, direct, ours)
    keep(name, direct, ours)
    if (found.lines === 0) tally.same += 1
    else rows.push([name, found.lines, found.reasons.join('; ')])
    report.say(
      `${name} (${seconds} s): ${found.lines === 0 ? 'the same' : `${found.lines} lines differ; ${found.reasons.join('; ')} ${found.unexplained.slice(0, 3).join(' | ')}`}`,
    )
    for (const line of found.unexplained.slice(0, 3)) report.fault(`${name}: \`${line}\``)
  }
  report.text(
    `${wanted === undefined ? 'All' : 'Only a part of the'} files of the schedule were played${wanted === undefined ? '' : `: ${wanted.join(', ')}`}. ${tally.played} files, ${tally.same} with the same output to the last character. The others hold statements that the gateway refuses by design, under a policy that allows all that a policy may allow; each such refusal changes what follows it in its file.`,
  )
  report.table(['file', 'lines that differ', 'what is refused by design'], rows)
}

/** A template's settings are not its copy's. */
async function create(fixture: GatewayFixture, name: string, template: string): Promise<void> {
  await inQuiet(fixture, template, `CREATE DATABASE ${name} TEMPLATE ${template}`, template)
  for (const setting of SETTINGS) await fixture.postgres.query(`ALTER DATABASE ${name} SET ${setting}`)
}

async function rename(fixture: GatewayFixture, from: string, to: string): Promise<void> {
  await inQuiet(fixture, from, `ALTER DATABASE ${from} RENAME TO ${to}`, to)
}

/** Nobody may be logged in to a database that is copied or renamed, and the gateway comes back for its catalog at once. */
async function inQuiet({ postgres }: GatewayFixture, database: string, change: string, afterwards: string): Promise<void> {
  if (database === 'template0') return void (await postgres.query(change))
  await postgres.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`)
  await postgres.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${database}'`)
  await postgres.query(change)
  await postgres.query(`ALTER DATABASE ${afterwards} ALLOW_CONNECTIONS true`)
}

interface Target {
  readonly port: number
  readonly password: string
  readonly database: string
}

function play(home: string, programs: string, name: string, { port, password, database }: Target): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LC_ALL: 'C',
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: 'postgres',
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: 'disable',
    PGTZ: 'PST8PDT',
    PGDATESTYLE: 'Postgres, MDY',
    PG_ABS_SRCDIR: home,
    PG_ABS_BUILDDIR: home,
    PG_LIBDIR: path.join(home),
    PG_DLSUFFIX: '.so',
  }
  const args = ['-X', '-a', '-q', '-v', 'HIDE_TABLEAM=on', '-v', 'HIDE_TOAST_COMPRESSION=on', '-f', path.join('sql', `${name}.sql`)]
  return new Promise((resolve) => {
    const options = { cwd: home, env, timeout: TIME_LIMIT_MS, maxBuffer: 256 << 20 }
    const child = execFile(path.join(programs, 'psql'), args, options, (error, out, err) => {
      resolve(`${out}\n-- standard error\n${err}\n-- exit ${error === null ? 0 : error.killed ? 'late' : error.code}`)
    })
    child.stdin?.end()
  })
}

interface Found {
  readonly lines: number
  /** Named in `regression-reasons.ts`. */
  readonly reasons: readonly string[]
  /** What the gateway said that has no name there, or that it differs with no word said. */
  readonly unexplained: readonly string[]
}

function compare(name: string, direct: string, ours: string): Found {
  const [theirs, mine] = [lineTable(direct), lineTable(ours)]
  let lines = 0
  const said: string[] = []
  for (const [line, count] of mine) {
    const more = count - (theirs.get(line) ?? 0)
    if (more <= 0) continue
    lines += more
    if (/(?:ERROR|FATAL|WARNING|HINT|DETAIL): {2}|^psql|^LINE \d+:/.test(line)) said.push(line)
  }
  for (const [line, count] of theirs) lines += Math.max(0, count - (mine.get(line) ?? 0))
  const reasons = new Set<string>()
  const unexplained: string[] = []
  for (const line of said) {
    const reason = reasonOf(line)
    if (reason !== undefined) reasons.add(reason)
    else unexplained.push(line)
  }
  const silent = unexplained.length === 0 ? silentReasonOf(name, lines) : undefined
  if (silent !== undefined) reasons.add(silent)
  if (reasons.size > 0) return { lines, reasons: [...reasons].sort(), unexplained: [] }
  return { lines, reasons: [], unexplained: lines > 0 && unexplained.length === 0 ? [`${lines} lines, and no word said`] : unexplained }
}

/** Each line with how often it stands there; what changes from run to run is taken out. */
function lineTable(text: string): Map<string, number> {
  const table = new Map<string, number>()
  const steady = text.replaceAll(/psql:[^ ]*:\d+: /g, '').replaceAll(/\b\d{5,6}\b/g, 'N')
  for (const line of steady.split('\n')) table.set(line, (table.get(line) ?? 0) + 1)
  return table
}

/** For whoever looks for the reason. */
function keep(name: string, direct: string, ours: string): void {
  const folder = path.join(cacheFolder, 'regression')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, `${name}.direct`), direct)
  fs.writeFileSync(path.join(folder, `${name}.through`), ours)
}
