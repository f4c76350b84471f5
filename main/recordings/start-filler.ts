import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Log } from '../../proxy/ports.ts'
import type { FillerReport, FillerStart } from './filler-messages.ts'

export interface Filler {
  state(): { readonly behind: number; readonly failure: string | undefined; readonly retentionFailure: string | undefined }
  /** A reader found the database damaged: it is made anew from the journal. */
  rebuild(why: string): void
  /** Removes what retention says, soon. */
  retain(): void
  /** Takes in the rest and ends; waits `ms` at most. What is left then is taken in at the next start. */
  stop(ms: number): Promise<void>
}

/** Stuck for this long is a damaged journal and not a write under way. */
const STUCK_MS = 5000

export interface FillerListeners {
  readonly changed: (sessions: readonly string[]) => void
  readonly incident: (sentence: string) => void
  readonly replaced: () => void
}

/** Fills the search database in a thread of low priority, so that neither SQLite nor hashing is ever done on the sockets' thread. */
export function startFiller(start: FillerStart, log: Log, listeners: FillerListeners): Filler {
  const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './filler-worker.ts' : './filler-worker.js', import.meta.url), {
    workerData: start,
    name: 'sallyport-filler',
  })
  let behind = 0
  let failure: string | undefined
  let retentionFailure: string | undefined
  let stuckSince: number | undefined
  let ended = false
  worker.on('message', (report: FillerReport) => {
    behind = report.behind
    stuckSince = report.stuck ? (stuckSince ?? Date.now()) : undefined
    const stuck = stuckSince !== undefined && Date.now() - stuckSince > STUCK_MS
    const before = failure
    retentionFailure = report.retentionFailure
    failure = report.failure ?? (stuck ? 'The journal does not fit together; "sallyport verify" says where.' : undefined)
    if (failure !== undefined && failure !== before) log.error('filler-stopped', { failure })
    for (const sentence of report.incidents) listeners.incident(sentence)
    if (report.replaced) listeners.replaced()
    if (report.sessions.length > 0) listeners.changed(report.sessions)
  })
  worker.on('error', (error) => {
    failure = error.message
    log.error('filler-died', { failure })
  })
  worker.on('exit', () => {
    ended = true
    failure ??= 'The filler has ended.'
  })
  return {
    state: () => ({ behind, failure, retentionFailure }),
    rebuild: (why) => worker.postMessage({ rebuild: why }),
    retain: () => worker.postMessage('retain'),
    stop: async (ms) => {
      if (ended) return
      worker.postMessage('stop')
      const timer = setTimeout(() => void worker.terminate(), ms)
      if (!ended) await once(worker, 'exit')
      clearTimeout(timer)
    },
  }
}
