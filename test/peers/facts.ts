/** Every statement of PostgreSQL's regression files gets facts, or a refusal with a name, while the files run on a real server. */
import fs from 'node:fs'
import path from 'node:path'
import { loadModule } from 'libpg-query'
import type { Catalog } from '../../proxy/catalog/catalog.ts'
import { GatewayError } from '../../proxy/errors.ts'
import { type Analysis, analyseTree } from '../../proxy/statement/analyst.ts'
import { parseHere } from '../../proxy/statement/parse.ts'
import { type Postgres, startPostgres } from '../helpers/postgres.ts'
import { installedPrograms, postgresSource, type Source } from './debian.ts'
import { createTally, type Tally } from './facts-tally.ts'
import { followCatalog } from './following-catalog.ts'
import { readScript } from './psql-script.ts'
import { openScriptSession, type ScriptSession } from './script-session.ts'
import { type PeerSuite, percent, type Report } from './suite.ts'

interface Found {
  readonly core: Tally
  readonly contrib: Tally
  texts: number
  /** Refused with a name: code and how often. */
  readonly refused: Map<string, number>
  /** Refused by the grammar though the server takes them. */
  readonly lost: string[]
  readonly crashed: string[]
  readonly slow: { ms: number; place: string; bytes: number }[]
}

export const suite: PeerSuite = {
  name: 'facts',
  title: "Facts of PostgreSQL's regression files",
  run: async (report) => {
    await loadModule()
    const source = postgresSource(report)
    const programs = installedPrograms()
    const postgres = await startPostgres({
      ...(programs === undefined ? {} : { programs }),
      auth: 'trust',
      settings: {
        max_prepared_transactions: '2',
        autovacuum: 'on',
        autovacuum_naptime: '10s',
        wal_level: 'logical',
        track_functions: 'all',
        shared_buffers: '128MB',
      },
    })
    const found: Found = { core: createTally(), contrib: createTally(), texts: 0, refused: new Map(), lost: [], crashed: [], slow: [] }
    try {
      const [version] = await postgres.query<{ server_version: string }>('SHOW server_version')
      await runCore(postgres, source, found, report)
      await runContrib(postgres, source, found, report)
      tell(report, found, source, version?.server_version ?? '')
    } finally {
      await postgres.stop()
    }
  },
}

async function makeDatabase(postgres: Postgres, name: string): Promise<void> {
  await postgres.query(`CREATE DATABASE ${name} TEMPLATE template0`)
  for (const setting of [
    "lc_messages TO 'C'",
    "lc_monetary TO 'C'",
    "timezone_abbreviations TO 'Default'",
    "datestyle TO 'Postgres, MDY'",
    "timezone TO 'PST8PDT'",
  ])
    await postgres.query(`ALTER DATABASE ${name} SET ${setting}`)
}

async function runCore(postgres: Postgres, source: Source, found: Found, report: Report): Promise<void> {
  const folder = path.join(source.folder, 'src/test/regress')
  await makeDatabase(postgres, 'regression')
  const schedule = fs.readFileSync(path.join(folder, 'parallel_schedule'), 'utf8')
  const names = [...schedule.matchAll(/^test: (.+)$/gm)].flatMap((match) => (match[1] ?? '').trim().split(/\s+/))
  for (const name of names.filter(isWanted))
    await runFile(postgres, 'regression', path.join(folder, 'sql', `${name}.sql`), folder, found.core, found, report)
}

/** `PEERS_FILES`, a pattern of names, runs only those files (and what all of them need): to look for one thing. */
const only = process.env['PEERS_FILES']
const isWanted = (name: string): boolean => only === undefined || name === 'test_setup' || new RegExp(`^(${only})$`).test(name)

async function runContrib(postgres: Postgres, source: Source, found: Found, report: Report): Promise<void> {
  const home = path.join(source.folder, 'contrib')
  for (const name of fs.readdirSync(home).sort()) {
    const makefile = path.join(home, name, 'Makefile')
    const tests = fs.existsSync(makefile) ? /^REGRESS\s*=\s*((?:.*\\\n)*.*)$/m.exec(fs.readFileSync(makefile, 'utf8'))?.[1] : undefined
    const files = (tests ?? '')
      .split(/[\s\\]+/)
      .map((test) => path.join(home, name, 'sql', `${test}.sql`))
      .filter((file) => fs.existsSync(file))
    if (files.length === 0 || !isWanted(`contrib/${name}`)) continue
    const database = `contrib_${name.replaceAll('-', '_')}`
    await makeDatabase(postgres, database)
    for (const file of files) await runFile(postgres, database, file, path.join(home, name), found.contrib, found, report)
  }
}

