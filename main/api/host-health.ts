import type { Health } from '../contract/health.ts'
import type { RecordingsState } from '../recordings/open-recordings.ts'

/** Health with all its detail. */
export interface HostHealth extends Health {
  readonly detail: NonNullable<Health['detail']>
}

export interface HealthSources {
  readonly version: string
  readonly startedAt: number
  readonly recordings: () => RecordingsState
  readonly liveSessions: () => number
  readonly pendingApprovals: () => number
}

export function describeHealth(sources: HealthSources): HostHealth {
  const recordings = sources.recordings()
  return {
    status: recordings.trouble.length === 0 ? 'ok' : 'trouble',
    detail: {
      version: sources.version,
      startedAt: sources.startedAt,
      trouble: [...recordings.trouble],
      liveSessions: sources.liveSessions(),
      pendingApprovals: sources.pendingApprovals(),
      recorder: {
        writing: recordings.writing,
        journalBytes: recordings.journalBytes,
        behindBytes: recordings.behindBytes,
        slowestWriteMs: Math.round(recordings.slowestWriteMs * 100) / 100,
      },
    },
  }
}
