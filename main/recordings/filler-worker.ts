import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { type Db, openDatabase } from '../store/open-database.ts'
import { RecordingsFiller } from './fill-recordings.ts'
import type { FillerReport, FillerStart } from './filler-messages.ts'
import { keepHouse } from './keep-house.ts'
import { signingKeyOf } from './signing-key.ts'

/** A pass is one transaction; small enough that stopping and reading in between are quick. */
const PASS_BYTES = 2 * 1024 * 1024
const IDLE_MS = 100
const BUSY_MS = 2
const AFTER_ERROR_MS = 1000
/** How often the head is signed while something changes: so much of the end could be cut off without trace by who can write here. */
const SEAL_MS = 60_000
const RETENTION_MS = 3_600_000
const FIRST_RETENTION_MS = 30_000

const start: FillerStart = workerData
const key = signingKeyOf(Buffer.from(start.signingKey))
let stopping = false
let retentionAt = Date.now() + FIRST_RETENTION_MS

parentPort?.on('message', (message: unknown) => {
  if (message === 'stop') stopping = true
  if (message === 'retain') retentionAt = 0
})

// On Linux a priority belongs to a thread, and 0 is the calling one; elsewhere it would slow the whole host.
if (process.platform === 'linux') setPriority(0, 10)

await run()
parentPort?.close()

async function run(): Promise<void> {
  let db: Db | undefined
  let filler: RecordingsFiller | undefined
  let house: Iterator<void> | undefined
  let retentionFailure: string | undefined
  let failed = false
  let sealedAt = Date.now()
  for (;;) {
    const last = stopping
    try {
      db ??= openDatabase(recordingsFile(start.dataDir), { migrations: recordingsMigrations })
      filler ??= new RecordingsFiller(db, start.journal, key)
      const result = filler.pass(PASS_BYTES)
      if (result.bytes > 0 || result.stuck || failed) {
        report({ sessions: [...result.sessions], behind: filler.behind(), stuck: result.stuck, failure: undefined, retentionFailure })
        failed = false
      }
      const done = result.bytes === 0 && last
      if (done || Date.now() - sealedAt >= SEAL_MS) {
        filler.seal()
        sealedAt = Date.now()
      }
      if (done) break
      if (!last && house === undefined && Date.now() >= retentionAt) {
        house = keepHouse(db, start.journal, start.retention, key, Date.now())
        retentionAt = Date.now() + RETENTION_MS
      }
      if (house !== undefined) {
        const before = retentionFailure
        retentionFailure = undefined
        try {
          if (house.next().done === true) house = undefined
          filler.forgetObjects()
        } catch (cause) {
          house = undefined
          retentionFailure = wordsOf(cause)
        }
        failed ||= before !== retentionFailure
      }
      await sleep(result.bytes >= PASS_BYTES || house !== undefined ? BUSY_MS : last ? 0 : IDLE_MS)
    } catch (cause) {
      filler?.close()
      db?.close()
      filler = undefined
      db = undefined
      house = undefined
      failed = true
      report({ sessions: [], behind: 0, stuck: true, failure: wordsOf(cause), retentionFailure })
      if (last) break
      await sleep(AFTER_ERROR_MS)
    }
  }
  filler?.close()
  db?.close()
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function report(message: FillerReport): void {
  parentPort?.postMessage(message)
}
