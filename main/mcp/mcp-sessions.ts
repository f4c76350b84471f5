import { randomUUID } from 'node:crypto'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import type { VerifiedIdentity } from '../identity/verified-identity.ts'
import { createMcpServer } from './create-server.ts'
import { IdleBook } from './idle-book.ts'
import { Lanes } from './lanes.ts'
import type { McpCaller, McpContext } from './mcp-context.ts'
import { isSame } from './runs.ts'
import type { Extra } from './tools/tool-kit.ts'

const IDLE_MS = 8 * 3_600_000
const MOST = 1000

/** Who makes a request, and from where. */
export type Visitor = Pick<McpCaller, 'who' | 'token' | 'address' | 'tls'>

interface Session {
  readonly owner: VerifiedIdentity
  readonly transport: WebStandardStreamableHTTPServerTransport
  readonly server: McpServer
  readonly lanes: Map<string, { readonly groups: string; readonly lanes: Lanes }>
  usedAt: number
}

/** The MCP sessions: each belongs to one identity, whatever token of theirs it is used with. */
export class McpSessions {
  readonly #context: McpContext
  readonly #version: string
  readonly #sessions = new Map<string, Session>()
  readonly #visitors = new WeakMap<AuthInfo, Visitor>()
  readonly #idle = new IdleBook()
  readonly #timer = setInterval(() => this.#sweep(), 60_000).unref()

  constructor(context: McpContext, version: string) {
    this.#context = context
    this.#version = version
  }

  get count(): number {
    return this.#sessions.size
  }

  /** Answers one request. Undefined: there is no such session of this person's, or no room for one more. */
  async handle(request: Request, visitor: Visitor, body: unknown): Promise<Response | 'no-session' | 'no-room'> {
    const id = request.headers.get('mcp-session-id')
    const session = id === null ? await this.#begin(visitor) : this.#find(id, visitor)
    if (typeof session === 'string') return session
    session.usedAt = this.#context.clock.now()
    const { who, token } = visitor
    const authInfo: AuthInfo = { token, clientId: who.client ?? '', scopes: [], expiresAt: Math.floor(who.expiresAt / 1000) }
    this.#visitors.set(authInfo, visitor)
    const response = await session.transport.handleRequest(request, { authInfo, ...(body === undefined ? {} : { parsedBody: body }) })
    // What did not become a session (no initialize request) is not kept.
    if (id === null && session.transport.sessionId === undefined) await session.server.close()
    return response
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    for (const id of [...this.#sessions.keys()]) await this.#end(id)
  }

  #find(id: string, { who }: Visitor): Session | 'no-session' {
    const session = this.#sessions.get(id)
    return session !== undefined && isSame(session.owner, who) && session.owner.kind === who.kind ? session : 'no-session'
  }

  async #begin({ who }: Visitor): Promise<Session | 'no-room'> {
    const theirs = [...this.#sessions].filter(([, session]) => isSame(session.owner, who))
    // Clients forget to say goodbye: the one that was used least lately makes room.
    if (theirs.length >= this.#context.config.current().mcp.sessionsPerPerson) {
      const [oldest] = theirs.sort(([, a], [, b]) => a.usedAt - b.usedAt)
      if (oldest !== undefined) await this.#end(oldest[0])
    } else if (this.#sessions.size >= MOST) return 'no-room'
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => {
        this.#sessions.set(id, session)
      },
      onsessionclosed: (id) => this.#end(id),
    })
    const lanes: Session['lanes'] = new Map()
    const server = createMcpServer(this.#context, (extra) => this.#callerOf(extra, server, lanes), this.#version)
    server.server.onerror = (error) => this.#context.log.info('mcp.message', { message: error.message })
    const session: Session = { owner: who, transport, server, lanes, usedAt: this.#context.clock.now() }
    await server.connect(transport as Parameters<McpServer['connect']>[0])
    return session
  }

  #callerOf(extra: Extra, server: McpServer, lanes: Session['lanes']): McpCaller {
    const visitor = extra.authInfo === undefined ? undefined : this.#visitors.get(extra.authInfo)
    if (visitor === undefined) throw new Error('a request without a caller')
    const info = server.server.getClientVersion()
    const groups = JSON.stringify([...visitor.who.groups].sort())
    return {
      ...visitor,
      client: info === undefined ? 'unnamed client' : `${info.name} ${info.version}`,
      lanes: (connection) => this.#lanesFor(lanes, connection, groups, visitor.who),
    }
  }

  async #end(id: string): Promise<void> {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    this.#sessions.delete(id)
    for (const { lanes } of session.lanes.values()) lanes.close()
    await session.server.close()
  }

  #sweep(): void {
    const before = this.#context.clock.now() - IDLE_MS
    for (const [id, session] of this.#sessions) if (session.usedAt < before) void this.#end(id)
  }

  /** A gateway session has the groups of the token that it began with: with others it must begin anew. */
  #lanesFor(all: Session['lanes'], connection: string, groups: string, { issuer, subject }: VerifiedIdentity): Lanes {
    const kept = all.get(connection)
    if (kept !== undefined && kept.groups === groups) return kept.lanes
    kept?.lanes.close()
    const lanes = new Lanes(this.#idle, JSON.stringify([issuer, subject, connection]), kept?.lanes.reads)
    all.set(connection, { groups, lanes })
    return lanes
  }
}
