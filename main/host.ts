import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { type Gateway, listen } from '../proxy/gateway.ts'
import type { Clock, Log } from '../proxy/ports.ts'
import { admitAgents } from './agents/admit-agents.ts'
import { createAgents } from './agents/create-agents.ts'
import { tellAgents } from './agents/tell-agents.ts'
import { createApi } from './api/create-api.ts'
import { describeHealth, type HostHealth } from './api/host-health.ts'
import { listenHttp } from './api/http.ts'
import { createRateLimits } from './api/rate-limits.ts'
import { addressOf } from './api/remote-address.ts'
import { StreamHub } from './api/stream-hub.ts'
import { tellChanges } from './api/tell-changes.ts'
import { createApprovals } from './approvals/create-approvals.ts'
import { prepareGroupsNow } from './approvals/groups-now.ts'
import { createPreviewer } from './approvals/preview/create-previewer.ts'
import { HOST_ACTOR } from './audit/audit.ts'
import { createAudit } from './audit/create-audit.ts'
import { recordLeftActs } from './audit/spool.ts'
import { checkSources } from './config/check-sources.ts'
import { createConfigSecrets } from './config/config-secrets.ts'
import { createConfigurationDesk } from './config/configuration-desk.ts'
import { createConfigInForce } from './config/in-force.ts'
import { openConfiguration } from './config/open-configuration.ts'
import type { Config, ListenAddress } from './config.ts'
import { connectionTrouble } from './connections/connection-trouble.ts'
import { createLeases } from './connections/create-leases.ts'
import { findStrays } from './connections/find-strays.ts'
import { createUpstreams } from './connections/upstreams.ts'
import { createBackChannelLogout } from './identity/back-channel-logout.ts'
import { checkPeople } from './identity/check-people.ts'
import { createIdentities } from './identity/create-identities.ts'
import { createHostCheck } from './identity/host-check.ts'
import { offerSetUp } from './identity/offer-set-up.ts'
import { vouchesForPeople } from './identity/people-issuers.ts'
import { createRevocations } from './identity/revocations.ts'
import { rolesOf } from './identity/roles.ts'
import { createTokenSeal, readSealKey } from './identity/seal-token.ts'
import { createSetUp, lacksAdmin, SET_UP_ISSUER } from './identity/set-up.ts'
import { SignIn } from './identity/sign-in.ts'
import { watchLive } from './identity/watch-live.ts'
import { createWebSessions } from './identity/web-sessions.ts'
import { createLabelKeeper } from './masking/label-keeper.ts'
import { createMcp } from './mcp/serve-mcp.ts'
import { countRefusals } from './metrics/count-refusals.ts'
import { createMetrics } from './metrics/create-metrics.ts'
import { measureDecisions } from './metrics/measure-decisions.ts'
import { startNotify } from './notify/start-notify.ts'
import { tellOutside } from './notify/tell-outside.ts'
import { createPasskeys } from './passkeys/create-passkeys.ts'
import { createPolicies } from './policies/create-policies.ts'
import { readTokenKey } from './policies/token-key.ts'
import { openRecordings } from './recordings/open-recordings.ts'
import { readSigningKey } from './recordings/signing-key.ts'
import { targetOf } from './siem/sink.ts'
import { startSiem } from './siem/start-siem.ts'
import { prepareConfiguration } from './store/configuration-table.ts'
import { hostFile } from './store/files.ts'
import { lockDirectory } from './store/lock-directory.ts'
import { hostMigrations } from './store/migrations/index.ts'
import { openDatabase } from './store/open-database.ts'
import { preparePasskeys } from './store/passkeys-table.ts'
import { preparePrivateDirectory } from './store/prepare-directory.ts'
import { prepareRevocations } from './store/revocations-table.ts'
import { prepareWebSessions } from './store/web-sessions-table.ts'
import { openTls } from './tls/open-tls.ts'
import { openVault } from './vault/open-vault.ts'
import { readVaultKey } from './vault/vault-key.ts'
import { VERSION } from './version.ts'
import { createVouches } from './vouches/create-vouches.ts'

/** A receiver that does not answer must not keep the host. */
const SIEM_STOP_MS = 3000
/** Nor must a Vault: what is not given back ends by itself. */
const LEASES_STOP_MS = 2000
const LEASES_START_MS = 3000

export interface HostOptions {
  readonly log: Log
  /** The machine's, unless a test sets another. */
  readonly clock?: Clock
  /** The process's, unless a test sets another: `SALLYPORT_VAULT_KEY`. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Where the built pages are; beside the program unless told. */
  readonly pagesDirectory?: string
}

export interface Host {
  /** `127.0.0.1:6432`, with the real port. */
  readonly proxy: string
  /** `http://127.0.0.1:8443`: where browsers find the pages. */
  readonly web: string
  readonly gateway: Gateway
  /** SHA-256 of the certificate that the pages come with just now; null where they come in clear text. */
  webFingerprint(): string | null
  health(): HostHealth
  /** Lets statements in flight finish for `drainMs`, ends sessions, closes the store and gives the data directory back. */
  close(drainMs: number): Promise<void>
}