async function runFile(
  postgres: Postgres,
  database: string,
  file: string,
  folder: string,
  tally: Tally,
  found: Found,
  report: Report,
): Promise<void> {
  const since = performance.now()
  const session = await openScriptSession({ port: postgres.port, database, user: postgres.user, password: postgres.password })
  // The script's own objects are many by now, and the planner should know.
  await session.query('ANALYZE pg_class, pg_attribute, pg_proc, pg_type, pg_depend, pg_rewrite, pg_constraint, pg_inherits')
  const catalogs = await followCatalog(session.query)
  let catalog = await catalogs.read()
  let stale = false
  const variables = new Map([
    ['env PG_ABS_SRCDIR', folder],
    ['env PG_ABS_BUILDDIR', folder],
    ['env PG_LIBDIR', folder],
    ['env PG_DLSUFFIX', '.so'],
    ['DBNAME', database],
    ['USER', postgres.user],
    ['ENCODING', 'UTF8'],
  ])
  const name = path.basename(file)
  const read = async (sql: string, line: number, then: string | undefined, run: () => Promise<string | undefined>): Promise<void> => {
    found.texts += 1
    let { analysis, ms } = analyse(sql, catalog)
    // What an older catalog can tell without a doubt stays true: reading it again takes longer than the statement.
    if (stale && !(analysis instanceof GatewayError) && analysis.statements.some((one) => one.unknown.length > 0)) {
      catalog = await catalogs.read()
      stale = false
      ;({ analysis, ms } = analyse(sql, catalog))
    }
    const place = `${name}:${line}`
    if (found.slow.length < 5 || ms > (found.slow.at(-1)?.ms ?? 0)) {
      found.slow.push({ ms, place, bytes: Buffer.byteLength(sql) })
      found.slow.sort((a, b) => b.ms - a.ms).splice(5)
    }
    const code = await (then === undefined && isPlainRead(analysis) ? checkRead(session, sql, analysis) : run())
    if (analysis instanceof GatewayError) {
      found.refused.set(analysis.code, (found.refused.get(analysis.code) ?? 0) + 1)
      if (analysis.code === 'internal') found.crashed.push(`${place}: ${analysis.message}`)
      else if (code === undefined) found.lost.push(`${place}: ${analysis.message}: ${sql.replace(/\s+/g, ' ').slice(0, 100)}`)
      stale = true
      return
    }
    for (const facts of analysis.statements) {
      tally.add(facts, sql, code, catalog, place)
      stale ||= facts.changesCatalog || /^rollback/.test(facts.transaction?.op ?? '')
    }
  }
  try {
    for (const step of readScript(fs.readFileSync(file, 'utf8'), variables)) {
      if (step.kind === 'connect') {
        await session.reconnect(step.argument)
        stale = true
        continue
      }
      const again = (sql: string) => read(sql, step.line, undefined, async () => (await session.run(sql)).code)
      await read(step.text, step.line, step.then, () => runStep(session, step, variables, again))
    }
  } catch (error) {
    found.crashed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await session.end()
  }
  const took = performance.now() - since
  if (took > 5000) report.say(`${name}: ${(took / 1000).toFixed(1)} s`)
}

function analyse(sql: string, catalog: Catalog): { analysis: Analysis; ms: number } {
  const started = performance.now()
  const parsed = parseHere(sql)
  const analysis = 'refused' in parsed ? parsed.refused : analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  return { analysis, ms: performance.now() - started }
}

/** What only reads is not run; whether the server takes it is asked only where we could not tell everything. */
async function checkRead(session: ScriptSession, sql: string, analysis: Analysis): Promise<string | undefined> {
  return 'statements' in analysis && analysis.statements.some((one) => one.unknown.length > 0) ? session.check(sql) : undefined
}

