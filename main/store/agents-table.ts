import type { Db } from './open-database.ts'

/** Which agents a row is about: an empty text stands for any. */
export interface AgentKey {
  readonly issuer: string
  readonly subject: string
  readonly client: string
}

export interface AgentRow extends AgentKey {
  readonly name: string
  /** JSON: texts. */
  readonly groups: string
  /** JSON: issuer and subject of a person; null when the agent has a token of its own. */
  readonly on_behalf_of: string | null
  readonly first_seen: number
  readonly last_seen: number
}

export interface PauseRow extends AgentKey {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** JSON: a person. */
  readonly by: string
  readonly reason: string
}

export interface AgentsTable {
  seen(agent: { [Name in keyof Omit<AgentRow, 'first_seen' | 'last_seen'>]: AgentRow[Name] }, at: number): void
  /** Last seen first. */
  list(limit: number): AgentRow[]
  pauses(): PauseRow[]
  /** Takes the place of one that stands for the same agents. */
  pause(pause: PauseRow): void
  /** False: there was none. */
  resume(key: AgentKey): boolean
}

export function prepareAgents(db: Db): AgentsTable {
  const seen = db.prepare(
    `INSERT INTO agents (issuer, subject, client, name, groups, on_behalf_of, first_seen, last_seen)
     VALUES (@issuer, @subject, @client, @name, @groups, @on_behalf_of, @at, @at)
     ON CONFLICT DO UPDATE SET name = excluded.name, groups = excluded.groups, on_behalf_of = excluded.on_behalf_of, last_seen = excluded.last_seen`,
  )
  const list = db.prepare<[number], AgentRow>('SELECT * FROM agents ORDER BY last_seen DESC LIMIT ?')
  const pauses = db.prepare<[], PauseRow>('SELECT * FROM agent_pauses')
  const pause = db.prepare(
    `INSERT INTO agent_pauses (issuer, subject, client, at, by, reason) VALUES (@issuer, @subject, @client, @at, @by, @reason)
     ON CONFLICT DO UPDATE SET at = excluded.at, by = excluded.by, reason = excluded.reason`,
  )
  const resume = db.prepare('DELETE FROM agent_pauses WHERE issuer = @issuer AND subject = @subject AND client = @client')
  return {
    seen: (agent, at) => void seen.run({ ...agent, at }),
    list: (limit) => list.all(limit),
    pauses: () => pauses.all(),
    pause: (row) => void pause.run(row),
    resume: (key) => resume.run(key).changes === 1,
  }
}
