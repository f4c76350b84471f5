import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { BUILT_IN_PATTERNS } from '../proxy/mask/patterns.ts'
import { completeIdentity } from './config/complete-identity.ts'
import { crossCheck } from './config/cross-checks.ts'
import { type ConfigDocument, parseYaml, pathText } from './config/document.ts'
import { explainIssue, type ShapeFault } from './config/explain-issue.ts'
import { ConfigError, type Fault } from './config/faults.ts'
import { deepFreeze } from './config/freeze.ts'
import { writtenOut } from './config/keep-secrets.ts'
import { completeNotify } from './config/notify.ts'
import { NOT_AT_HAND, type ReadVault, type Resolved, resolveReferences } from './config/references.ts'
import { type ConfigShape, configSchema } from './config/schema.ts'
import { Secret } from './config/secret.ts'
import { readAuthority, readTls, type TlsFiles } from './config/tls-files.ts'
import type { Config, ConnectionConfig, RuleConfig, SiemConfig } from './config/types.ts'
import { isLoopback } from './config/units.ts'

export { ConfigError, type Fault, formatFaults } from './config/faults.ts'
export { Secret } from './config/secret.ts'
export type {
  Config,
  ConnectionConfig,
  IdentityConfig,
  LeaseConfig,
  PolicyConfig,
  PolicyTestConfig,
  ProviderConfig,
  RolesConfig,
  RuleConfig,
  SamlProviderConfig,
  WebSessionLimits,
} from './config/types.ts'
export type { ListenAddress } from './config/units.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_WAIT_MS = 10 * 60_000
const MAX_BYTES = 8 * 1024 * 1024

const BUILT_IN_NAMES: readonly string[] = BUILT_IN_PATTERNS.map((pattern) => pattern.name)

/** Reads, checks and freezes a configuration file. Throws `ConfigError` with every fault at once. */
export function loadConfig(path: string, env: Environment): Config {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new ConfigError([wholeFile(path, `the file cannot be read (${code}).`)])
  }
  if (bytes.length > MAX_BYTES) throw new ConfigError([wholeFile(path, 'the file is over 8 MiB.')])
  const text = bytes.toString('utf8')
  if (!Buffer.from(text, 'utf8').equals(bytes)) throw new ConfigError([wholeFile(path, 'the file is not UTF-8.')])
  return parseConfig(text, { file: path, folder: dirname(resolve(path)), env })
}

const wholeFile = (file: string, message: string): Fault => ({ file, line: 0, column: 0, path: '', message, allowed: undefined })

export interface ParseOptions {
  /** For fault texts. */
  readonly file: string
  /** What relative paths are relative to. */
  readonly folder: string
  readonly env: Environment
  /** The host's vault; left out: what it keeps is taken to be there. */
  readonly vault?: ReadVault | undefined
}

/** `loadConfig` for a text that is already in memory. */
export function parseConfig(text: string, { file, folder, env, vault }: ParseOptions): Config {
  const document = parseYaml(text)
  if (document.problems.length > 0) {
    throw new ConfigError(
      document.problems.map((p) => ({ file, line: p.line, column: p.column, path: '', message: p.message, allowed: undefined })),
    )
  }
  const resolved = resolveReferences(withVaultPasswords(document.value), { folder, env, vault })
  const shape = configSchema.safeParse(resolved.value)
  const faults: ShapeFault[] = [
    ...resolved.faults,
    ...(shape.error?.issues ?? [])
      .flatMap((issue) => explainIssue(issue, configSchema, resolved.value, resolved.hidden))
      .filter((fault) => !resolved.failed(fault.path)),
    ...mixedSecrets(document.value),
    ...crossCheck(resolved.value, BUILT_IN_NAMES).filter((fault) => !resolved.failed(fault.path)),
  ]
  const files = readFiles(resolved, folder, (fault) => faults.push(fault))
  if (faults.length > 0 || shape.data === undefined) throw new ConfigError(faults.map((fault) => placed(fault, document, file)))
  return deepFreeze(complete(shape.data, files, document, { file, source: { text: new Secret(text), folder } }))
}

/** A connection without a word of its credential has it in the vault. */
function withVaultPasswords(value: unknown): unknown {
  const connections = value !== null && typeof value === 'object' && 'connections' in value ? value.connections : undefined
  if (!Array.isArray(connections)) return value
  const completed = connections.map((one: unknown) => {
    if (one === null || typeof one !== 'object' || 'password' in one || 'credentials' in one) return one
    const name = 'name' in one ? one.name : undefined
    return typeof name === 'string' ? { ...one, password: `\${vault:connections.${name}.password}` } : one
  })
  return { ...(value as object), connections: completed }
}

