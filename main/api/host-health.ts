import type { Pause } from '../contract/agents.ts'
import type { Health } from '../contract/health.ts'
import type { NotifyState } from '../notify/start-notify.ts'
import type { RecordingsState } from '../recordings/open-recordings.ts'
import type { DeliveryReport } from '../siem/deliver.ts'
import type { HostTls } from '../tls/open-tls.ts'

/** Health with all its detail. */
export interface HostHealth extends Health {
  readonly detail: NonNullable<Health['detail']>
}

export interface HealthSources {
  readonly version: string
  readonly startedAt: number
  readonly recordings: () => RecordingsState
  /** Undefined where nothing is streamed. */
  readonly siem: () => DeliveryReport | undefined
  readonly tls: () => Pick<HostTls, 'fingerprints' | 'trouble'>
  readonly notify: () => NotifyState
  readonly liveSessions: () => number
  readonly pendingApprovals: () => number
  readonly agentsPaused: () => Pause | undefined
  /** Connections without a credential that works. */
  readonly connections: () => readonly string[]
  readonly unmatchedColumns: () => readonly Unmatched[]
}

export function describeHealth(sources: HealthSources): HostHealth {
  const recordings = sources.recordings()
  const siem = sources.siem()
  const tls = sources.tls()
  const notify = sources.notify()
  const trouble = [
    ...recordings.trouble,
    ...tls.trouble(),
    ...notify.trouble,
    ...lagging(siem),
    ...sources.connections(),
    ...sources.unmatchedColumns().flatMap(unmasked),
  ]
  return {
    status: trouble.length === 0 ? 'ok' : 'trouble',
    detail: {
      version: sources.version,
      startedAt: sources.startedAt,
      trouble,
      liveSessions: sources.liveSessions(),
      pendingApprovals: sources.pendingApprovals(),
      agentsPaused: sources.agentsPaused() ?? null,
      recorder: {
        writing: recordings.writing,
        journalBytes: recordings.journalBytes,
        behindBytes: recordings.behindBytes,
        slowestWriteMs: Math.round(recordings.slowestWriteMs * 100) / 100,
      },
      tls: tls.fingerprints(),
      notify: { waiting: notify.waiting, failed: notify.failed },
      siem: siem === undefined ? null : { delivering: siem.failure === undefined, behindEvents: siem.behindEvents, lagMs: siem.lagMs },
    },
  }
}

/** Short interruptions are what the record bridges; longer ones somebody should know of. */
const LAG_MS = 60_000

function lagging(siem: DeliveryReport | undefined): string[] {
  if (siem === undefined) return []
  const lost =
    siem.lost > 0 ? [`The SIEM misses ${siem.lost} stretches of the record: retention removed them before they were delivered.`] : []
  if (siem.lagMs < LAG_MS) return lost
  const minutes = Math.round(siem.lagMs / 60_000)
  const why = siem.failure === undefined ? '' : ` (${siem.failure})`
  return [
    `The SIEM is ${minutes} min behind, by ${siem.behindEvents} events${why}. They are kept, and delivered when it takes them again.`,
    ...lost,
  ]
}

interface Unmatched {
  readonly connection: string
  /** Labelled, and not in the database. */
  readonly columns: readonly string[]
  /** Labels whose form their columns cannot hold, as sentences. */
  readonly misfits?: readonly string[]
}

function unmasked({ connection, columns, misfits = [] }: Unmatched): string[] {
  const unfit = misfits.map((why) => `On ${connection}, ${why}.`)
  if (columns.length === 0) return unfit
  const names = columns.length > 3 ? `${columns.slice(0, 3).join(', ')} and ${columns.length - 3} more` : columns.join(', ')
  return [`Not masked on ${connection}: the database has no ${names}. Correct the columns under “sensitive”.`, ...unfit]
}
