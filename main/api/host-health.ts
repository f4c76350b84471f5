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
  readonly unmatchedColumns: () => readonly { readonly connection: string; readonly columns: readonly string[] }[]
}

export function describeHealth(sources: HealthSources): HostHealth {
  const recordings = sources.recordings()
  const trouble = [...recordings.trouble, ...sources.unmatchedColumns().flatMap(unmasked)]
  return {
    status: trouble.length === 0 ? 'ok' : 'trouble',
    detail: {
      version: sources.version,
      startedAt: sources.startedAt,
      trouble,
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

function unmasked({ connection, columns }: { readonly connection: string; readonly columns: readonly string[] }): string[] {
  if (columns.length === 0) return []
  const names = columns.length > 3 ? `${columns.slice(0, 3).join(', ')} and ${columns.length - 3} more` : columns.join(', ')
  return [`Not masked on ${connection}: the database has no ${names}. Correct the columns under “sensitive”.`]
}
