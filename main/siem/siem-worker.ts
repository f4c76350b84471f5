import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { databaseNumber } from '../recordings/open-recordings-database.ts'
import { recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { openDatabase } from '../store/open-database.ts'
import { type DeliveryReport, deliver } from './deliver.ts'
import { createHttpsSink } from './https-sink.ts'
import { readStreamPosition, writeStreamPosition } from './position-file.ts'
import { createAuditReader } from './read-audit.ts'
import type { SiemTarget } from './sink.ts'
import { createSyslogSink } from './syslog-sink.ts'

const AFTER_ERROR_MS = 1000

const { dataDir, target }: { readonly dataDir: string; readonly target: SiemTarget } = workerData
let stopping = false
let reopen = false
parentPort?.on('message', (message: unknown) => {
  if (message === 'stop') stopping = true
  if (message === 'reopen') reopen = true
})
if (process.platform === 'linux') setPriority(0, 10)

let said = ''
function report(state: DeliveryReport): void {
  const text = JSON.stringify(state)
  if (text !== said) parentPort?.postMessage(state)
  said = text
}

/** Until the host stops or the database is another one. */
async function deliverFromOne(): Promise<void> {
  const db = openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
  try {
    const number = databaseNumber(db)
    await deliver({
      reader: createAuditReader(db),
      sink: target.to === 'syslog' ? createSyslogSink(target) : createHttpsSink(target),
      position: readStreamPosition(dataDir, number),
      save: (position) => writeStreamPosition(dataDir, number, position),
      report,
      stopped: () => stopping || reopen,
      now: () => Date.now(),
    })
  } finally {
    db.close()
  }
}

while (!stopping) {
  reopen = false
  try {
    await deliverFromOne()
  } catch (cause) {
    report({ failure: cause instanceof Error ? cause.message : String(cause), behindEvents: 0, lagMs: 0, lost: 0 })
    await sleep(AFTER_ERROR_MS)
  }
}
parentPort?.close()
