import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import {
  type Approval,
  type Calls,
  calls,
  decisionRequestSchema,
  type StreamEvent,
  streamEventSchema,
} from '../../../main/contract/index.ts'
import {
  builtInPatterns,
  makeCatalog,
  makeFollowed,
  makeFunctions,
  makeHits,
  makeHugeCatalog,
  makePreview,
  makeTest,
  sourceOf,
  withSource,
} from './made-up-databases.ts'
import { makePolicyWork } from './made-up-policy-work.ts'
import { activityOf, makeUnprotected, outlineOf } from './made-up-replay.ts'
import type { FakeState } from './state.ts'

/** What the real host sends with the pages. */
const CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

interface Failure {
  readonly status: number
  readonly type?: string
  readonly detail: string
}

export interface FakeHost {
  readonly url: string
  readonly state: FakeState
  /** Says it on every open stream. */
  say(event: StreamEvent): void
  /** From now on this call answers so; `undefined` heals it. */
  fail(name: keyof Calls, failure: Failure | undefined): void
  /** From now on this call never answers; false heals it. */
  stall(name: keyof Calls, stalled: boolean): void
  /** Cuts all streams, and refuses new ones until it is called with false. */
  silence(silent: boolean): void
  /** Its configuration, and what others do to it. */
  readonly work: ReturnType<typeof makePolicyWork>
  /** Decisions as they were sent. */
  readonly decisions: { readonly id: number; readonly body: unknown; readonly csrf: string | undefined }[]
  close(): Promise<void>
}

