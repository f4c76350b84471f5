import { z } from 'zod'
import { VERBS } from '../../proxy/statement/facts.ts'
import { identitySchema } from './identity-schema.ts'
import { notifyEntry } from './notify.ts'
import {
  choice,
  collector,
  count,
  dotted,
  duration,
  hours,
  ipAddress,
  listen,
  moment,
  mountPath,
  name,
  origin,
  regex,
  secret,
  serverUrl,
  sha256,
  signature,
  size,
  sql,
  text,
} from './scalars.ts'

const list = <T extends z.ZodType>(item: T) => z.array(item)
const filled = <T extends z.ZodType>(item: T) => z.array(item).min(1)
const groups = () => list(text('a group'))

const MASKS = ['redact', 'partial', 'null', 'token'] as const
const mask = () => choice(MASKS)

/** By files, or by the host itself. */
const tls = () =>
  z.union([choice(['generate']), z.strictObject({ cert: text('the path of a PEM file'), key: text('the path of a PEM file') })]).optional()

const proxy = z.strictObject({ listen: listen().prefault('127.0.0.1:6432'), tls: tls() })

const web = z.strictObject({
  listen: listen().prefault('127.0.0.1:8443'),
  publicUrl: origin().optional(),
  tls: tls(),
  trustedProxies: list(ipAddress()).default([]),
  metrics: z.strictObject({ token: secret() }).optional(),
})

const roles = z.strictObject({ admin: groups().default([]), approver: groups().default([]), viewer: groups().default([]) })

/** Within an hour, for one identity. */
const budget = z.strictObject({
  statements: count(1, 1_000_000_000).optional(),
  rows: count(1, 1_000_000_000_000).optional(),
  bytes: size().optional(),
})

const limits = z.strictObject({
  statementTimeout: duration().prefault('30s'),
  rows: count(1, 1_000_000_000).default(100_000),
  resultBytes: size().prefault('64MiB'),
  connectionsPerPerson: count(1, 10_000).default(20),
  budget: budget.optional(),
})

/** Short-lived users from HashiCorp Vault's database secrets engine. */
const leased = z.strictObject({
  address: serverUrl(),
  mount: mountPath().prefault('database'),
  role: mountPath(),
  namespace: mountPath().optional(),
  token: secret().optional(),
  approle: z.strictObject({ mount: mountPath().prefault('approle'), roleId: text('the role id'), secretId: secret() }).optional(),
  ca: text('the path of a PEM file').optional(),
})

const connection = z.strictObject({
  name: name('the connection’s name'),
  engine: choice(['postgres']),
  host: text('a host name or address'),
  port: count(1, 65_535).default(5432),
  database: text('a database’s name'),
  user: text('a user’s name').optional(),
  password: secret().optional(),
  credentials: z.strictObject({ vault: leased }).optional(),
  tls: choice(['disable', 'require', 'verify-full']).default('verify-full'),
  ca: text('the path of a PEM file').optional(),
  groups: filled(text('a group')),
  limits: limits.prefault({}),
})

const sensitive = z.strictObject({
  connection: text('a connection’s name'),
  label: name('a label'),
  mask: mask(),
  predicates: z.boolean().default(false),
  columns: filled(dotted(3)),
})

const untrusted = z.strictObject({ connection: text('a connection’s name'), tables: filled(dotted(2)) })

const vouched = z.strictObject({ connection: text('a connection’s name'), function: signature(), source: sha256() })

const pattern = z.strictObject({ name: name('a pattern’s name'), regex: regex().optional(), mask: mask() })

const labels = () => filled(text('a label')).optional()

const rule = z.strictObject({
  effect: choice(['allow', 'ask', 'deny']),
  statements: filled(choice(VERBS)).optional(),
  tables: filled(dotted(2)).optional(),
  touches: labels(),
  shows: labels(),
  uses: labels(),
  without: choice(['where']).optional(),
  functions: filled(dotted(2)).optional(),
  hours: hours().optional(),
  approvers: filled(text('a group')).optional(),
  wait: duration().optional(),
  maxRows: count(0, 1_000_000_000).optional(),
  passkey: z.boolean().optional(),
  approvals: count(1, 10).optional(),
  afterUntrusted: z.literal(true).optional(),
  message: text('what the agent is told').optional(),
  reason: text('why a person is asked').optional(),
})

/** What may be approved in advance; `times: 0` is nothing. */
const approvals = z.strictObject({
  standing: z.strictObject({ times: count(0, 100_000).default(100), for: duration().prefault('8h') }).prefault({}),
})

const policy = z.strictObject({
  name: name('the policy’s name'),
  groups: filled(text('a group')),
  connections: filled(text('a connection’s name')),
  rules: filled(rule),
})

/** What a policy test says: judged with the policy of this very file. */
const test = z.strictObject({
  name: text('what it shows').optional(),
  statement: sql(),
  connection: text('a connection’s name'),
  as: filled(text('a group')),
  at: moment().optional(),
  expect: choice(['allow', 'ask', 'deny']),
  rule: text('the rule that decides, as explain names it: agents-on-shop/3').optional(),
})

const recordings = z.strictObject({
  retention: duration().prefault('90d'),
  maxBytes: size().optional(),
  resultBytesPerStatement: size().prefault('1MiB'),
  sync: z.enum(['interval', 'commit']).default('interval'),
})

const siem = z.strictObject({
  syslog: z
    .strictObject({
      host: text('a host name or address'),
      port: count(1, 65_535).default(6514),
      tls: choice(['disable', 'verify-full']).default('verify-full'),
      ca: text('the path of a PEM file').optional(),
      facility: count(0, 23).default(13),
    })
    .optional(),
  https: z.strictObject({ url: collector(), token: secret().optional(), ca: text('the path of a PEM file').optional() }).optional(),
})

/** The Model Context Protocol at `/mcp`. */
const mcp = z.strictObject({
  enabled: z.boolean().default(true),
  hold: duration().prefault('50s'),
  requestsPerMinute: count(1, 1_000_000).default(600),
  sessionsPerPerson: count(1, 10_000).default(50),
  origins: list(origin()).default([]),
})

/** The shape of the file. Every object is strict: an unknown key anywhere is a fault. What one part says about another is in `cross-checks.ts`. */
export const configSchema = z.strictObject({
  proxy: proxy.prefault({}),
  web: web.prefault({}),
  identity: identitySchema.prefault({}),
  roles: roles.prefault({}),
  connections: filled(connection),
  sensitive: list(sensitive).default([]),
  untrusted: list(untrusted).default([]),
  vouched: list(vouched).default([]),
  patterns: list(pattern).default([]),
  policies: list(policy).default([]),
  approvals: approvals.prefault({}),
  tests: list(test).default([]),
  recordings: recordings.prefault({}),
  siem: siem.optional(),
  notify: list(notifyEntry).default([]),
  mcp: mcp.prefault({}),
})

export type ConfigShape = z.output<typeof configSchema>
