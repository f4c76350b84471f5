import { runFuzz } from '../fuzz/run-fuzz.ts'
import type { PeerSuite } from './suite.ts'

/** `SALLYPORT_FUZZ_SECONDS` and `SALLYPORT_FUZZ_SEED` change how long and which. */
export const suite: PeerSuite = {
  name: 'fuzz',
  title: 'Spoiled bytes from both sides',
  async run(report) {
    const seconds = Number(process.env['SALLYPORT_FUZZ_SECONDS'] ?? 600)
    const seed = Number(process.env['SALLYPORT_FUZZ_SEED'] ?? Date.now() % 1_000_000)
    report.say(`${seconds} s, seed ${seed}`)
    const { conversations, checkedBytes, grownMiB, longestTurn, faults } = await runFuzz({ seconds, seed })
    report.text(
      `Conversations of clients with bytes changed, cut, doubled and lengths forged, a third of them with a server whose answers are spoiled
too. Every byte that reached the server was compared with what had been cleared.`,
    )
    report.table(
      ['seconds', 'seed', 'conversations', 'bytes upstream, all cleared', 'memory grew by', 'longest turn of the event loop', 'faults'],
      [[seconds, seed, conversations, checkedBytes, `${grownMiB} MiB`, `${longestTurn} ms`, faults.length]],
    )
    if (conversations === 0) report.fault('no conversation was held')
    if (grownMiB > 300) report.fault(`memory grew by ${grownMiB} MiB`)
    for (const fault of faults) report.fault(`seed ${seed}: ${fault}`)
  },
}
