import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { admitAgents } from '../../main/agents/admit-agents.ts'
import { type Agents, createAgents } from '../../main/agents/create-agents.ts'
import type { ApprovalFilter, ApprovalRow } from '../../main/store/approvals-table.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { type Db, openDatabase } from '../../main/store/open-database.ts'
import type { GatewayError } from '../../proxy/errors.ts'
import type { Identity, LiveSession } from '../../proxy/ports.ts'

const NOW = Date.parse('2026-11-24T14:03:00Z')
const BY = { name: 'Lena\nLead', issuer: 'https://login.example', subject: 'lena', kind: 'person' } as const
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

function agent(subject: string, client: string | undefined = subject, onBehalfOf?: Identity['onBehalfOf']): Identity {
  return {
    issuer: 'https://login.example',
    subject,
    name: subject,
    groups: ['ai-agents'],
    kind: 'agent',
    client,
    expiresAt: NOW + 600_000,
    onBehalfOf,
  }
}
const person: Identity = { ...agent('maya', 'desk'), kind: 'person' }

let db: Db
let now: number
let live: (LiveSession & { readonly ended: string[] })[]
let requests: Pick<ApprovalRow, 'id' | 'detail'>[]
let withdrawn: number[]
let agents: Agents

function connect(who: Identity, id = `s${live.length + 1}`): LiveSession & { readonly ended: string[] } {
  const ended: string[] = []
  const session = { id, connection: 'shop', who, startedAt: NOW, ended, end: (why: string) => void ended.push(why), drain: () => undefined }
  live.push(session)
  return session
}

function start(): Agents {
  return createAgents({
    db,
    clock: { now: () => now },
    log: silent,
    approvals: {
      list: ({ requester }: ApprovalFilter) =>
        requests.filter(({ detail }) => requester === undefined || detail.includes(`"${requester.subject}"`)) as ApprovalRow[],
      withdraw: (id) => withdrawn.push(id) > 0,
    },
    live: () => live,
  })
}

/** As it is stored, as far as an agent's pause reads it. */
function request(id: number, who: Identity): Pick<ApprovalRow, 'id' | 'detail'> {
  const { name, issuer, subject, kind, client = null } = who
  const detail = {
    sentence: 's',
    warnings: [],
    sql: 'SELECT 1',
    marks: [],
    parameters: [],
    requester: { name, issuer, subject, kind },
    application: '',
    client,
    rule: null,
    because: [],
    facts: { verbs: [], relations: [], columns: [], unknown: [] },
    labels: [],
    approvers: [],
  }
  return { id, detail: JSON.stringify(detail) }
}

function refusal(who: Identity): GatewayError['fields'] | undefined {
  try {
    agents.admit(who)
    return undefined
  } catch (error) {
    return (error as GatewayError).fields
  }
}

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  db = openDatabase(join(folder, 'host.db'), { migrations: hostMigrations })
  onTestFinished(() => {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  })
  now = NOW
  live = []
  requests = []
  withdrawn = []
  agents = start()
})

describe('all agents are paused', () => {
  it('their sessions end, their requests are withdrawn, and people go on', () => {
    const first = connect(agent('etl'))
    const other = connect(person)
    requests = [request(7, agent('etl')), request(8, person)]
    expect(agents.pause(undefined, BY, 'the import\u2028went wrong')).toEqual({ ended: 1, withdrawn: 1 })
    expect(first.ended).toEqual(['all agents are paused by Lena Lead since 2026-11-24 14:03 UTC: the import went wrong'])
    expect(other.ended).toEqual([])
    expect(withdrawn).toEqual([7])
    expect(refusal(person)).toBeUndefined()
    expect(agents.stopped(person)).toBeUndefined()
  })

  it('a log-in is told who, when, why and what to do, and passes after the resume', async () => {
    agents.pause(undefined, BY, 'enough')
    const fields = refusal(agent('never seen before'))
    expect(fields).toMatchObject({ code: 'paused', sqlstate: '57P03', severity: 'FATAL' })
    expect(fields?.message).toBe('all agents are paused by Lena Lead since 2026-11-24 14:03 UTC: enough')
    expect(fields?.hint).toContain('tell the person')
    const door = admitAgents({ verify: async () => agent('etl'), announced: () => undefined }, agents)
    await expect(door.verify('token')).rejects.toMatchObject({ code: 'paused' })
    expect(agents.resume(undefined)).toBe(true)
    expect(agents.resume(undefined)).toBe(false)
    expect((await door.verify('token')).subject).toBe('etl')
  })

  it('survives a restart', () => {
    agents.pause(undefined, BY, 'enough')
    agents.pause({ issuer: BY.issuer, subject: 'etl' }, BY, 'more')
    agents = start()
    expect(agents.pausedAll()).toEqual({ at: NOW, by: BY, reason: 'enough' })
    agents.resume(undefined)
    expect(refusal(agent('bot'))).toBeUndefined()
    expect(refusal(agent('etl'))?.message).toContain('this agent is paused')
  })
})

describe('one agent is paused', () => {
  const delegated = (client: string) => agent('maya', client, { issuer: BY.issuer, subject: 'maya' })

  it('by its program, or all of a subject’s', () => {
    const cursor = connect(delegated('cursor'))
    const claude = connect(delegated('claude'))
    agents.pause({ issuer: BY.issuer, subject: 'maya', client: 'cursor' }, BY, 'x')
    expect([cursor.ended.length, claude.ended.length]).toEqual([1, 0])
    expect(refusal(delegated('claude'))).toBeUndefined()
    expect(refusal(delegated('cursor'))).toBeDefined()
    agents.pause({ issuer: BY.issuer, subject: 'maya' }, BY, 'x')
    expect(refusal(delegated('claude'))).toBeDefined()
    // Resumed as a whole: nothing narrower is left behind.
    expect(agents.resume({ issuer: BY.issuer, subject: 'maya' })).toBe(true)
    expect(refusal(delegated('cursor'))).toBeUndefined()
  })

  it('not the same subject of another issuer, nor the person themselves', () => {
    agents.pause({ issuer: 'https://other.example', subject: 'maya' }, BY, 'x')
    expect(refusal(delegated('cursor'))).toBeUndefined()
    agents.pause({ issuer: BY.issuer, subject: 'maya' }, BY, 'x')
    expect(refusal(person)).toBeUndefined()
  })
})

describe('the list', () => {
  it('tells who was here, what is live, and for whom', () => {
    agents.admit(agent('etl'))
    now += 5000
    agents.admit(agent('maya', 'cursor', { issuer: BY.issuer, subject: 'maya' }))
    agents.admit(person)
    connect(agent('etl'), 'live-1')
    now += 5000
    expect(agents.list()).toEqual({
      items: [
        expect.objectContaining({
          subject: 'etl',
          client: 'etl',
          onBehalfOf: null,
          firstSeen: NOW,
          lastSeen: now,
          liveSessions: ['live-1'],
        }),
        expect.objectContaining({
          subject: 'maya',
          client: 'cursor',
          onBehalfOf: { issuer: BY.issuer, subject: 'maya' },
          lastSeen: NOW + 5000,
          liveSessions: [],
          paused: null,
        }),
      ],
      paused: null,
      more: false,
    })
  })

  it('is told of changes, and a swarm of log-ins costs one note a minute', () => {
    let told = 0
    agents.onChange(() => {
      told += 1
    })
    for (let i = 0; i < 50; i++) agents.admit(agent('etl'))
    expect(told).toBe(1)
    now += 60_000
    agents.admit(agent('etl'))
    agents.pause(undefined, BY, 'x')
    expect(told).toBe(3)
  })
})
