import type { Identity } from '../../proxy/ports.ts'
import type { Pause } from '../contract/agents.ts'
import type { Person } from '../contract/people.ts'
import type { AgentKey, AgentsTable } from '../store/agents-table.ts'

/** One agent, or all of a subject's programs when `client` is left out. */
export interface AgentReference {
  readonly issuer: string
  readonly subject: string
  readonly client?: string | undefined
}

type Someone = Pick<Identity, 'issuer' | 'subject' | 'client'>

const keyOf = (issuer: string, subject: string, client: string): string => JSON.stringify([issuer, subject, client])

function columnsOf(agent: AgentReference | undefined): AgentKey {
  return { issuer: agent?.issuer ?? '', subject: agent?.subject ?? '', client: agent?.client ?? '' }
}

/** Who is paused: in memory for every log-in, in the store for the next start. */
export class AgentPauses {
  readonly #table: AgentsTable
  readonly #pauses = new Map<string, Pause>()

  constructor(table: AgentsTable) {
    this.#table = table
    for (const { issuer, subject, client, at, by, reason } of table.pauses()) {
      // It was written by `pause` below.
      this.#pauses.set(keyOf(issuer, subject, client), { at, by: JSON.parse(by) as Person, reason })
    }
  }

  get all(): Pause | undefined {
    return this.#pauses.get(keyOf('', '', ''))
  }

  /** The pause of this agent by itself. */
  of({ issuer, subject, client }: Someone): Pause | undefined {
    return this.#pauses.get(keyOf(issuer, subject, client ?? '')) ?? this.#pauses.get(keyOf(issuer, subject, ''))
  }

  pause(agent: AgentReference | undefined, pause: Pause): void {
    const { issuer, subject, client } = columnsOf(agent)
    this.#table.pause({ issuer, subject, client, at: pause.at, by: JSON.stringify(pause.by), reason: pause.reason })
    this.#pauses.set(keyOf(issuer, subject, client), pause)
  }

  /** Ends the pause of exactly these; of one subject without a client also those of its programs. False: none was paused. */
  resume(agent: AgentReference | undefined): boolean {
    const { issuer, subject, client } = columnsOf(agent)
    const wholeSubject = agent !== undefined && agent.client === undefined
    let ended = false
    for (const row of this.#table.pauses()) {
      if (row.issuer !== issuer || row.subject !== subject || !(row.client === client || wholeSubject)) continue
      this.#table.resume(row)
      this.#pauses.delete(keyOf(row.issuer, row.subject, row.client))
      ended = true
    }
    return ended
  }
}