/** Changes nothing that the catalog shows: the server only has to say whether it takes it. */
function isPlainRead(analysis: Analysis): boolean {
  if (analysis instanceof GatewayError || analysis.statements.length !== 1) return false
  const [facts] = analysis.statements
  return (
    facts?.kind === 'SELECT' &&
    facts.verbs.every((verb) => verb === 'read' || verb === 'unknown') &&
    !facts.unknown.some((one) => one.fn !== undefined)
  )
}

type SqlStep = Extract<ReturnType<typeof readScript> extends Generator<infer S> ? S : never, { kind: 'sql' }>

async function runStep(
  session: ScriptSession,
  step: SqlStep,
  variables: Map<string, string>,
  again: (sql: string) => Promise<void>,
): Promise<string | undefined> {
  const answer = await session.run(step.text)
  const [row] = answer.rows
  if (step.then === 'gset' && answer.rows.length === 1 && row !== undefined) {
    answer.names.forEach((name, place) => {
      const value = row[place]
      if (value === null || value === undefined) variables.delete(`${step.argument}${name}`)
      else variables.set(`${step.argument}${name}`, value)
    })
  }
  if (step.then === 'gexec') for (const cells of answer.rows) for (const cell of cells) if (cell !== null) await again(cell)
  return answer.code
}

function tell(report: Report, found: Found, source: Source, server: string): void {
  const row = (name: string, tally: Tally, which: 'all' | 'selects') => {
    const { statements, unknown } = tally[which]()
    const share = (count: number) => `${count} (${percent(count, statements)})`
    return [name, statements, share(unknown.design), share(unknown.server), share(unknown.ours)]
  }
  if (only !== undefined) report.text(`Only a part of the files was run: \`${only}\`.`)
  report.text(
    `Every statement of \`src/test/regress/sql\` (in the order of its schedule, one file after the other) and \`contrib/*/sql\` of PostgreSQL ${source.version}, run on a PostgreSQL ${server} while its catalog is followed; the regression library in C is not built, so what needs it does not exist. Of ${found.texts} texts, ${[...found.refused.values()].reduce((a, b) => a + b, 0)} were refused with a name (${[...found.refused].map(([code, count]) => `${code}: ${count}`).join(', ')}); the others gave facts. "By design": what is unknown is code that the file itself made, as a team's own functions are until somebody vouches for them.`,
  )
  report.table(
    ['', 'statements', 'unknown by design', 'unknown, and refused by the server too', 'unknown, ours'],
    [
      row('regression files, all', found.core, 'all'),
      row('regression files, SELECT', found.core, 'selects'),
      row('contrib, all', found.contrib, 'all'),
      row('contrib, SELECT', found.contrib, 'selects'),
    ],
  )
  for (const [title, tally] of [
    ['the regression files', found.core],
    ['contrib', found.contrib],
  ] as const) {
    const reasons = tally.reasons()
    if (reasons.length === 0) continue
    report.text(`What was unknown in SELECTs of ${title} and is ours:`)
    report.table(
      ['reason', 'statements', 'first at'],
      reasons.slice(0, 20).map((one) => [one.what, one.count, one.place.split(' ')[0] ?? '']),
    )
  }
  report.text(
    `Longest reading of one text: ${found.slow.map((one) => `${one.ms.toFixed(0)} ms (${one.place}, ${one.bytes} bytes)`).join(', ')}.`,
  )
  if (found.lost.length > 0)
    report.text(
      `Refused though the server takes it: ${found.lost.length}, the first ${Math.min(found.lost.length, 10)}:\n\n${found.lost
        .slice(0, 10)
        .map((one) => `- \`${one}\``)
        .join('\n')}`,
    )
  for (const one of found.crashed) report.fault(one)
  for (const tally of [found.core, found.contrib]) {
    const { statements, unknown } = tally.selects()
    if (unknown.ours > statements * 0.02) report.fault(`More than 2 % of SELECTs are unknown: ${percent(unknown.ours, statements)}`)
  }
  if (process.env['PEERS_DETAILS'] !== undefined)
    for (const tally of [found.core, found.contrib])
      for (const one of tally.reasons()) report.say(`${one.count} ${one.what} ← ${one.place}`)
}