/** A credential is one reference or the text itself: the host keeps what is written out in its vault, and must know where it ends. */
function mixedSecrets(value: unknown): ShapeFault[] {
  return writtenOut(value)
    .filter(({ text }) => /\$\{(?:env|file|vault):/.test(text))
    .map(({ path }) => ({ path, message: 'is a reference with text around it.', allowed: 'one reference, or the secret itself' }))
}

function placed({ path, key, message, allowed }: ShapeFault, document: ConfigDocument, file: string): Fault {
  const place = key === undefined ? document.placeOf(path) : document.placeOfKey(path.slice(0, -1), key)
  return { file, ...place, path: pathText(path), message, allowed }
}

/** Certificates are read even when other parts have faults, so that all come in one go. */
function readFiles(resolved: Resolved, folder: string, report: (fault: ShapeFault) => void) {
  const raw = resolved.value as {
    proxy?: { tls?: unknown }
    web?: { tls?: unknown }
    notify?: unknown
    connections?: unknown
    identity?: { providers?: unknown } | null
    siem?: { syslog?: { ca?: unknown }; https?: { ca?: unknown } }
  } | null
  const tls = readTlsOf(raw?.proxy?.tls, folder, 'proxy', report)
  const webTls = readTlsOf(raw?.web?.tls, folder, 'web', report)
  const notifyAuthorities = (Array.isArray(raw?.notify) ? raw.notify : []).map((entry: { webhook?: { ca?: unknown } | null } | null, i) => {
    const ca = entry?.webhook?.ca
    return typeof ca === 'string' ? readAuthority(ca, folder, ['notify', i, 'webhook', 'ca'], report) : undefined
  })
  const connections = Array.isArray(raw?.connections)
    ? (raw.connections as ({ ca?: unknown; credentials?: { vault?: { ca?: unknown } | null } | null } | null)[])
    : []
  const authorities = connections.map((connection, i) =>
    typeof connection?.ca === 'string' ? readAuthority(connection.ca, folder, ['connections', i, 'ca'], report) : undefined,
  )
  const leaseAuthorities = connections.map((connection, i) => {
    const ca = connection?.credentials?.vault?.ca
    return typeof ca === 'string' ? readAuthority(ca, folder, ['connections', i, 'credentials', 'vault', 'ca'], report) : undefined
  })
  const providers = Array.isArray(raw?.identity?.providers) ? (raw.identity.providers as ({ certificate?: unknown } | null)[]) : []
  const samlCertificates = providers.map((provider, i) =>
    typeof provider?.certificate === 'string'
      ? readAuthority(provider.certificate, folder, ['identity', 'providers', i, 'certificate'], report)
      : undefined,
  )
  const siemCa = (['syslog', 'https'] as const)
    .map((kind) => {
      const ca = raw?.siem?.[kind]?.ca
      return typeof ca === 'string' ? readAuthority(ca, folder, ['siem', kind, 'ca'], report) : undefined
    })
    .find((pem) => pem !== undefined)
  return { tls, webTls, notifyAuthorities, authorities, leaseAuthorities, samlCertificates, siemCa }
}

function readTlsOf(tls: unknown, folder: string, section: string, report: (fault: ShapeFault) => void): TlsFiles | 'generate' | undefined {
  if (tls === 'generate') return tls
  const { cert, key } = tls !== null && typeof tls === 'object' ? (tls as { cert?: unknown; key?: unknown }) : {}
  return typeof cert === 'string' && typeof key === 'string' ? readTls({ cert, key }, folder, [section, 'tls'], report) : undefined
}

type Files = ReturnType<typeof readFiles>

function complete(shape: ConfigShape, files: Files, document: ConfigDocument, from: Pick<Config, 'file' | 'source'>): Config {
  const { identity, recordings } = shape
  return {
    ...from,
    // Nothing travels in clear text off loopback: who brings no certificate gets one of the host's own. Pages behind an https address of another's
    // are taken to have that one's TLS in front of them.
    proxy: { listen: shape.proxy.listen, tls: files.tls ?? (isLoopback(shape.proxy.listen.host) ? undefined : 'generate') },
    web: {
      listen: shape.web.listen,
      publicUrl: shape.web.publicUrl,
      tls: files.webTls ?? (isLoopback(shape.web.listen.host) || shape.web.publicUrl !== undefined ? undefined : 'generate'),
      trustedProxies: shape.web.trustedProxies,
      metricsToken: shape.web.metrics?.token,
    },
    identity: completeIdentity(identity, files.samlCertificates),
    roles: shape.roles,
    connections: shape.connections.map((connection, i) => completeConnection(connection, i, files, document)),
    sensitive: shape.sensitive,
    untrusted: shape.untrusted,
    vouched: shape.vouched,
    patterns: shape.patterns.map((p) => ({ ...p, regex: p.regex })),
    policies: shape.policies.map((policy, i) => ({
      ...policy,
      rules: policy.rules.map((rule, j) => completeRule(rule, shape, document.placeOf(['policies', i, 'rules', j]).line)),
    })),
    tests: shape.tests.map((test, i) => ({
      ...test,
      name: test.name,
      at: test.at,
      rule: test.rule,
      line: document.placeOf(['tests', i]).line,
    })),
    approvals: { standing: { times: shape.approvals.standing.times, forMs: shape.approvals.standing.for } },
    recordings: {
      retentionMs: recordings.retention,
      maxBytes: recordings.maxBytes,
      resultBytesPerStatement: recordings.resultBytesPerStatement,
      sync: recordings.sync,
    },
    siem: completeSiem(shape.siem, files.siemCa),
    notify: shape.notify.flatMap((entry, i) => completeNotify(entry, files.notifyAuthorities[i])),
    mcp: completeMcp(shape.mcp),
  }
}

function completeConnection(
  shape: ConfigShape['connections'][number],
  i: number,
  files: Files,
  document: ConfigDocument,
): ConnectionConfig {
  const { limits, credentials, password, user, ...connection } = shape
  const { statementTimeout, ...other } = limits
  const lease = credentials?.vault
  return {
    ...connection,
    user: user ?? '',
    password: password?.reveal() === NOT_AT_HAND ? undefined : password,
    credential:
      lease === undefined
        ? credentialOf(connection.name, document.textAt(['connections', i, 'password']))
        : { kind: 'leased', name: `${lease.mount}/${lease.role}` },
    lease:
      lease === undefined
        ? undefined
        : {
            address: lease.address,
            mount: lease.mount,
            role: lease.role,
            namespace: lease.namespace,
            token: lease.token,
            approle: lease.approle,
            ca: files.leaseAuthorities[i],
          },
    ca: files.authorities[i],
    limits: { statementTimeoutMs: statementTimeout, ...other },
  }
}

function credentialOf(connection: string, raw: string | undefined): ConnectionConfig['credential'] {
  const [, kind, name = ''] = /^\$\{(env|file|vault):([^}]*)\}$/.exec(raw ?? '') ?? []
  if (kind === 'env' || kind === 'file' || kind === 'vault') return { kind, name }
  return { kind: 'vault', name: `connections.${connection}.password` }
}

