import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { recordingsMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import { askQuestions } from '../helpers/search-questions.ts'
import { EVENTS_PER_STATEMENT, fillSearchStore } from '../helpers/search-store.ts'
import type { PeerSuite } from './suite.ts'

/** `PEER_EVENTS=1000000` for fewer. */
const EVENTS = Number(process.env['PEER_EVENTS'] ?? 5_000_000)
const LIMIT_MS = 200

/** Searching a large record. */
export const suite: PeerSuite = {
  name: 'search',
  title: `Searching ${(EVENTS / 1e6).toFixed(1)} million events`,
  run: async (report) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-search-'))
    try {
      const db = openDatabase(path.join(folder, 'recordings.db'), { migrations: recordingsMigrations })
      const last = fillSearchStore(db, Math.floor(EVENTS / EVENTS_PER_STATEMENT))
      report.say(`filled: ${(fs.statSync(path.join(folder, 'recordings.db')).size / 2 ** 20).toFixed(0)} MiB`)
      const answers = askQuestions(db, last)
      report.text(
        `A store with ${(EVENTS / EVENTS_PER_STATEMENT).toLocaleString('en')} statements, each with a text of its own, in sessions of 100, over a year (five events a statement). Each question asks for the newest 50; the slowest of five times counts, after one that warms.`,
      )
      report.table(
        ['question', 'found', 'ms'],
        answers.map(({ what, found, ms }) => [what, found, ms.toFixed(1)]),
      )
      for (const { what, ms } of answers) if (ms > LIMIT_MS) report.fault(`${what} took ${ms.toFixed(0)} ms; ${LIMIT_MS} are allowed.`)
      db.close()
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  },
}
