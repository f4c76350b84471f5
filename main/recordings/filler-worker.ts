import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { damageOf } from '../store/database-damage.ts'
import { recordingsFile } from '../store/files.ts'
import type { Db } from '../store/open-database.ts'
import { fileNumber } from './file-number.ts'
import { RecordingsFiller } from './fill-recordings.ts'
import type { FillerReport, FillerStart } from './filler-messages.ts'
import { keepHouse } from './keep-house.ts'
import { openRecordingsDatabase } from './open-recordings-database.ts'
import { describeRebuild, rebuildRecordings } from './rebuild-recordings.ts'
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
/** How often it is looked whether the database's name still leads to it. */
const PLACE_MS = 1000

const start: FillerStart = workerData
const key = signingKeyOf(Buffer.from(start.signingKey))
const path = recordingsFile(start.dataDir)
let stopping = false
let retentionAt = Date.now() + FIRST_RETENTION_MS
/** Why the database has to be made anew. */
let damage: string | undefined
const incidents: string[] = []

parentPort?.on('message', (message: unknown) => {
  if (message === 'stop') stopping = true
  if (message === 'retain') retentionAt = 0
  if (typeof message === 'object' && message !== null && 'rebuild' in message) damage ??= String(message.rebuild)
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
  let file = fileNumber(path)
  let lookedAt = Date.now()
  const letGo = (): void => {
    filler?.close()
    db?.close()
    filler = undefined
    db = undefined
    house = undefined
  }
  for (;;) {
    const last = stopping
    try {
      if (Date.now() - lookedAt >= PLACE_MS) {
        lookedAt = Date.now()
        if (fileNumber(path) !== file) damage ??= 'its file was removed or replaced'
      }
      if (damage !== undefined) {
        letGo()
        db = makeAnew(damage)
        damage = undefined
      }
      db ??= openRecordingsDatabase(path)
      // Only where it was opened just now: otherwise a change is what is looked for above.
      const opened = filler === undefined ? fileNumber(path) : file
      const replaced = opened !== file
      file = opened
      filler ??= new RecordingsFiller(db, start.journal, key, Date.now, true)
      const result = filler.pass(PASS_BYTES)
      incidents.push(...result.gaps)
      if (result.bytes > 0 || result.stuck || failed || replaced || incidents.length > 0) {
        const { sessions, stuck } = result
        report({ sessions, behind: filler.behind(), stuck, failure: undefined, retentionFailure, replaced })
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
          damage ??= damageOf(cause)
        }
        failed ||= before !== retentionFailure
      }
      await sleep(result.bytes >= PASS_BYTES || house !== undefined ? BUSY_MS : last ? 0 : IDLE_MS)
    } catch (cause) {
      letGo()
      failed = true
      damage ??= damageOf(cause)
      report({ sessions: [], behind: 0, stuck: true, failure: wordsOf(cause), retentionFailure, replaced: false })
      if (last) break
      await sleep(AFTER_ERROR_MS)
    }
  }
  letGo()
}

function makeAnew(why: string): Db {
  const { db, kept, documents } = rebuildRecordings(start.dataDir, key, Date.now())
  incidents.push(describeRebuild(why, kept, documents))
  return db
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function report(message: Omit<FillerReport, 'incidents'>): void {
  parentPort?.postMessage({ ...message, incidents: incidents.splice(0) })
}
