import type { Clock, Identity, LiveSession, Log } from '../../proxy/ports.ts'
import { parseDetail } from '../approvals/approval-detail.ts'
import type { ApprovalDesk } from '../approvals/create-approvals.ts'
import type { Agent, AgentList, Pause } from '../contract/agents.ts'
import type { Person } from '../contract/people.ts'
import { type AgentRow, prepareAgents } from '../store/agents-table.ts'
import type { Db } from '../store/open-database.ts'
import { AgentPauses, type AgentReference } from './agent-pauses.ts'
import { pausedRefusal, tellPause } from './paused-refusal.ts'

export type { AgentReference } from './agent-pauses.ts'

/** Agents that are listed; older ones stay in the store. */
const LISTED = 1000
/** An agent that connects again and again is noted once in this time. */
const NOTE_EVERY_MS = 60_000
const REMEMBERED = 10_000

/** The agents that have been here, and the switch that stops them. */
export interface Agents {
  /**
   * Notes an agent's log-in. Throws `GatewayError` (`paused`, 57P03) while it, or all, are paused. People pass. Whoever lets an agent run statements asks
   * here first.
   */
  admit(who: Identity): void
  /** Why an agent may not go on, as `end` of its session is told; undefined when it may. */
  stopped(who: Identity): string | undefined
  list(): AgentList
  pausedAll(): Pause | undefined
  /** Stores the pause, ends live sessions, withdraws open requests. `agent` undefined: all. */
  pause(agent: AgentReference | undefined, by: Person, reason: string): { ended: number; withdrawn: number }
  /** False: nobody was paused by that. */
  resume(agent: AgentReference | undefined): boolean
  /** Called after a pause, a resume, and when an agent was seen that was not known. */
  onChange(listener: () => void): void
}

export interface AgentsOptions {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly approvals: Pick<ApprovalDesk, 'list' | 'withdraw'>
  readonly live: () => readonly LiveSession[]
}

type Someone = Pick<Identity, 'issuer' | 'subject' | 'client'>

const idOf = ({ issuer, subject, client }: Someone): string => JSON.stringify([issuer, subject, client ?? ''])

/** Whether a reference means this agent. Undefined means all. */
function means(agent: AgentReference | undefined, who: Someone): boolean {
  if (agent === undefined) return true
  if (agent.issuer !== who.issuer || agent.subject !== who.subject) return false
  return agent.client === undefined || agent.client === who.client
}

export function createAgents({ db, clock, log, approvals, live }: AgentsOptions): Agents {
  const table = prepareAgents(db)
  const pauses = new AgentPauses(table)
  const noted = new Map<string, number>()
  const listeners: (() => void)[] = []
  const changed = (): void => {
    for (const listener of listeners) listener()
  }

  const note = (who: Identity): void => {
    const id = idOf(who)
    const now = clock.now()
    if (now < (noted.get(id) ?? Number.NEGATIVE_INFINITY) + NOTE_EVERY_MS) return
    noted.delete(id)
    noted.set(id, now)
    if (noted.size > REMEMBERED) noted.delete(noted.keys().next().value ?? '')
    const { issuer, subject, client = '', name, groups, onBehalfOf } = who
    const person = onBehalfOf === undefined ? null : JSON.stringify({ issuer: onBehalfOf.issuer, subject: onBehalfOf.subject })
    table.seen({ issuer, subject, client, name, groups: JSON.stringify(groups), on_behalf_of: person }, now)
    changed()
  }

  const withdrawRequests = (agent: AgentReference | undefined): number => {
    let withdrawn = 0
    const requester = agent === undefined ? undefined : { issuer: agent.issuer, subject: agent.subject }
    for (const row of approvals.list({ state: 'pending', requester, after: 0, limit: 100_000 })) {
      const { requester, client } = parseDetail(row.detail)
      if (requester.kind !== 'agent' || !means(agent, { ...requester, client: client ?? undefined })) continue
      if (approvals.withdraw(row.id)) withdrawn += 1
    }
    return withdrawn
  }

  return {
    admit(who) {
      if (who.kind !== 'agent') return
      note(who)
      const all = pauses.all
      const one = pauses.of(who)
      if (all !== undefined) throw pausedRefusal(all, true)
      if (one !== undefined) throw pausedRefusal(one, false)
    },
    stopped(who) {
      if (who.kind !== 'agent') return undefined
      const all = pauses.all
      if (all !== undefined) return tellPause(all, true)
      const one = pauses.of(who)
      return one === undefined ? undefined : tellPause(one, false)
    },
    list() {
      const sessions = Map.groupBy(
        live().filter(({ who }) => who.kind === 'agent'),
        ({ who }) => idOf(who),
      )
      const rows = table.list(LISTED + 1)
      const items = rows.slice(0, LISTED).map((row) => present(row, sessions.get(idOf(row)) ?? [], pauses.of(row), clock.now()))
      items.sort((a, b) => b.lastSeen - a.lastSeen)
      return { items, paused: pauses.all ?? null, more: rows.length > LISTED }
    },
    pausedAll: () => pauses.all,
    pause(agent, by, reason) {
      const pause = { at: clock.now(), by, reason }
      // Stored before anybody is ended: whoever comes back at once is refused.
      pauses.pause(agent, pause)
      const ending = live().filter(({ who }) => who.kind === 'agent' && means(agent, who))
      const withdrawn = withdrawRequests(agent)
      for (const session of ending) session.end(tellPause(pause, agent === undefined))
      log.warn('agents.paused', { by: by.subject, agent: agent?.subject ?? 'all', ended: ending.length, withdrawn })
      changed()
      return { ended: ending.length, withdrawn }
    },
    resume(agent) {
      const ended = pauses.resume(agent)
      log.info('agents.resumed', { agent: agent?.subject ?? 'all' })
      if (ended) changed()
      return ended
    },
    onChange: (listener) => {
      listeners.push(listener)
    },
  }
}

function present(row: AgentRow, sessions: readonly LiveSession[], paused: Pause | undefined, now: number): Agent {
  return {
    name: row.name,
    issuer: row.issuer,
    subject: row.subject,
    kind: 'agent',
    client: row.client === '' ? null : row.client,
    // Both were written by `note` above.
    onBehalfOf: row.on_behalf_of === null ? null : (JSON.parse(row.on_behalf_of) as NonNullable<Agent['onBehalfOf']>),
    groups: JSON.parse(row.groups) as string[],
    firstSeen: row.first_seen,
    lastSeen: sessions.length > 0 ? now : row.last_seen,
    liveSessions: sessions.map(({ id }) => id),
    paused: paused ?? null,
  }
}
