import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Log } from '../../proxy/ports.ts'
import type { DeliveryReport } from './deliver.ts'
import type { SiemTarget } from './sink.ts'

export interface SiemStream {
  state(): DeliveryReport
  /** The database was replaced by another one. */
  reopen(): void
  /** Ends it; what was not delivered is delivered after the next start. */
  stop(ms: number): Promise<void>
}

/** Streams the record to a SIEM, in a thread of its own. */
export function startSiem(dataDir: string, target: SiemTarget, log: Log): SiemStream {
  const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './siem-worker.ts' : './siem-worker.js', import.meta.url), {
    workerData: { dataDir, target },
    name: 'sallyport-siem',
  })
  let state: DeliveryReport = { failure: undefined, behindEvents: 0, lagMs: 0, lost: 0 }
  let ended = false
  worker.on('message', (report: DeliveryReport) => {
    if (report.failure !== state.failure) {
      if (report.failure === undefined) log.info('siem-delivers')
      else log.warn('siem-failed', { failure: report.failure })
    }
    state = report
  })
  worker.on('error', (error) => {
    state = { ...state, failure: error.message }
    log.error('siem-died', { failure: error.message })
  })
  worker.on('exit', () => {
    ended = true
    state = { ...state, failure: state.failure ?? 'The stream has ended.' }
  })
  return {
    state: () => state,
    reopen: () => worker.postMessage('reopen'),
    stop: async (ms) => {
      if (ended) return
      worker.postMessage('stop')
      const timer = setTimeout(() => void worker.terminate(), ms)
      if (!ended) await once(worker, 'exit')
      clearTimeout(timer)
    },
  }
}
