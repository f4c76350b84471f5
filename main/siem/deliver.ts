import { setTimeout as sleep } from 'node:timers/promises'
import type { createAuditReader, StreamPosition } from './read-audit.ts'
import type { SiemSink } from './sink.ts'

export interface DeliveryReport {
  /** Why nothing can be delivered just now. */
  readonly failure: string | undefined
  /** Events that were not delivered yet. */
  readonly behindEvents: number
  /** How old the oldest of them is, in milliseconds. */
  readonly lagMs: number
  /** Stretches of the record that retention removed before they were delivered. */
  readonly lost: number
}

export interface Delivery {
  readonly reader: ReturnType<typeof createAuditReader>
  readonly sink: SiemSink
  readonly position: StreamPosition
  readonly save: (position: StreamPosition) => void
  readonly report: (report: DeliveryReport) => void
  readonly stopped: () => boolean
  readonly now: () => number
  readonly idleMs?: number
  /** The first wait after a failure; it doubles up to half a minute. */
  readonly retryMs?: number
}

const MAX_RETRY_MS = 30_000

/** Delivers until it is stopped: in order, each event at least once, the position saved only behind what was accepted. */
export async function deliver({
  reader,
  sink,
  save,
  report,
  stopped,
  now,
  position: from,
  idleMs = 250,
  retryMs = 1000,
}: Delivery): Promise<void> {
  let position = from
  let failures = 0
  while (!stopped()) {
    let failure: string | undefined
    let waitMs = 0
    try {
      const batch = reader.next(position)
      if (batch === undefined) waitMs = idleMs
      else {
        if (batch.events.length > 0) await sink.send(batch.events)
        save(batch.position)
        position = batch.position
      }
      failures = 0
    } catch (cause) {
      failure = cause instanceof Error ? cause.message : String(cause)
      waitMs = Math.min(MAX_RETRY_MS, retryMs * 2 ** failures)
      failures += 1
    }
    const { events, oldest } = behind(reader, position)
    report({ failure, behindEvents: events, lagMs: oldest === undefined ? 0 : Math.max(0, now() - oldest), lost: position.lost })
    for (let waited = 0; waited < waitMs && !stopped(); waited += 100) await sleep(Math.min(100, waitMs - waited))
  }
  sink.close()
}

/** Where the record cannot be read, that is already told as the failure. */
function behind(reader: Delivery['reader'], position: StreamPosition): ReturnType<Delivery['reader']['behind']> {
  try {
    return reader.behind(position)
  } catch {
    return { events: 0, oldest: undefined }
  }
}
