import { execFile, execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type GatewayFixture, startGateway } from '../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../helpers/policy-literal.ts'
import { SHOP } from '../helpers/shop.ts'
import { cacheFolder } from './conformance.ts'
import type { PeerSuite, Report } from './suite.ts'

const TIME_LIMIT_MS = 60_000
/** What its tests need beside themselves; the package's own dependencies come with `pg`. */
const NEEDS = ['pg@8.23.1', 'async@2.6.4', 'bluebird@3.7.2', 'co@4.6.0', 'mocha@11', 'expect.js', 'lodash', 'pg-copy-streams@0.3.0']

/** A checkout of node-postgres: npm's packages carry no tests, so somebody must put it there. */
const checkout = (): string => process.env['SALLYPORT_NODE_POSTGRES'] ?? path.join(cacheFolder, 'node-postgres')

/** node-postgres' own tests against a server, each file directly and through the gateway: the same must pass. */
export const suite: PeerSuite = {
  name: 'node-postgres',
  title: 'node-postgres’ own tests, directly and through the gateway',
  run: async (report) => {
    const home = checkout()
    if (!fs.existsSync(path.join(home, 'packages', 'pg', 'test'))) {
      report.text(
        'Skipped: no checkout of node-postgres. Put one into the folder that `SALLYPORT_NODE_POSTGRES` names, or into `.data/peers/node-postgres`.',
      )
      report.say('skipped: no checkout of node-postgres')
      return
    }
    install(home)
    const fixture = await startGateway({ policy: ALLOW_ALL, limits: { rows: 10_000_000 } })
    try {
      await compareAll(fixture, home, report)
    } finally {
      await fixture.stop()
    }
  },
}

function install(home: string): void {
  if (fs.existsSync(path.join(home, 'node_modules', 'mocha'))) return
  // The repository's own file speaks of all of its packages; only what the tests load is wanted.
  fs.writeFileSync(path.join(home, 'package.json'), '{"private":true}')
  execFileSync('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', '--ignore-scripts', ...NEEDS], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Differences that are ours by design. */
const BY_DESIGN: Readonly<Record<string, string>> = {
  'pg: client/appname-tests.js': 'wants no application_name: the gateway names the agent in it',
  'pg: gh-issues/2416-tests.js': 'wants a search_path with a schema that is not there, which is refused by name',
  'pg: client/statement_timeout-tests.js': 'wants no statement_timeout: the connection has a limit',
  'pg: client/idle_in_transaction_session_timeout-tests.js': 'wants no such timeout: the gateway sets one',
  'pg: client/error-handling-tests.js': 'wants an unknown user to be refused: identity is the token’s',
  'pg: gh-issues/130-tests.js': 'connects to the database template1, which is no connection of the gateway’s',
}

interface TestFile {
  readonly name: string
  readonly folder: string
  readonly args: readonly string[]
}

function* testFiles(home: string): Generator<TestFile> {
  const pg = path.join(home, 'packages', 'pg')
  const found = fs.readdirSync(path.join(pg, 'test', 'integration'), { recursive: true, encoding: 'utf8' }).sort()
  for (const name of found)
    if (name.endsWith('-tests.js')) yield { name: `pg: ${name}`, folder: pg, args: [path.join('test/integration', name)] }
  const mocha = path.join(home, 'node_modules', 'mocha', 'bin', 'mocha.js')
  for (const name of ['pg-pool', 'pg-cursor']) {
    const folder = path.join(home, 'packages', name)
    if (!fs.existsSync(path.join(folder, 'test'))) continue
    for (const file of fs.readdirSync(path.join(folder, 'test')).sort())
      if (file.endsWith('.js'))
        yield { name: `${name}: ${file}`, folder, args: [mocha, '--exit', '--timeout', '20000', path.join('test', file)] }
  }
}

async function compareAll(fixture: GatewayFixture, home: string, report: Report): Promise<void> {
  let [files, both, neither] = [0, 0, 0]
  const rows: string[][] = []
  const words = process.env['PEER_TESTS']?.split(',')
  for (const file of testFiles(home)) {
    if (words !== undefined && !words.some((word) => file.name.includes(word))) continue
    const direct = await play(file, fixture.postgres.port, SHOP.password)
    const through = await play(file, fixture.port, 'agent-token')
    files += 1
    if (direct.passed && through.passed) both += 1
    if (!direct.passed && !through.passed) neither += 1
    if (!direct.passed && !through.passed) report.say(`${file.name}: fails directly too: ${direct.why}`)
    if (direct.passed === through.passed) continue
    report.say(
      `${file.name}: directly ${direct.passed ? 'passes' : 'fails'}, through ${through.passed ? 'passes' : 'fails'}: ${direct.why}${through.why}`,
    )
    rows.push([
      file.name,
      direct.passed ? 'passes' : `fails: ${direct.why}`,
      through.passed ? 'passes' : `fails: ${BY_DESIGN[file.name] ?? through.why}`,
    ])
    const named = BY_DESIGN[file.name]
    if (named === undefined && direct.passed) report.fault(`${file.name} passes directly and fails through the gateway: ${through.why}`)
  }
  report.text(
    `${words === undefined ? '' : 'Only a part of them was run. '}${files} files of tests: ${both} pass both ways, ${neither} fail both ways (they want a server that is set up for them).`,
  )
  if (rows.length > 0) report.table(['file', 'directly', 'through'], rows)
}

interface Outcome {
  readonly passed: boolean
  readonly why: string
}

function play(file: TestFile, port: number, password: string): Promise<Outcome> {
  const env = {
    PATH: process.env['PATH'],
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: SHOP.user,
    PGPASSWORD: password,
    PGDATABASE: SHOP.database,
    TZ: 'GMT',
  }
  return new Promise((resolve) => {
    execFile(process.execPath, file.args, { cwd: file.folder, env, timeout: TIME_LIMIT_MS, maxBuffer: 64 << 20 }, (error, out, err) => {
      resolve({ passed: error === null, why: error === null ? '' : reason(`${out}\n${err}`, error.killed === true) })
    })
  })
}

function reason(printed: string, late: boolean): string {
  const line = /^.*(?:Error|error:|Message:|expected).*$/im.exec(printed)?.[0] ?? printed.trim().split('\n').at(-1) ?? ''
  return `${late ? `still running after ${TIME_LIMIT_MS / 1000} s; ` : ''}${line.trim().slice(0, 200)}`
}
