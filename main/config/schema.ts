import { z } from 'zod'
import { VERBS } from '../../proxy/statement/facts.ts'
import {
  choice,
  collector,
  count,
  dotted,
  duration,
  hours,
  issuer,
  listen,
  name,
  origin,
  regex,
  secret,
  sha256,
  signature,
  size,
  text,
} from './scalars.ts'

const list = <T extends z.ZodType>(item: T) => z.array(item)
const filled = <T extends z.ZodType>(item: T) => z.array(item).min(1)
const groups = () => list(text('a group'))

const MASKS = ['redact', 'partial', 'null', 'token'] as const
const mask = () => choice(MASKS)

const proxy = z.strictObject({
  listen: listen().prefault('127.0.0.1:6432'),
  tls: z.strictObject({ cert: text('the path of a PEM file'), key: text('the path of a PEM file') }).optional(),
})

const web = z.strictObject({ listen: listen().prefault('127.0.0.1:8443'), publicUrl: origin().optional() })

const provider = z.strictObject({
  name: name('the provider’s name'),
  issuer: issuer(),
  audience: text('the `aud` that an agent’s token must carry'),
  clientId: text('the client that people sign in with'),
  clientSecret: secret().optional(),
  scopes: filled(text('a scope')).default(['openid', 'profile', 'email']),
  claims: z.strictObject({ name: text('a claim').default('name'), groups: text('a claim').default('groups') }).prefault({}),
  agents: z
    .strictObject({
      clients: list(text('a client id')).default([]),
      claim: z.strictObject({ name: text('a claim'), value: text('the value that an agent’s token has there') }).optional(),
    })
    .prefault({}),
})

const identity = z.strictObject({ providers: filled(provider), recentSignIn: duration().prefault('15m') })

const roles = z.strictObject({ admin: groups().default([]), approver: groups().default([]), viewer: groups().default([]) })

const limits = z.strictObject({
  statementTimeout: duration().prefault('30s'),
  rows: count(1, 1_000_000_000).default(100_000),
  resultBytes: size().prefault('64MiB'),
  connectionsPerPerson: count(1, 10_000).default(20),
})

const connection = z.strictObject({
  name: name('the connection’s name'),
  engine: choice(['postgres']),
  host: text('a host name or address'),
  port: count(1, 65_535).default(5432),
  database: text('a database’s name'),
  user: text('a user’s name'),
  password: secret(),
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
  message: text('what the agent is told').optional(),
  reason: text('why a person is asked').optional(),
})

const policy = z.strictObject({
  name: name('the policy’s name'),
  groups: filled(text('a group')),
  connections: filled(text('a connection’s name')),
  rules: filled(rule),
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

/** The shape of the file. Every object is strict: an unknown key anywhere is a fault. What one part says about another is in `cross-checks.ts`. */
export const configSchema = z.strictObject({
  proxy: proxy.prefault({}),
  web: web.prefault({}),
  identity,
  roles: roles.prefault({}),
  connections: filled(connection),
  sensitive: list(sensitive).default([]),
  untrusted: list(untrusted).default([]),
  vouched: list(vouched).default([]),
  patterns: list(pattern).default([]),
  policies: list(policy).default([]),
  recordings: recordings.prefault({}),
  siem: siem.optional(),
})

export type ConfigShape = z.output<typeof configSchema>
