import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type GatewayFixture, startGateway } from '../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../helpers/policy-literal.ts'
import { SHOP } from '../helpers/shop.ts'
import { CLIENTS, type ClientKind, type Command } from './clients/kinds.ts'
import { cacheFolder } from './conformance.ts'
import { installedPrograms } from './debian.ts'
import type { PeerSuite, Report } from './suite.ts'

const TIME_LIMIT_MS = 180_000

/** Drivers and tools that people use, each with one script: what it prints must be the same directly and through the gateway. */
export const suite: PeerSuite = {
  name: 'clients',
  title: 'Drivers and tools, directly and through the gateway',
  run: async (report) => {
    const programs = installedPrograms()
    const fixture = await startGateway({ policy: ALLOW_ALL, ...(programs === undefined ? {} : { postgres: { programs } }) })
    try {
      const rows: (string | number)[][] = []
      for (const kind of wanted()) rows.push(await compare(fixture, kind, report))
      report.text(
        'Each runs one script that uses what it has (prepared statements, many types both ways, binary, COPY, cursors, transactions, errors, notices, pipelines, cancel, pools) under a policy that allows everything. What it prints is compared line by line.',
      )
      report.table(['program', 'lines', 'lines that differ'], rows)
    } finally {
      await fixture.stop()
    }
  },
}

/** `PEER_CLIENTS=psycopg2,JDBC` runs only those whose names hold one of the words. */
function wanted(): readonly ClientKind[] {
  const words = process.env['PEER_CLIENTS']?.split(',')
  return words === undefined ? CLIENTS : CLIENTS.filter(({ name }) => words.some((word) => name.includes(word)))
}

async function compare(fixture: GatewayFixture, kind: ClientKind, report: Report): Promise<(string | number)[]> {
  const missing = kind.missing()
  if (missing !== undefined) {
    report.say(`${kind.name}: skipped, ${missing}`)
    return [kind.name, `skipped: ${missing}`, '']
  }
  const since = performance.now()
  const command = kind.command()
  const { name, normalise = (text) => text } = kind
  const direct = normalise(await play(fixture, command, fixture.postgres.port, SHOP.user, SHOP.password)).split('\n')
  const through = normalise(await play(fixture, command, fixture.port, SHOP.user, 'agent-token')).split('\n')
  const differing =
    direct.length === through.length
      ? direct.filter((line, i) => line !== through[i]).length
      : Math.abs(direct.length - through.length) || 1
  keep(name, 'direct', direct)
  keep(name, 'through', through)
  report.say(`${name}: ${direct.length} lines, ${differing} differ, ${((performance.now() - since) / 1000).toFixed(0)} s`)
  if (differing > 0) report.fault(`${name}: ${differing} lines differ, the first: ${first(direct, through)}`)
  return [name, direct.length, differing]
}

function first(direct: readonly string[], through: readonly string[]): string {
  const at = direct.findIndex((line, i) => line !== through[i])
  const short = (line: string | undefined): string => `\`${(line ?? 'nothing').slice(0, 200)}\``
  const place = at === -1 ? direct.length : at
  return `line ${place + 1}, ${short(direct[place])} became ${short(through[place])}`
}

/** For whoever looks for the reason. */
function keep(name: string, side: string, lines: readonly string[]): void {
  const folder = path.join(cacheFolder, 'clients')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, `${name.replaceAll(/\W+/g, '-')}.${side}`), lines.join('\n'))
}

/** Everything that it prints, and its exit code at the end; on a schema `peer` of its own. */
async function play(fixture: GatewayFixture, command: Command, port: number, user: string, password: string): Promise<string> {
  await fixture.postgres.query(`DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer AUTHORIZATION ${SHOP.user}`, SHOP.database)
  await fixture.postgres.query('UPDATE public.counters SET n = 0', SHOP.database)
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: SHOP.database,
    PGAPPNAME: 'peer',
    PGSSLMODE: 'disable',
    ...command.env,
  }
  return new Promise((resolve) => {
    const child = execFile(command.file, [...command.args], { env, timeout: TIME_LIMIT_MS, maxBuffer: 64 << 20 }, (error, out, err) => {
      const code = error === null ? 0 : error.killed ? `killed after ${TIME_LIMIT_MS / 1000} s` : error.code
      resolve(`${out}\n-- standard error\n${err}\n-- exit ${code}`)
    })
    child.stdin?.end()
  })
}
