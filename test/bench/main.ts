/**
 * `npm run bench`: what the gateway costs, as ratios to a bare relay in the same run. Rounds are interleaved, medians are shown.
 * `--quick` some 40 seconds; `--full` also 64 clients and longer rounds; `--json FILE` writes every number.
 */
import fs from 'node:fs'
import os from 'node:os'
import { parseArgs } from 'node:util'
import { residentMiB } from './cpu.ts'
import { type FactsCost, measureFacts } from './facts.ts'
import { fillPgbench, findPgbench, type Mode, type Run, runPgbench } from './pgbench.ts'
import { measureRecording, type RecordingCost } from './recording.ts'
import { median, printTable, ratio, tenth, whole } from './table.ts'
import { type Bench, CONNECTIONS, startBench, type Target } from './targets.ts'
import { fillWide, readWide, type WideRun } from './wide.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, full: { type: 'boolean', default: false }, json: { type: 'string' } },
})
const plan = options.quick
  ? { seconds: 1, warmSeconds: 1, rounds: 1, clients: [1, 16], rows: 50_000, wideRounds: 2 }
  : options.full
    ? { seconds: 5, warmSeconds: 5, rounds: 5, clients: [1, 16, 64], rows: 200_000, wideRounds: 5 }
    : { seconds: 3, warmSeconds: 3, rounds: 3, clients: [1, 16], rows: 200_000, wideRounds: 3 }
const MODES: readonly Mode[] = ['simple', 'extended', 'prepared']

type Name = Target['name']
interface PgbenchResult {
  readonly mode: Mode
  readonly clients: number
  readonly runs: Readonly<Record<Name, Run[]>>
}
interface WideResult {
  readonly what: string
  readonly runs: Readonly<Record<Name, WideRun[]>>
}

async function main(): Promise<number> {
  if (!findPgbench()) {
    process.stderr.write('pgbench is not on the PATH. It comes with PostgreSQL: on Debian, apt-get install postgresql-client postgresql.\n')
    return 1
  }
  say(`${os.cpus()[0]?.model ?? 'cpu'} × ${os.cpus().length}, Node ${process.version}; ${plan.rounds} × ${plan.seconds} s a cell`)
  const bench = await startBench()
  try {
    const direct = target(bench.targets, 'direct')
    await fillPgbench(direct, CONNECTIONS.bench, 1)
    for (const name of [CONNECTIONS.plain, CONNECTIONS.masked, CONNECTIONS.patterns]) await fillWide(bench.postgres, name, plan.rows)
    await warm(bench.targets)
    const pgbench = await measurePgbench(bench.targets)
    showPgbench(pgbench)
    const wide = await measureWide(bench)
    showWide(wide)
    const recording = measureRecording(options.quick ? 5 : 20)
    showRecording(recording)
    const facts = await measureFacts(options.quick ? 10 : 40)
    showFacts(facts)
    const memory = residentMiB(target(bench.targets, 'gateway').pid)
    say(`\ngateway's memory at the end: ${memory ?? '–'} MiB resident`)
    if (options.json)
      fs.writeFileSync(
        options.json,
        `${JSON.stringify({ at: new Date().toISOString(), node: process.version, plan, pgbench, wide, recording, facts, memory }, null, 2)}\n`,
      )
  } finally {
    await bench.stop()
  }
  return 0
}

/** Compiled code and full caches on every side before anything counts. */
async function warm(targets: readonly Target[]): Promise<void> {
  for (const each of targets)
    for (const mode of MODES) if (each.name !== 'direct') await runPgbench(each, CONNECTIONS.bench, mode, 4, plan.warmSeconds)
}

