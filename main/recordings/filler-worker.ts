import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { openDatabase } from '../store/open-database.ts'
import { RecordingsFiller } from './fill-recordings.ts'
import type { FillerReport, FillerStart } from './filler-messages.ts'
import { signingKeyOf } from './signing-key.ts'

/** A pass is one transaction; small enough that stopping and reading in between are quick. */
const PASS_BYTES = 2 * 1024 * 1024
const IDLE_MS = 100
const BUSY_MS = 2
const AFTER_ERROR_MS = 1000
/** How often the head is signed while something changes: so much of the end could be cut off without trace by who can write here. */
const SEAL_MS = 60_000

const start: FillerStart = workerData
const key = signingKeyOf(Buffer.from(start.signingKey))
let stopping = false

parentPort?.on('message', (message: unknown) => {
  if (message === 'stop') stopping = true
})

// On Linux a priority belongs to a thread, and 0 is the calling one; elsewhere it would slow the whole host.
if (process.platform === 'linux') setPriority(0, 10)

const db = openDatabase(recordingsFile(start.dataDir), { migrations: recordingsMigrations })
await run()
db.close()
parentPort?.close()

async function run(): Promise<void> {
  let filler: RecordingsFiller | undefined
  let sealedAt = Date.now()
  for (;;) {
    const last = stopping
    try {
      filler ??= new RecordingsFiller(db, start.journal, key)
      const result = filler.pass(PASS_BYTES)
      if (result.bytes > 0 || result.stuck)
        report({ sessions: [...result.sessions], behind: filler.behind(), stuck: result.stuck, failure: undefined })
      const done = result.bytes === 0 && last
      if (done || Date.now() - sealedAt >= SEAL_MS) {
        filler.seal()
        sealedAt = Date.now()
      }
      if (done) break
      await sleep(result.bytes >= PASS_BYTES ? BUSY_MS : last ? 0 : IDLE_MS)
    } catch (cause) {
      filler?.close()
      filler = undefined
      report({ sessions: [], behind: 0, stuck: true, failure: cause instanceof Error ? cause.message : String(cause) })
      if (last) break
      await sleep(AFTER_ERROR_MS)
    }
  }
  filler?.close()
}

function report(message: FillerReport): void {
  parentPort?.postMessage(message)
}
