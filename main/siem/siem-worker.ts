import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { recordingsFile } from '../store/files.ts'
import { recordingsMigrations } from '../store/migrations/index.ts'
import { openDatabase } from '../store/open-database.ts'
import { deliver } from './deliver.ts'
import { createHttpsSink } from './https-sink.ts'
import { readStreamPosition, writeStreamPosition } from './position-file.ts'
import { createAuditReader } from './read-audit.ts'
import type { SiemTarget } from './sink.ts'
import { createSyslogSink } from './syslog-sink.ts'

const { dataDir, target }: { readonly dataDir: string; readonly target: SiemTarget } = workerData
let stopping = false
parentPort?.on('message', (message: unknown) => {
  if (message === 'stop') stopping = true
})
if (process.platform === 'linux') setPriority(0, 10)

const db = openDatabase(recordingsFile(dataDir), { migrations: recordingsMigrations, readonly: true })
let said = ''
await deliver({
  reader: createAuditReader(db),
  sink: target.to === 'syslog' ? createSyslogSink(target) : createHttpsSink(target),
  position: readStreamPosition(dataDir),
  save: (position) => writeStreamPosition(dataDir, position),
  report: (report) => {
    const text = JSON.stringify(report)
    if (text !== said) parentPort?.postMessage(report)
    said = text
  },
  stopped: () => stopping,
  now: () => Date.now(),
})
db.close()
parentPort?.close()