function completeMcp({ hold, ...mcp }: ConfigShape['mcp']): Config['mcp'] {
  return { ...mcp, holdMs: hold }
}

function completeSiem(shape: ConfigShape['siem'], ca: string | undefined): SiemConfig | undefined {
  if (shape?.syslog !== undefined) return { to: 'syslog', ...shape.syslog, ca }
  return shape?.https === undefined ? undefined : { to: 'https', url: shape.https.url, token: shape.https.token, ca }
}

type RuleShape = ConfigShape['policies'][number]['rules'][number]

function completeRule({ wait, ...rule }: RuleShape, shape: ConfigShape, line: number): RuleConfig {
  return {
    line,
    effect: rule.effect,
    statements: rule.statements,
    tables: rule.tables,
    touches: rule.touches,
    shows: rule.shows,
    uses: rule.uses,
    without: rule.without,
    functions: rule.functions,
    hours: rule.hours,
    approvers: rule.effect === 'ask' ? (rule.approvers ?? shape.roles.approver) : [],
    waitMs: wait ?? DEFAULT_WAIT_MS,
    ...(rule.passkey === true ? { passkey: true as const } : {}),
    ...((rule.approvals ?? 1) > 1 ? { approvals: rule.approvals } : {}),
    ...(rule.afterUntrusted === true ? { afterUntrusted: true as const } : {}),
    maxRows: rule.maxRows,
    message: rule.message,
    reason: rule.reason,
  }
}
