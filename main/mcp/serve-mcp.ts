import type { OpenAPIHono } from '@hono/zod-openapi'
import { GatewayError } from '../../proxy/errors.ts'
import { addressOf } from '../api/remote-address.ts'
import type { VerifiedIdentity } from '../identity/verified-identity.ts'
import { KeptRows } from './kept-rows.ts'
import type { McpContext } from './mcp-context.ts'
import { McpSessions } from './mcp-sessions.ts'
import { Rate } from './rate.ts'
import { readBody } from './read-body.ts'
import { challenge, MCP_PATH, METADATA_PATHS, resourceMetadata } from './resource-metadata.ts'
import { Runs } from './runs.ts'

/** Bad tokens that one address may try in a minute. */
const FAILURES_PER_MINUTE = 60

const CORS_HEADERS = 'Authorization, Content-Type, Mcp-Session-Id, MCP-Protocol-Version, Last-Event-ID'

export interface McpService {
  /** Puts it on the web address. */
  serve(app: OpenAPIHono): void
  /** Ends the sessions, and what is held for them. */
  close(): Promise<void>
}

export type McpParts = Omit<McpContext, 'runs' | 'rows'> & {
  /** Who a token is, unless they may not come in now. */
  readonly identities: { verify(token: string): Promise<VerifiedIdentity> }
}

/** The Model Context Protocol at `/mcp` (Streamable HTTP), and beside it where a client finds out who gives tokens (RFC 9728). */
export function createMcp(context: McpParts, version: string): McpService {
  const { config, identities, clock, origin } = context
  const runs = new Runs()
  const rows = new KeptRows()
  const inner: McpContext = { ...pick(context), runs, rows }
  const sessions = new McpSessions(inner, version)
  const rate = new Rate(() => config.current().mcp.requestsPerMinute)
  const failures = new Rate(() => FAILURES_PER_MINUTE)

  const serveMetadata = (app: OpenAPIHono, path: string): void => {
    app.get(path, (c) => {
      if (!config.current().mcp.enabled) return c.json({ error: 'not_found' }, 404)
      c.header('access-control-allow-origin', '*')
      c.header('cache-control', 'public, max-age=300')
      return c.json(resourceMetadata(origin(), path, config.current().identity.providers))
    })
  }

  const serveEndpoint = (app: OpenAPIHono): void => {
    app.all(MCP_PATH, async (c) => {
      const request = c.req.raw
      const { enabled, origins } = config.current().mcp
      if (!enabled) return problem(404, 'MCP is switched off on this host (mcp.enabled).')
      const from = request.headers.get('origin')
      if (from !== null && from !== origin() && !origins.includes(from)) {
        return problem(403, 'A page of another origin may not speak to this host. An administrator can allow it (mcp.origins).')
      }
      const answer = request.method === 'OPTIONS' ? new Response(null, { status: 204 }) : await answerRequest(request, addressOf(request))
      return from === null || from === origin() ? answer : withCors(answer, from)
    })
  }

  return {
    serve: (app) => {
      for (const path of METADATA_PATHS) serveMetadata(app, path)
      serveEndpoint(app)
    },
    close: async () => {
      runs.close()
      rows.clear()
      await sessions.close()
    },
  }

  async function answerRequest(request: Request, address: string): Promise<Response> {
    const now = clock.now()
    if (failures.isSpent(address, now)) return problem(429, 'Too many tokens were refused. Try again in a minute.', { 'retry-after': '60' })
    const token = /^Bearer +([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (token === undefined) return problem(401, 'A bearer token is needed.', { 'www-authenticate': challenge(origin()) })
    const who = await identify(token)
    if (who instanceof GatewayError) {
      if (who.code !== 'token-invalid') return problem(503, `${who.message}.`)
      failures.take(address, now)
      return problem(401, `${who.message}.`, { 'www-authenticate': challenge(origin(), who.message) })
    }
    const later = rate.take(`${who.issuer}\0${who.subject}`, now)
    if (later !== undefined) return problem(429, `Too many requests. Try again in ${later} s.`, { 'retry-after': String(later) })
    const body = request.method === 'POST' ? await readBody(request) : undefined
    if (body === 'too-large') return problem(413, 'The request is over 4 MiB.')
    if (body === 'not-json') return problem(400, 'The request is not JSON.', {}, -32700)
    const visitor = { who, token, address, tls: origin().startsWith('https:') }
    const answer = await sessions.handle(request, visitor, body?.json)
    if (answer === 'no-session') return problem(404, 'There is no such session of yours. Begin a new one.', {}, -32001)
    if (answer === 'no-room') return problem(503, 'There are too many sessions on this host. Try again later.', { 'retry-after': '60' })
    return answer
  }

  async function identify(token: string): Promise<VerifiedIdentity | GatewayError> {
    try {
      return await identities.verify(token)
    } catch (error) {
      if (error instanceof GatewayError) return error
      throw error
    }
  }
}

/** The tools get no more than they need: nothing that decides or administers. */
function pick({ config, upstreams, policies, approvals, gateway, clock, log, origin }: McpParts): Omit<McpContext, 'runs' | 'rows'> {
  return {
    config,
    upstreams,
    policies,
    approvals: { read: (id) => approvals.read(id) },
    gateway: {
      analyst: gateway.analyst,
      attach: (companion) => gateway.attach(companion),
      catalog: (upstream) => gateway.catalog(upstream),
      budgetLeft: (upstream, who) => gateway.budgetLeft(upstream, who),
    },
    clock,
    log,
    origin,
  }
}

/** As MCP's transport words its own errors: a JSON-RPC error without a request. */
function problem(status: number, message: string, headers: Record<string, string> = {}, code = -32000): Response {
  return Response.json(
    { jsonrpc: '2.0', error: { code, message }, id: null },
    { status, headers: { 'cache-control': 'no-store', ...headers } },
  )
}

function withCors(answer: Response, from: string): Response {
  const headers = new Headers(answer.headers)
  headers.set('access-control-allow-origin', from)
  headers.append('vary', 'Origin')
  headers.set('access-control-allow-methods', 'GET, POST, DELETE')
  headers.set('access-control-allow-headers', CORS_HEADERS)
  headers.set('access-control-expose-headers', 'Mcp-Session-Id, WWW-Authenticate')
  return new Response(answer.body, { status: answer.status, headers })
}
