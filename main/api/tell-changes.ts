import type { ApprovalDesk } from '../approvals/create-approvals.ts'
import type { Recordings } from '../recordings/open-recordings.ts'
import type { HostHealth } from './host-health.ts'
import type { StreamHub } from './stream-hub.ts'

/** With what filling takes, a page that follows a session is less than a second behind. */
const TICK_MS = 400

/**
 * Passes on what changes: approvals at once, each session once a tick at most, health when its words change. Returns what stops it.
 */
export function tellChanges(
  hub: StreamHub,
  approvals: Pick<ApprovalDesk, 'onChange'>,
  recordings: Pick<Recordings, 'onChange'>,
  health: () => HostHealth,
): () => void {
  const sessions = new Set<string>()
  let said = wordsOf(health())
  approvals.onChange((id) => hub.tell({ kind: 'approval', id }))
  recordings.onChange((ids) => {
    for (const id of ids) sessions.add(id)
  })
  const timer = setInterval(() => {
    for (const id of sessions) hub.tell({ kind: 'session', id })
    sessions.clear()
    const now = wordsOf(health())
    if (now === said) return
    said = now
    hub.tell({ kind: 'health' })
  }, TICK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function wordsOf({ status, detail }: HostHealth): string {
  return [status, detail.agentsPaused?.at ?? '', ...detail.trouble].join('\n')
}
