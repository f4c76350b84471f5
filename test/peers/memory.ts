import { MOST_MIB, measureMemory } from '../memory/measure-memory.ts'
import type { PeerSuite } from './suite.ts'

export const suite: PeerSuite = {
  name: 'memory',
  title: 'Memory',
  async run(report) {
    const { rows, sessions, value, faults } = await measureMemory({ rows: 10_000_000, sessions: 500, value: 500_000_000 })
    report.text(`What the host's resident memory grew by, at its highest; ${MOST_MIB} MiB are the most that it may.`)
    report.table(
      ['', 'MiB'],
      [
        ['SELECT of 10 million rows', rows],
        ['one value of 500 MB', value],
        ['500 idle sessions', sessions],
      ],
    )
    for (const fault of faults) report.fault(fault)
  },
}
