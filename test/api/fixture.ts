import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { createAgents } from '../../main/agents/create-agents.ts'
import type { ApiContext } from '../../main/api/api-context.ts'
import { createApi } from '../../main/api/create-api.ts'
import { createRateLimits } from '../../main/api/rate-limits.ts'
import { StreamHub } from '../../main/api/stream-hub.ts'
import { createApprovals } from '../../main/approvals/create-approvals.ts'
import { createAudit } from '../../main/audit/create-audit.ts'
import { checkSources } from '../../main/config/check-sources.ts'
import { createConfigSecrets } from '../../main/config/config-secrets.ts'
import { createConfigurationDesk } from '../../main/config/configuration-desk.ts'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { openConfiguration } from '../../main/config/open-configuration.ts'
import { parseConfig } from '../../main/config.ts'
import { createLeases } from '../../main/connections/create-leases.ts'
import { findStrays } from '../../main/connections/find-strays.ts'
import { createUpstreams } from '../../main/connections/upstreams.ts'
import { createHostCheck } from '../../main/identity/host-check.ts'
import { createRevocations } from '../../main/identity/revocations.ts'
import { createSetUp } from '../../main/identity/set-up.ts'
import { SignIn } from '../../main/identity/sign-in.ts'
import type { VerifiedIdentity } from '../../main/identity/verified-identity.ts'
import { createLabelKeeper } from '../../main/masking/label-keeper.ts'
import { createMetrics } from '../../main/metrics/create-metrics.ts'
import { createPasskeys } from '../../main/passkeys/create-passkeys.ts'
import { createPolicies } from '../../main/policies/create-policies.ts'
import { openRecordings, type Recordings } from '../../main/recordings/open-recordings.ts'
import { readSigningKey } from '../../main/recordings/signing-key.ts'
import { prepareConfiguration } from '../../main/store/configuration-table.ts'
import { hostFile } from '../../main/store/files.ts'
import { hostMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import { preparePasskeys } from '../../main/store/passkeys-table.ts'
import { prepareRevocations } from '../../main/store/revocations-table.ts'
import { openVault } from '../../main/vault/open-vault.ts'
import { createVouches } from '../../main/vouches/create-vouches.ts'
import { GatewayError } from '../../proxy/errors.ts'
import type { LiveSession } from '../../proxy/ports.ts'
import { memorySessions } from '../identity/memory-sessions.ts'

export const ISSUER = 'http://127.0.0.1:9'
export const ORIGIN = 'http://127.0.0.1:8443'

const YAML = `
identity:
  providers: [{ name: corp, issuer: "${ISSUER}", audience: sallyport, clientId: web }]
roles: { admin: [leads], approver: [dba], viewer: [engineering] }
connections:
  - { name: shop, engine: postgres, host: 127.0.0.1, port: 1, database: shop, user: app, password: "the-secret-credential", tls: disable, groups: [ai-agents] }
sensitive: [{ connection: shop, label: pii, mask: redact, columns: [public.customers.ssn] }]
policies:
  - { name: agents-on-shop, groups: [ai-agents], connections: [shop], rules: [{ effect: allow, statements: [read] }, { effect: ask, statements: [write], approvers: [dba] }] }
`

/** Everyone who tries. The token is the name. */
export const people: Readonly<Record<string, VerifiedIdentity>> = {
  admin: person('admin', ['leads', 'dba']),
  approver: person('approver', ['dba']),
  viewer: person('viewer', ['engineering']),
  nobody: person('nobody', ['others']),
  requester: person('requester', ['engineering']),
  agent: { ...person('requester', ['ai-agents', 'leads', 'dba']), kind: 'agent', client: 'cursor-agent', name: 'Agent' },
}

function person(subject: string, groups: readonly string[]): VerifiedIdentity {
  return {
    issuer: ISSUER,
    subject,
    name: `${subject.charAt(0).toUpperCase()}${subject.slice(1)}`,
    groups,
    kind: 'person',
    client: undefined,
    expiresAt: Number.MAX_SAFE_INTEGER,
    authTime: Date.now() - 1000,
  }
}

export interface ApiFixture {
  readonly context: ApiContext
  readonly live: LiveSession[]
  /** A call with someone's bearer token, or with none. */
  call(who: string | undefined, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** The same with a body as it stands, said to be JSON. */
  send(who: string, method: string, path: string, body: string): Promise<Response>
  /** The same with any body and its headers. */
  request(who: string, method: string, path: string, headers: Record<string, string>, body: BodyInit): Promise<Response>
  /** A browser in which this person has signed in: its Cookie header. */
  signIn(who: string): string
}

let opened: { readonly recordings: Recordings; readonly dataDir: string } | undefined

/** One record, with its thread, for all the tests of a file: starting a thread costs more than most of them. */
function recordingsOfFile(): Recordings {
  if (opened !== undefined) return opened.recordings
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  const recordings = openRecordings({
    dataDir,
    resultBytesPerStatement: 1 << 20,
    sync: 'interval',
    signingKey: readSigningKey(openVault(dataDir, undefined)),
    retention: { maxAgeMs: 86_400_000, maxBytes: undefined },
    policyText: () => undefined,
    clock: { now: () => Date.now() },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  opened = { recordings, dataDir }
  return recordings
}

afterAll(async () => {
  if (opened === undefined) return
  await opened.recordings.close()
  rmSync(opened.dataDir, { recursive: true, force: true })
  opened = undefined
})

/** `onEnd` is told what ends it: after the test unless told otherwise. */
export function apiFixture(onEnd: (end: () => void) => void = onTestFinished): ApiFixture {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-test-'))
  const file = parseConfig(YAML, { file: 'test.yaml', folder: dataDir, env: {} })
  const clock = { now: () => Date.now() }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const db = openDatabase(hostFile(dataDir), { migrations: hostMigrations })
  const table = prepareConfiguration(db)
  const secrets = createConfigSecrets(openVault(dataDir, undefined))
  const { config, row } = openConfiguration({ file, table, secrets, env: {}, clock, log })
  const inForce = createConfigInForce(config)
  const leases = createLeases({ config: inForce, clock, log })
  const upstreams = createUpstreams(config, leases)
  const vouches = createVouches(db, clock)
  const labels = createLabelKeeper({ db, clock, log, policy: (connection) => policies.current(connection) })
  const policies = createPolicies(
    config,
    Buffer.alloc(32),
    (connection) => vouches.standing(connection),
    (connection) => labels.of(connection),
  )
  vouches.onChange(() => policies.renew())
  labels.onChange(() => policies.renew())
  const recordings = recordingsOfFile()
  const approvals = createApprovals({ db, policies, clock, log, recentSignInMs: config.identity.recentSignInMs })
  onEnd(() => {
    approvals.close()
    db.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const { sessions } = memorySessions()
  const revocations = createRevocations(prepareRevocations(db), clock)
  const audit = createAudit(recordings.recorder, clock)
  const setUp = createSetUp(clock, true)
  const live: LiveSession[] = []
  const pagesDirectory = join(dataDir, 'pages')
  mkdirSync(join(pagesDirectory, 'assets'), { recursive: true })
  writeFileSync(join(pagesDirectory, 'index.html'), '<!doctype html><title>Sallyport</title>')
  writeFileSync(join(pagesDirectory, 'assets', 'app-1234.js'), 'export {}')
  inForce.onChange((next, before) => {
    policies.replace(next)
    upstreams.replace(next)
    for (const { session, reason } of findStrays(live, next, before)) session.end(reason)
  })
  const unreachable = async () => {
    throw new GatewayError({ code: 'upstream-unavailable', sqlstate: '08006', message: 'it does not answer' })
  }
  const context: ApiContext = {
    config: inForce,
    configuration: createConfigurationDesk({
      first: row,
      table,
      inForce,
      secrets,
      env: {},
      clock,
      sources: checkSources({ catalog: unreachable }, upstreams, vouches),
    }),
    leases,
    agents: createAgents({ db, clock, log, approvals, live: () => live }),
    approvals,
    previewer: { rehearse: () => 'There is no database.', settled: async () => undefined, close: () => undefined },
    recordings,
    audit,
    limits: createRateLimits(clock),
    metrics: createMetrics({
      version: '0.1.0',
      counts: () => recordings.recorder.counts(),
      live: () => live,
      pending: () => approvals.countPending(),
      recordings: () => recordings.state(),
      notify: () => ({ waiting: 0, failed: 0 }),
      siem: () => undefined,
    }),
    policies,
    vouches,
    labels,
    upstreams,
    identities: {
      verify: async (token) => {
        const who = people[token]
        if (who === undefined) throw new GatewayError({ code: 'token-invalid', sqlstate: '28000', message: 'the token has expired' })
        return who
      },
      announced: () => undefined,
      fallen: async () => undefined,
      verifyLogout: async () => {
        throw new GatewayError({ code: 'token-invalid', sqlstate: '28000', message: 'this fixture has no provider' })
      },
    },
    signIn: new SignIn({ config: inForce, sessions, setUp, revocations, audit, clock, log, origin: () => ORIGIN, addressOf: () => '' }),
    webSessions: sessions,
    passkeys: createPasskeys({ store: preparePasskeys(db), clock, origin: () => ORIGIN }),
    backChannelLogout: async () => new Response(null),
    gateway: {
      address: { host: '127.0.0.1', port: 6432 },
      analyst: {
        analyse: () => ({ statements: [] }),
        recognise: () => ({ analysis: { statements: [] }, moved: undefined }),
        close: async () => undefined,
      },
      unmatchedColumns: () => [],
      attach: () => {
        throw new Error('this fixture has no gateway')
      },
      budgetLeft: () => [],
      setTls: () => undefined,
      live: () => live,
      catalog: unreachable,
      close: async () => undefined,
    },
    hub: new StreamHub('era'),
    health: () => ({
      status: 'ok',
      detail: {
        version: '0.1.0',
        startedAt: 0,
        trouble: [],
        liveSessions: 0,
        pendingApprovals: 0,
        recorder: { writing: true, journalBytes: 0, behindBytes: 0, slowestWriteMs: 0 },
      },
    }),
    clock,
    log,
    origin: () => ORIGIN,
    isOurHost: createHostCheck({ host: '127.0.0.1', port: 8443 }, undefined),
    pagesDirectory,
  }
  const app = createApi(context, '0.1.0')
  return {
    context,
    live,
    call: async (who, method, path, body, headers = {}) =>
      app.request(`${ORIGIN}${path}`, {
        method,
        headers: {
          host: '127.0.0.1:8443',
          ...(who === undefined ? {} : { authorization: `Bearer ${who}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    send: async (who, method, path, body) =>
      app.request(`${ORIGIN}${path}`, {
        method,
        headers: { host: '127.0.0.1:8443', authorization: `Bearer ${who}`, 'content-type': 'application/json' },
        body,
      }),
    request: async (who, method, path, headers, body) =>
      app.request(`${ORIGIN}${path}`, {
        method,
        headers: { host: '127.0.0.1:8443', authorization: `Bearer ${who}`, ...headers },
        body,
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      }),
    signIn: (who) => {
      const identity = people[who]
      if (identity === undefined) throw new Error(`nobody is called ${who}`)
      return `sallyport-session=${sessions.begin(identity, {})}`
    },
  }
}