/** Serves the built pages and a made-up API that speaks the contract: each reply goes through its schema, so that it cannot drift. */
export async function startFakeHost(state: FakeState, pages = resolve('dist/renderer'), port = 0): Promise<FakeHost> {
  const failures = new Map<keyof Calls, Failure>()
  const stalled = new Set<keyof Calls>()
  const streams = new Set<ServerResponse>()
  const decisions: { id: number; body: unknown; csrf: string | undefined }[] = []
  let silent = false
  const work = makePolicyWork()

  const say = (event: StreamEvent) => {
    const text = `event: ${event.type}\ndata: ${JSON.stringify(streamEventSchema.parse(event))}\n\n`
    for (const stream of streams) stream.write(text)
  }

  const answers: { readonly [Name in keyof Calls]?: (at: URL, id: string, body: unknown, request: IncomingMessage) => unknown } = {
    health: () => state.health,
    signIn: () => ({ providers: state.providers }),
    me: () => state.me ?? problem(401, 'You are not signed in.'),
    listApprovals: (at) => {
      const wanted = at.searchParams.get('state')
      const items = [...state.approvals.values()].filter((approval) => wanted === null || approval.state === wanted)
      items.sort((a, b) => (at.searchParams.get('order') === 'newest' ? b.id - a.id : a.id - b.id))
      return { items: items.slice(0, Number(at.searchParams.get('limit') ?? 50)), next: null }
    },
    readApproval: (_, id) => state.approvals.get(Number(id)) ?? problem(404, `There is no request #${id}.`),
    decide: (_, id, body, request) => {
      const decision = decisionRequestSchema.parse(body)
      decisions.push({ id: Number(id), body, csrf: request.headers['x-sallyport-csrf']?.toString() })
      const before = state.approvals.get(Number(id))
      if (!before || !state.me) return problem(404, `There is no request #${id}.`)
      if (before.state !== 'pending') return problem(409, `${before.decision?.by.name} has decided request #${id} already.`)
      if (decision.revision !== before.revision)
        return problem(409, `Request #${id} has changed since you read it. Look at it again, then decide.`)
      const { name, issuer, subject, kind } = state.me
      const after: Approval = {
        ...before,
        revision: before.revision + 1,
        state: decision.decision === 'approve' ? 'approved' : 'denied',
        decision: {
          decision: decision.decision,
          by: { name, issuer, subject, kind },
          reason: decision.reason,
          at: Date.now(),
          reveal: false,
        },
      }
      state.approvals.set(after.id, after)
      say({ type: 'approval', approval: after })
      return after
    },
    listSessions: (at) => {
      const q = at.searchParams.get('q')
      const connection = at.searchParams.get('connection')
      const items = state.sessions.filter(
        (session) =>
          (at.searchParams.get('live') !== 'true' || session.live) &&
          (connection === null || session.connection === connection) &&
          (q === null || (session.excerpt ?? '').toLowerCase().includes(q.toLowerCase())),
      )
      const from = Number(at.searchParams.get('after') ?? 0)
      const to = from + Number(at.searchParams.get('limit') ?? 50)
      const page = items.slice(from, to).map((session) => ({ ...session, excerpt: q === null ? null : session.excerpt }))
      return { items: page, next: to < items.length ? String(to) : null }
    },
    readSession: (_, id) => {
      const session = state.sessions.find((each) => each.id === id)
      if (!session) return problem(404, 'There is no such session.')
      return { ...session, groups: ['engineering', 'ai-agents'], events: state.events.length, head: 'ab'.repeat(32), mayTerminate: true }
    },
    listEvents: (at) => {
      const statement = at.searchParams.get('statement')
      const first =
        statement === null ? 0 : state.events.findIndex((event) => event.kind === 'statement' && event.statement === Number(statement))
      const from = Math.max(first < 0 ? state.events.length : first, Number(at.searchParams.get('after') ?? 0))
      const items = state.events.slice(from, from + Number(at.searchParams.get('limit') ?? 200))
      const last = items.at(-1)?.seq ?? state.events.length
      return { items, next: last < state.events.length ? last : null, total: state.events.length }
    },
    outline: (at) => outlineOf(state.events, Number(at.searchParams.get('after') ?? 0)),
    proof: () => state.proof,
    unprotected: (at) => makeUnprotected(at.searchParams.get('connection') ?? 'shop'),
    activity: (at) => activityOf(Number(at.searchParams.get('from')), Number(at.searchParams.get('step'))),
    listStanding: () => ({ items: state.standing, next: null }),
    revokeStanding: (_, id) => {
      const one = state.standing.find((each) => each.id === Number(id))
      if (!one || !state.me) return problem(404, 'There is no such standing approval.')
      state.standing = state.standing.filter((each) => each !== one)
      const { name, issuer, subject, kind } = state.me
      return { ...one, ended: { at: Date.now(), why: 'revoked', by: { name, issuer, subject, kind } } }
    },
    rehearse: (_, id) => {
      const before = state.approvals.get(Number(id))
      if (!before || !state.me) return problem(404, `There is no request #${id}.`)
      const { name, issuer, subject, kind } = state.me
      const rehearsal = { state: 'done' as const, by: { name, issuer, subject, kind }, at: Date.now(), rows: 12, ms: 9, text: 'UPDATE 12' }
      const after: Approval = { ...before, revision: before.revision + 1, preview: { ...before.preview, rehearsal } }
      state.approvals.set(after.id, after)
      say({ type: 'approval', approval: after })
      return after
    },
    decisionPasskey: () => ({ proof: { challenge: 'AAAA', rpId: '127.0.0.1', allowCredentials: [], userVerification: 'required' } }),
    timeline: () => ({
      events: state.events.length,
      statements: state.events.filter((event) => event.kind === 'statement').length,
      startedAt: state.events[0]?.at ?? 0,
      lastAt: state.events.at(-1)?.at ?? 0,
      windows: [],
    }),
    listStatements: () => ({ items: [], next: null }),
    terminatePerson: () => ({ ended: 0 }),
    retention: () => ({ sessions: [], journalFiles: 0, bytes: 0 }),
    runRetention: () => ({ begun: true }),
    whatIf: () => work.whatIf(),
    evidence: () => ({ keys: [], key: '', head: null, removal: null, vaultSealed: false }),
    terminate: (_, id) => {
      state.sessions = state.sessions.map((session) =>
        session.id === id ? { ...session, live: false, endedAt: Date.now(), endReason: 'ended by an administrator' } : session,
      )
      return { ended: true }
    },
    listAgents: () => state.agents,
    pauseAgents: () => ({
      ...state.agents,
      paused: state.me ? { at: Date.now(), by: personOf(state.me), reason: 'A drill' } : null,
      ended: 3,
      withdrawn: 1,
    }),
    listPasskeys: () => ({ items: state.passkeys }),
    audit: (at) => ({
      items: state.acts.filter((act) => (at.searchParams.get('outcome') ?? act.outcome) === act.outcome),
      next: null,
    }),
    readConfiguration: () => work.read(),
    checkConfiguration: (_, __, body) => work.check(body),
    changeConfiguration: (_, __, body) =>
      work.change(body) ?? problem(409, 'Another version is in force by now. Read it again, then send your change once more.'),
    listVersions: () => work.versions(),
    readVersion: (_, id) => work.version(Number(id)) ?? problem(404, 'There is no such version.'),
    restoreVersion: (_, id, body) => work.restore(Number(id), body),
    configurationSchema: () => work.schema(),
    explain: (_, __, body) => work.explain(body),
    policies: () => state.policies,
    masking: () => withSource(state.masking),
    connections: () => ({ ...state.connections, source: state.connections.items.map(sourceOf) }),
    catalog: (_, id) => (id === 'warehouse' ? makeHugeCatalog(id) : makeCatalog(id)),
    previewMasking: (_, __, body) => makePreview(body),
    builtInPatterns: () => builtInPatterns,
    testPatterns: (_, __, body) => makeHits(body),
    followedLabels: () => makeFollowed(),
    testConnection: (_, id) => makeTest(id === 'warehouse'),
    testDraftConnection: () => makeTest(false),
    listFunctions: () => ({ items: makeFunctions() }),
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/problem+json' })
      response.end(JSON.stringify({ type: 'about:blank', title: 'The fake is wrong', status: 500, detail: String(error) }))
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new URL(request.url ?? '/', 'http://fake')
    if (at.pathname === '/api/stream') return openStream(request, response)
    if (at.pathname === '/auth/sign-out') {
      state.me = undefined
      response.writeHead(204).end()
      return
    }
    if (!at.pathname.startsWith('/api/')) return servePage(at, response)
    const found = find(request.method ?? 'GET', at.pathname)
    if (!found) return send(response, 404, problem(404, 'There is no such call.').problem)
    if (stalled.has(found.name)) return
    const failure = failures.get(found.name)
    if (failure) return send(response, failure.status, problem(failure.status, failure.detail, failure.type).problem)
    const body = request.method === 'POST' || request.method === 'PUT' ? JSON.parse((await readAll(request)) || '{}') : undefined
    const reply = answers[found.name]?.(at, found.id, body, request) ?? problem(501, `This false host does not know ${found.name}.`)
    if (reply instanceof Refusal) return send(response, reply.problem.status, reply.problem)
    send(response, 200, calls[found.name].response.parse(reply))
  }

  function openStream(request: IncomingMessage, response: ServerResponse): void {
    if (silent) {
      response.writeHead(503).end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': here\n\n')
    streams.add(response)
    request.on('close', () => streams.delete(response))
  }

  async function servePage(at: URL, response: ServerResponse): Promise<void> {
    const path = resolve(join(pages, at.pathname))
    const inside = path.startsWith(pages + sep)
    const file = inside && extname(path) !== '' ? path : join(pages, 'index.html')
    const body = await readFile(file).catch(() => undefined)
    if (body === undefined) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': CSP })
    response.end(body)
  }

  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://127.0.0.1:${bound}`,
    state,
    say,
    fail: (name, failure) => (failure ? failures.set(name, failure) : failures.delete(name)),
    stall: (name, on) => (on ? stalled.add(name) : stalled.delete(name)),
    silence(on) {
      silent = on
      if (on) for (const stream of streams) stream.destroy()
    },
    work,
    decisions,
    close: () =>
      new Promise((done) => {
        for (const stream of streams) stream.destroy()
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

const personOf = ({ name, issuer, subject, kind }: NonNullable<FakeState['me']>) => ({ name, issuer, subject, kind })

class Refusal {
  readonly problem: { readonly type: string; readonly title: string; readonly status: number; readonly detail: string }

  constructor(status: number, detail: string, type: string) {
    this.problem = { type, title: 'Refused', status, detail }
  }
}

const problem = (status: number, detail: string, type = 'about:blank') => new Refusal(status, detail, type)

function find(method: string, path: string): { readonly name: keyof Calls; readonly id: string } | undefined {
  for (const name of Object.keys(calls) as (keyof Calls)[]) {
    const pattern = new RegExp(`^${calls[name].path.replace(/\{\w+\}/, '([^/]+)')}$`)
    const match = pattern.exec(path)
    if (match && calls[name].method === method.toLowerCase()) return { name, id: decodeURIComponent(match[1] ?? '') }
  }
  return undefined
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
  response.end(JSON.stringify(body))
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}