async function measurePgbench(targets: readonly Target[]): Promise<PgbenchResult[]> {
  const results: PgbenchResult[] = []
  for (const clients of plan.clients)
    for (const mode of MODES) results.push({ mode, clients, runs: { direct: [], relay: [], gateway: [] } })
  for (let round = 0; round < plan.rounds; round++)
    for (const { mode, clients, runs } of results)
      for (const each of turn(targets, round)) runs[each.name].push(await runPgbench(each, CONNECTIONS.bench, mode, clients, plan.seconds))
  return results
}

async function measureWide(bench: Bench): Promise<WideResult[]> {
  const cases = [
    { what: 'no masks', database: CONNECTIONS.plain, targets: bench.withoutPatterns },
    { what: '2 masked columns', database: CONNECTIONS.masked, targets: bench.withoutPatterns },
    { what: 'patterns on all text', database: CONNECTIONS.patterns, targets: bench.targets },
  ]
  const results: WideResult[] = []
  for (const { what, database, targets } of cases) {
    const runs: Record<Name, WideRun[]> = { direct: [], relay: [], gateway: [] }
    for (const each of targets) await readWide(each, database, 1)
    for (let round = 0; round < plan.wideRounds; round++)
      for (const each of turn(targets, round)) runs[each.name].push(await readWide(each, database, 2))
    results.push({ what, runs })
  }
  return results
}

/** Each round starts with another, so that no one always goes first. */
function turn(targets: readonly Target[], round: number): readonly Target[] {
  const at = round % targets.length
  return [...targets.slice(at), ...targets.slice(0, at)]
}

function showPgbench(results: readonly PgbenchResult[]): void {
  say('\nselect-only transactions a second (pgbench -S), and as a ratio to the relay; CPU in µs a statement')
  const rows = results.map(({ mode, clients, runs }) => {
    const tps = (name: Name): number => median(runs[name].map((run) => run.tps))
    const cpu = (name: Name): number | undefined => medianOf(runs[name].map((run) => run.cpu))
    return [
      `${mode} × ${clients}`,
      whole(tps('direct')),
      whole(tps('relay')),
      whole(tps('gateway')),
      ratio(tps('direct'), tps('relay')),
      ratio(tps('gateway'), tps('relay')),
      tenth(cpu('relay')),
      tenth(cpu('gateway')),
    ]
  })
  printTable(['mode × clients', 'direct', 'relay', 'gateway', 'direct/relay', 'gateway/relay', 'relay µs', 'gateway µs'], rows)
}

function showWide(results: readonly WideResult[]): void {
  say(`\nrows a second of SELECT * (10 columns, ${whole(plan.rows)} rows), and as a ratio to the relay; CPU in µs a row`)
  const rows = results.map(({ what, runs }) => {
    const rate = (name: Name): number => median(runs[name].map((run) => run.rowsPerSecond))
    const cpu = (name: Name): string => medianOf(runs[name].map((run) => run.cpuPerRow))?.toFixed(2) ?? '–'
    return [
      what,
      whole(rate('direct')),
      whole(rate('relay')),
      whole(rate('gateway')),
      ratio(rate('gateway'), rate('relay')),
      cpu('relay'),
      cpu('gateway'),
    ]
  })
  printTable(['masks', 'direct', 'relay', 'gateway', 'gateway/relay', 'relay µs', 'gateway µs'], rows)
}

function showFacts(costs: readonly FactsCost[]): void {
  say('\nfacts: µs of the session’s thread a statement')
  printTable(
    ['text', 'bytes', 'µs'],
    costs.map(({ what, bytes, micros }) => [what, whole(bytes), tenth(micros)]),
  )
}

function showRecording(costs: readonly RecordingCost[]): void {
  say('\nrecording: µs of the sessions’ thread a statement (judged, sent, its answer, its end, the write)')
  printTable(
    ['statements', 'µs'],
    costs.map(({ what, micros }) => [what, tenth(micros)]),
  )
}

const medianOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : median(known)
}

function target(targets: readonly Target[], name: Name): Target {
  const found = targets.find((each) => each.name === name)
  if (!found) throw new Error(`no target ${name}`)
  return found
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
