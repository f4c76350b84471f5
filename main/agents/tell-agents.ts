import type { LiveSession } from '../../proxy/ports.ts'
import type { StreamHub } from '../api/stream-hub.ts'
import type { Agents } from './create-agents.ts'

const TICK_MS = 500

/** Tells the stream when agents were paused or resumed, came or went. Returns what stops it. */
export function tellAgents(hub: StreamHub, agents: Pick<Agents, 'onChange'>, live: () => readonly LiveSession[]): () => void {
  const tell = (): void => hub.tell({ kind: 'agents' })
  agents.onChange(tell)
  let known = idsOf(live())
  const timer = setInterval(() => {
    const now = idsOf(live())
    if (now === known) return
    known = now
    tell()
  }, TICK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function idsOf(sessions: readonly LiveSession[]): string {
  return sessions
    .filter(({ who }) => who.kind === 'agent')
    .map(({ id }) => id)
    .sort()
    .join(' ')
}
