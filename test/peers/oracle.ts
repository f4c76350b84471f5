import { startPostgres } from '../helpers/postgres.ts'
import { installedPrograms } from './debian.ts'
import { type OracleResult, runOracle } from './oracle-run.ts'
import { type PeerSuite, percent, type Report } from './suite.ts'

const COUNT = 5000
const SEED = 20261124

export const suite: PeerSuite = {
  name: 'oracle',
  title: "Facts beside the server's own analysis",
  run: async (report) => {
    const results: OracleResult[] = []
    const programs = installedPrograms()
    for (const one of [{}, ...(programs === undefined ? [] : [{ programs }])]) {
      const postgres = await startPostgres(one)
      try {
        results.push(await runOracle(postgres, COUNT, SEED))
      } finally {
        await postgres.stop()
      }
    }
    tell(report, results)
  },
}

function tell(report: Report, results: readonly OracleResult[]): void {
  report.text(
    `Generated SELECTs (seed ${SEED}) on the demo's schema and a few relations more: joins of all kinds, USING, LATERAL, CTEs that shadow tables or read themselves, set operations, whole rows, columns written as functions, views on views, subqueries everywhere, windows, aggregates with all their clauses, grouping sets, functions in FROM. Each is sent to a real server as Parse and Describe with \`debug_print_rewritten\` on. *Missed*: a base column that the server's tree reads and our facts do not name, an output column that RowDescription gives to a base column and our facts do not, or an output's name. *Over*: our facts name a column that the tree does not read. *Unknown*: our facts could not tell something.`,
  )
  report.table(
    ['server', 'compared', 'refused by the server', 'missed', 'over', 'unknown'],
    results.map((one) => [
      `PostgreSQL ${one.version}`,
      one.compared,
      percent(one.generated - one.compared, one.generated),
      one.missed.length,
      `${one.over.length} (${percent(one.over.length, one.compared)})`,
      `${one.unknown.length} (${percent(one.unknown.length, one.compared)})`,
    ]),
  )
  for (const one of results) {
    if (one.missed.length > 0)
      report.fault(`PostgreSQL ${one.version}: missed in ${one.missed.length}, the first: ${one.missed[0]?.what.join(', ')}`)
    if (one.over.length > one.compared * 0.05) report.fault(`PostgreSQL ${one.version}: over-report in more than 5 % of statements`)
    if (process.env['PEERS_DETAILS'] === undefined) continue
    const show = (title: string, all: readonly { sql: string; what: readonly string[] }[]) => {
      for (const { sql, what } of [...all].sort((a, b) => a.sql.length - b.sql.length).slice(0, 12))
        report.say(`${title}: ${what.join(', ')}\n    ${sql}`)
    }
    show('missed', one.missed)
    show('over', one.over)
    show('unknown', one.unknown)
    for (const [text, times] of [...one.refused].sort((a, b) => b[1] - a[1]).slice(0, 20)) report.say(`refused ${times}: ${text}`)
  }
}