/**
 * Builds store, gateway and API from a configuration and runs them. Throws `StoreError` when the data directory cannot be used,
 * `GatewayError` (`misconfigured`), or the system's error when an address is taken. Nothing is left running after a failure.
 */
export async function startHost(config: Config, dataDir: string, options: HostOptions): Promise<Host> {
  const undo: (() => unknown)[] = []
  try {
    return await build(config, dataDir, options, undo)
  } catch (cause) {
    await unwind(undo, options.log)
    throw cause
  }
}

async function build(file: Config, dataDir: string, options: HostOptions, undo: (() => unknown)[]): Promise<Host> {
  const { log } = options
  const clock = options.clock ?? { now: () => Date.now() }
  const startedAt = clock.now()
  preparePrivateDirectory(dataDir)
  undo.push(lockDirectory(dataDir))
  const db = openDatabase(hostFile(dataDir), { migrations: hostMigrations })
  undo.push(() => db.close())

  const env = options.env ?? process.env
  const vault = openVault(dataDir, readVaultKey(env))
  const secrets = createConfigSecrets(vault)
  const versions = prepareConfiguration(db)
  const opened = openConfiguration({ file, table: versions, secrets, env, clock, log })
  const { config } = opened
  const vouches = createVouches(db, clock)
  const labels = createLabelKeeper({ db, clock, log, policy: (connection) => policies.current(connection) })
  const policies = createPolicies(
    config,
    readTokenKey(vault, dataDir),
    (connection) => vouches.standing(connection),
    (connection) => labels.of(connection),
  )
  vouches.onChange(() => policies.renew())
  labels.onChange(() => policies.renew())
  const inForce = createConfigInForce(config)
  const leases = createLeases({ config: inForce, clock, log })
  undo.push(() => leases.close(LEASES_STOP_MS))
  const upstreams = createUpstreams(config, leases)
  inForce.onChange((next) => {
    policies.replace(next)
    upstreams.replace(next)
  })
  const revocations = createRevocations(prepareRevocations(db), clock)
  const identities = createIdentities(inForce, { clock, revocations })
  const { resultBytesPerStatement, sync } = config.recordings
  const recordings = openRecordings({
    dataDir,
    resultBytesPerStatement,
    sync,
    signingKey: readSigningKey(vault),
    retention: { maxAgeMs: config.recordings.retentionMs, maxBytes: config.recordings.maxBytes },
    policyText: (version) => policies.textOf(version),
    clock,
    log,
  })
  undo.push(() => recordings.close())
  const audit = createAudit(recordings.recorder, clock)
  undo.push(() => audit.close())
  const siem = config.siem === undefined ? undefined : startSiem(dataDir, targetOf(config.siem), log)
  undo.push(() => siem?.stop(SIEM_STOP_MS))
  recordings.onReplaced(() => siem?.reopen())
  const groupsNow = prepareGroupsNow(db)
  const approvals = createApprovals({
    db,
    policies,
    clock,
    log,
    get recentSignInMs() {
      return inForce.current().identity.recentSignInMs
    },
    get standingLimits() {
      const { times, forMs } = inForce.current().approvals.standing
      return times === 0 ? undefined : { times, minutes: Math.floor(forMs / 60_000) }
    },
    deciderNow: (who) => {
      const groups = groupsNow(who) ?? who.groups
      return { ...who, groups, roles: rolesOf({ kind: who.kind, groups }, inForce.current().roles), signInAt: undefined }
    },
  })
  inForce.onChange(() => approvals.standing.sweep())
  undo.push(() => approvals.close())

  const agents = createAgents({ db, clock, log, approvals, live: () => gateway.live() })
  const tls = await openTls({ config, dataDir, vault, now: startedAt, log })
  undo.push(() => tls.stop())
  const metrics = createMetrics({
    version: VERSION,
    counts: () => recordings.recorder.counts(),
    live: () => gateway.live(),
    pending: () => approvals.countPending(),
    recordings: () => recordings.state(),
    notify: () => notify.state(),
    siem: () => siem?.state(),
  })
  measureDecisions(approvals, metrics)
  const gateway: Gateway = await listen({
    listen: config.proxy.listen,
    ...(tls.proxy === undefined ? {} : { tls: tls.proxy }),
    ports: {
      identities: admitAgents(identities, agents),
      upstreams,
      policies,
      labels,
      approvals,
      recorder: recordings.recorder,
      log: countRefusals(log, (code) => metrics.loginRefused(code)),
      clock,
    },
  })
  inForce.onChange((next, before) => {
    for (const { session, reason } of findStrays(gateway.live(), next, before)) session.end(reason)
  })
  await leases.ready(LEASES_START_MS)
  let drainMs = 0
  undo.push(() => gateway.close(drainMs))
  const previewer = createPreviewer({ approvals, upstreams, gateway, policies, clock, log })
  undo.push(() => previewer.close())

  const notify = startNotify({ db, receivers: config.notify, origin: () => origin(), clock, log })
  const health = (): HostHealth =>
    describeHealth({
      version: VERSION,
      startedAt,
      recordings: () => recordings.state(),
      siem: () => siem?.state(),
      tls: () => tls,
      notify: () => notify.state(),
      liveSessions: () => gateway.live().length,
      pendingApprovals: () => approvals.countPending(),
      agentsPaused: () => agents.pausedAll(),
      unmatchedColumns: () => gateway.unmatchedColumns(),
      connections: () => connectionTrouble(inForce.current(), leases),
    })
  undo.push(() => notify.stop())
  undo.push(tellOutside({ notify, approvals, agents, health, incidents: () => recordings.state().incidents }, () => clock.now()))
  const configuration = createConfigurationDesk({
    first: opened.row,
    table: versions,
    inForce,
    secrets,
    env,
    clock,
    sources: checkSources(gateway, upstreams, vouches),
  })
  const hub = new StreamHub(randomBytes(6).toString('hex'))
  undo.push(tellChanges(hub, approvals, recordings, health))
  inForce.onChange(() => hub.tell({ kind: 'configuration' }))
  undo.push(tellAgents(hub, agents, () => gateway.live()))

  // The port is known only once it listens, and the application must be there before: both are asked at each request.
  let web: ListenAddress = config.web.listen
  const origin = (): string => config.web.publicUrl ?? `${tls.web === undefined ? 'http' : 'https'}://${authority(web)}`
  const setUp = createSetUp(clock, lacksAdmin(config))
  const webSessions = createWebSessions({
    store: prepareWebSessions(db),
    clock,
    seal: createTokenSeal(readSealKey(vault)),
    limits: () => inForce.current().identity.session,
    trusts: (issuer) => vouchesForPeople(inForce.current().identity, issuer) || (issuer === SET_UP_ISSUER && setUp.lasts),
  })
  const signIn = new SignIn({ config: inForce, sessions: webSessions, setUp, revocations, audit, clock, log, origin, addressOf })
  const people = checkPeople({ sessions: webSessions, revocations, clientOf: (issuer) => signIn.clientOf(issuer), clock, log })
  undo.push(() => people.stop())
  const watch = watchLive({
    live: () => gateway.live(),
    identities,
    stopped: (who) => agents.stopped(who),
    afterExpiryMs: () => inForce.current().identity.afterExpiryMs,
    clock,
    log,
  })
  undo.push(() => watch.stop())
  const passkeys = createPasskeys({ store: preparePasskeys(db), clock, origin })
  const backChannelLogout = createBackChannelLogout({ identities, sessions: webSessions, revocations, audit, clock, log })
  const pagesDirectory = options.pagesDirectory ?? builtPages()
  let isOurHost = createHostCheck(web, config.web.publicUrl)
  const admitted = {
    verify: async (token: string) => {
      const who = await identities.verify(token)
      agents.admit(who)
      return who
    },
  }
  const mcp = createMcp({ config: inForce, upstreams, policies, approvals, gateway, identities: admitted, clock, log, origin }, VERSION)
  undo.push(() => mcp.close())
  const app = createApi(
    {
      mcp,
      config: inForce,
      configuration,
      leases,
      agents,
      approvals,
      previewer,
      recordings,
      audit,
      limits: createRateLimits(clock),
      metrics,
      policies,
      vouches,
      labels,
      upstreams,
      identities,
      signIn,
      webSessions,
      passkeys,
      backChannelLogout,
      gateway,
      hub,
      health,
      clock,
      log,
      origin,
      isOurHost: (host) => isOurHost(host),
      pagesDirectory,
    },
    VERSION,
  )
  const server = await listenHttp(app, { listen: config.web.listen, tls: tls.web, origin })
  undo.push(() => server.close())
  web = { host: config.web.listen.host, port: server.address.port }
  isOurHost = createHostCheck(web, config.web.publicUrl)
  offerSetUp({ setUp, config: inForce, log, origin })
  tls.follow({ proxy: (pair) => gateway.setTls(pair), web: (pair) => server.setTls(pair) })
  if (tls.made !== undefined) audit.record(HOST_ACTOR, 'certificate-made', { fingerprint: tls.made })
  undo.push(recordLeftActs(dataDir, audit, log))
  audit.record(HOST_ACTOR, 'host-started', { version: VERSION, proxy: authority(gateway.address), web: origin() })

  return {
    proxy: authority(gateway.address),
    web: origin(),
    gateway,
    webFingerprint: () => tls.fingerprints().web,
    health,
    close: async (ms) => {
      drainMs = ms
      await unwind(undo, log)
    },
  }
}

/** Takes down what was built, the last first. A part that fails does not keep the others up. */
async function unwind(undo: (() => unknown)[], log: Log): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
    try {
      await step()
    } catch (cause) {
      log.error('close-failed', { reason: cause instanceof Error ? cause.message : String(cause) })
    }
  }
}

function authority({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** `dist/renderer`, from the source and from the built program alike. */
function builtPages(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/renderer' : '../renderer', import.meta.url))
}
