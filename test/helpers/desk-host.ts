/** A host as far as the desktop app asks of one, in a state that tests change. Every answer goes through the contract's own schema. */
import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { z } from 'zod'
import type { Approval, Health, Me } from '../../main/contract/index.ts'
import { type Calls, calls } from '../../main/contract/index.ts'
import { type StreamEvent, streamEventSchema } from '../../main/contract/stream.ts'
import { makeApproval } from '../renderer/fake-host/made-up-approvals.ts'

export interface DeskHost {
  readonly origin: string
  readonly approvals: Map<number, Approval>
  /** Whose session each cookie is; a request without one is nobody's. */
  readonly sessions: Map<string, Me>
  health: Health
  paused: boolean
  /** Method and path of each request, with its Origin where one was sent. */
  readonly requests: {
    readonly line: string
    readonly origin: string | undefined
    readonly csrf: string | undefined
    readonly body: string
  }[]
  /** Adds or changes a request and says it on every stream. */
  hold(changes: Partial<Approval> & { readonly id: number }): Approval
  say(event: StreamEvent): void
  /** Cuts every connection; new ones are taken again. */
  cut(): void
  /** Cuts every connection and listens no more, until `up`. */
  down(): Promise<void>
  up(): Promise<void>
  readonly streams: number
  close(): Promise<void>
}

export function personOf(name: string, roles: Me['roles'], groups: string[] = ['dba']): Me {
  const now = Date.now()
  return {
    name,
    issuer: 'https://login.corp',
    subject: name.toLowerCase(),
    kind: 'person',
    roles,
    groups,
    signInAt: now - 1000,
    decideUntil: now + 600_000,
    csrf: { header: 'x-sallyport-csrf', token: `csrf of ${name}` },
  }
}

const APPROVER = personOf('Priya', ['approver', 'admin'])

/** Signed in: the cookie `sallyport-session=priya`. */
export async function startDeskHost(tls?: { readonly cert: string; readonly key: string }): Promise<DeskHost> {
  const approvals = new Map<number, Approval>()
  const sessions = new Map<string, Me>([['sallyport-session=priya', APPROVER]])
  const streams = new Set<http.ServerResponse>()
  const requests: DeskHost['requests'] = []
  const state = { health: { status: 'ok' } as Health, paused: false }

  const answers: { readonly [Name in keyof Calls]?: (me: Me, id: number, body: string) => unknown } = {
    me: (me) => me,
    listApprovals: () => ({ items: [...approvals.values()].filter(({ state }) => state === 'pending'), next: null }),
    decide: (me, id, body) => {
      const { decision, revision } = JSON.parse(body) as { decision: 'approve' | 'deny'; revision: number }
      const before = approvals.get(id)
      if (before === undefined || before.state !== 'pending' || before.revision !== revision) return 409
      const { name, issuer, subject, kind } = me
      const decided = { decision, by: { name, issuer, subject, kind }, reason: '', at: Date.now(), reveal: false }
      return self.hold({ ...before, revision: revision + 1, state: decision === 'approve' ? 'approved' : 'denied', decision: decided })
    },
    listAgents: () => agents(),
    pauseAgents: () => {
      state.paused = true
      return { ...agents(), ended: 0, withdrawn: 0 }
    },
    resumeAgents: () => {
      state.paused = false
      return { ...agents(), ended: 0, withdrawn: 0 }
    },
    connections: () => ({ ...CONNECTIONS }),
  }
  const agents = () => ({ items: [], more: false, paused: state.paused ? { at: 1, by: personFields(APPROVER), reason: 'tests' } : null })

  const serve = async (request: http.IncomingMessage, reply: http.ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer))
    const body = Buffer.concat(chunks).toString()
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    requests.push({
      line: `${request.method} ${request.url}`,
      origin: request.headers.origin,
      csrf: request.headers['x-sallyport-csrf']?.toString(),
      body,
    })
    if (pathname === '/api/health' && request.headers.cookie === undefined) return send(reply, 200, { status: state.health.status })
    const me = sessions.get(request.headers.cookie ?? '')
    if (me === undefined) return send(reply, 401, problem(401, 'Sign in first.'))
    if (pathname === '/api/stream') {
      reply.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n')
      streams.add(reply)
      reply.on('close', () => streams.delete(reply))
      return
    }
    if (pathname === '/api/health') return send(reply, 200, calls.health.response.parse(state.health))
    for (const name of Object.keys(answers) as (keyof Calls)[]) {
      const match = new RegExp(`^${calls[name].path.replace('{id}', '(\\d+)')}$`).exec(pathname)
      if (match === null || calls[name].method !== request.method?.toLowerCase()) continue
      const answer = answers[name]?.(me, Number(match[1] ?? 0), body)
      if (typeof answer === 'number') return send(reply, answer, problem(answer, 'It has changed since you read it.'))
      const schema: z.ZodType = calls[name].response
      return send(reply, 200, schema.parse(answer))
    }
    send(reply, 404, problem(404, 'There is no such call.'))
  }
  const handle = (request: http.IncomingMessage, reply: http.ServerResponse): void => {
    serve(request, reply).catch((error: unknown) => {
      reply.writeHead(500).end(String(error))
    })
  }
  const make = () => (tls === undefined ? http.createServer(handle) : https.createServer(tls, handle))
  let server = make()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const self: DeskHost = {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    approvals,
    sessions,
    requests,
    get health() {
      return state.health
    },
    set health(health) {
      state.health = health
      if (health.detail !== undefined) self.say({ type: 'health', health })
    },
    get paused() {
      return state.paused
    },
    set paused(paused) {
      state.paused = paused
    },
    hold(changes) {
      const before = approvals.get(changes.id) ?? makeApproval(Date.now(), { id: changes.id })
      const approval = { ...before, ...changes }
      approvals.set(approval.id, approval)
      self.say({ type: 'approval', approval })
      return approval
    },
    say(event) {
      const text = `event: ${event.type}\ndata: ${JSON.stringify(streamEventSchema.parse(event))}\n\n`
      for (const stream of streams) stream.write(text)
    },
    cut: () => server.closeAllConnections(),
    async down() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
    async up() {
      server = make()
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    get streams() {
      return streams.size
    },
    async close() {
      if (server.listening) await self.down()
    },
  }
  return self
}

const personFields = ({ name, issuer, subject, kind }: Me) => ({ name, issuer, subject, kind })
const problem = (status: number, detail: string) => ({ type: 'about:blank', title: 'Refused', status, detail })
const CONNECTIONS = {
  version: 1,
  source: [],
  proxy: '127.0.0.1:6432',
  items: [
    {
      name: 'shop',
      engine: 'postgres',
      host: '10.0.0.5',
      port: 5432,
      database: 'shop',
      user: 'app',
      passwordSet: true,
      credential: { kind: 'env', name: 'PASSWORD' },
      lease: null,
      tls: 'verify-full',
      groups: ['ai-agents'],
      limits: { statementTimeoutMs: 30_000, rows: 1000, resultBytes: 1000, connectionsPerPerson: 4 },
    },
  ],
}

function send(reply: http.ServerResponse, status: number, body: unknown): void {
  reply.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(body))
}

/** Until it is so; fails after two seconds with what it waited for. */
export async function until(what: string, is: () => boolean, forMs = 2000): Promise<void> {
  const since = Date.now()
  while (!is()) {
    if (Date.now() - since > forMs) throw new Error(`it did not come about: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
