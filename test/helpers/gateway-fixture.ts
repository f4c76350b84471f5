/** The gateway in this process, before a real PostgreSQL, with every port in memory. */
import fs from 'node:fs'
import path from 'node:path'
import { GatewayError } from '../../proxy/errors.ts'
import { type Gateway, type GatewayOptions, listen } from '../../proxy/gateway.ts'
import type { ConnectionLimits, Identity, Log, Ports, Upstream } from '../../proxy/ports.ts'
import type { Policy } from '../../proxy/verdict/policy.ts'
import { MemoryApprovals } from './memory-approvals.ts'
import { MemoryRecorder } from './memory-recorder.ts'
import { compilePolicy, type PolicyLiteral, READS_AND_ASKED_WRITES } from './policy-literal.ts'
import { type Postgres, type PostgresOptions, startPostgres } from './postgres.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from './shop.ts'
import { type LoginOptions, Wire, type WireTarget } from './wire-client.ts'

export interface GatewayFixtureOptions {
  readonly policy?: PolicyLiteral
  readonly postgres?: PostgresOptions
  readonly limits?: Partial<ConnectionLimits>
  readonly upstream?: Partial<Upstream>
  /** Serves TLS with the tests' certificate. */
  readonly tls?: boolean
  readonly gateway?: Partial<Pick<GatewayOptions, 'maxSql' | 'loginTimeoutMs' | 'maxConnections' | 'maxLogins' | 'maxLoginsPerAddress'>>
}

export interface GatewayFixture {
  readonly postgres: Postgres
  readonly gateway: Gateway
  readonly port: number
  readonly approvals: MemoryApprovals
  readonly recorder: MemoryRecorder
  readonly logged: readonly { readonly level: string; readonly event: string; readonly fields: Record<string, unknown> }[]
  /** From the next statement on. */
  setPolicy(literal: PolicyLiteral): void
  /** Logged in through the gateway, as the agent unless told. */
  through(options?: Partial<LoginOptions> & { readonly tls?: WireTarget['tls'] }): Promise<Wire>
  /** Logged in at the server itself, with the gateway's own credential. */
  direct(options?: Partial<LoginOptions>): Promise<Wire>
  /** `postgres://` addresses for other clients. */
  readonly url: string
  readonly directUrl: string
  stop(): Promise<void>
}

/** As tokens of the fixture name it. */
export const ISSUER = 'http://127.0.0.1/test'
export const AGENT_TOKEN = 'agent-token'
export const STRANGER_TOKEN = 'stranger-token'

/** Tokens of the fixture: the agent's, a second agent's, and that of somebody in no group that may connect. */
export const IDENTITIES: Readonly<Record<string, Identity>> = {
  [AGENT_TOKEN]: agent('cursor-agent', 'Cursor agent', ['ai-agents']),
  'other-token': agent('claude-agent', 'Claude agent', ['ai-agents']),
  [STRANGER_TOKEN]: agent('stranger', 'Stranger', ['visitors']),
}

function agent(subject: string, name: string, groups: readonly string[]): Identity {
  const expiresAt = Date.now() + 3_600_000
  return { issuer: ISSUER, subject, name, groups, kind: 'agent', client: subject, expiresAt }
}

const LIMITS: ConnectionLimits = { statementTimeoutMs: 30_000, rows: 100_000, resultBytes: 64 << 20, connectionsPerPerson: 100 }

export async function startGateway(options: GatewayFixtureOptions = {}): Promise<GatewayFixture> {
  const postgres = await startPostgres(options.postgres)
  try {
    await postgres.query(`${SHOP_ROLES}`)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    return await open(postgres, options)
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

async function open(postgres: Postgres, options: GatewayFixtureOptions): Promise<GatewayFixture> {
  const approvals = new MemoryApprovals()
  const recorder = new MemoryRecorder()
  const logged: { level: string; event: string; fields: Record<string, unknown> }[] = []
  const write = (level: string) => (event: string, fields?: Record<string, unknown>) => {
    logged.push({ level, event, fields: fields ?? {} })
  }
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') }
  let policy: Policy = compilePolicy('shop', options.policy ?? READS_AND_ASKED_WRITES)
  const upstream: Upstream = {
    connection: 'shop',
    host: postgres.host,
    port: postgres.port,
    tls: 'disable',
    ...SHOP,
    limits: { ...LIMITS, ...options.limits },
    ...options.upstream,
  }
  const ports: Ports = {
    identities: {
      verify: async (token) => {
        const who = IDENTITIES[token]
        if (who) return who
        throw new GatewayError({ code: 'token-invalid', sqlstate: '28000', message: 'the token is not one of the test', severity: 'FATAL' })
      },
      announced: () => ({ discovery: `${ISSUER}/.well-known/openid-configuration`, scope: 'openid' }),
    },
    upstreams: {
      open: (connection, who) => (connection === upstream.connection && who.groups.includes('ai-agents') ? upstream : undefined),
    },
    policies: { current: () => policy },
    labels: { follow: () => undefined, bind: () => undefined, catalogRead: () => undefined },
    approvals,
    recorder,
    log,
    clock: { now: () => Date.now() },
  }
  const gateway = await listen({
    listen: { host: '127.0.0.1', port: 0 },
    ports,
    ...options.gateway,
    ...(options.tls ? { tls: { cert: pem('server.pem'), key: pem('server.key') } } : {}),
  })
  const { port } = gateway.address
  const wires: Wire[] = []
  const keep = (wire: Wire): Wire => {
    wires.push(wire)
    return wire
  }
  return {
    postgres,
    gateway,
    port,
    approvals,
    recorder,
    logged,
    setPolicy: (literal) => {
      policy = compilePolicy('shop', literal)
    },
    through: async ({ tls = 'off', ...login } = {}) => keep(await Wire.login({ port, tls }, { password: AGENT_TOKEN, ...login })),
    direct: async (login = {}) => keep(await Wire.login({ port: postgres.port }, { user: SHOP.user, password: SHOP.password, ...login })),
    url: `postgres://agent:${AGENT_TOKEN}@127.0.0.1:${port}/shop`,
    directUrl: `postgres://${SHOP.user}:${SHOP.password}@127.0.0.1:${postgres.port}/shop`,
    stop: async () => {
      for (const wire of wires) wire.destroy()
      await gateway.close(0)
      await postgres.stop()
    },
  }
}

export const pem = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, 'tls', name), 'utf8')
