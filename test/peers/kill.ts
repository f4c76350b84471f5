import { killAgainAndAgain } from '../helpers/kill-runs.ts'
import { randomSource } from '../helpers/random.ts'
import type { PeerSuite } from './suite.ts'

/** `PEER_KILLS=20` for fewer. */
const KILLS = Number(process.env['PEER_KILLS'] ?? 200)

/** kill -9 at random points under load: PostgreSQL's own log against the record. */
export const suite: PeerSuite = {
  name: 'kill',
  title: 'The host killed at random points under load',
  run: async (report) => {
    const random = randomSource(6)
    const result = await killAgainAndAgain(KILLS, () => 20 + random.below(600), report.say)
    report.text(
      'Three clients ask through the gateway, four statements at a time without waiting, each statement with a text of its own; SIGKILL comes 20 to 620 ms after they begin, and the host is started again on the same data. PostgreSQL’s log (log_statement = all) is compared with the record; then `verify` proves the whole of it.',
    )
    report.table(
      [
        'kills',
        'statements PostgreSQL saw',
        'of them not in the record',
        'statements in the record',
        'sessions',
        'events',
        'slowest start',
      ],
      [
        [
          result.kills,
          result.seen,
          result.missing.length,
          result.recorded,
          result.sessions,
          result.events,
          `${(result.slowestStartMs / 1000).toFixed(1)} s`,
        ],
      ],
    )
    for (const marker of result.missing.slice(0, 20)) report.fault(`PostgreSQL saw ${marker}, and the record does not hold it.`)
    for (const fault of result.faults) report.fault(fault)
    if (result.seen < KILLS) report.fault(`PostgreSQL saw only ${result.seen} statements: the run shows nothing.`)
  },
}
