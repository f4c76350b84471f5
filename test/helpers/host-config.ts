/** The host's configuration for a test, as an object: JSON is YAML. */
import fs from 'node:fs'
import path from 'node:path'
import { AGENT_CLIENT, AUDIENCE } from './provider.ts'

export interface ConnectionLiteral {
  readonly name: string
  readonly port: number
  readonly database?: string
  readonly user?: string
  readonly password?: string
  readonly groups?: readonly string[]
  readonly tls?: 'disable' | 'require' | 'verify-full'
  readonly limits?: Readonly<Record<string, string | number>>
}

export interface ConfigLiteral {
  readonly issuer: string
  readonly connections: readonly ConnectionLiteral[]
  readonly policies?: readonly unknown[]
  readonly sensitive?: readonly unknown[]
  readonly patterns?: readonly unknown[]
  readonly untrusted?: readonly unknown[]
  readonly roles?: Readonly<Record<string, readonly string[]>>
  /** Over the provider's defaults: `clientSecret`, `clientId`… */
  readonly provider?: Readonly<Record<string, unknown>>
  readonly proxy?: Readonly<Record<string, unknown>>
  readonly web?: Readonly<Record<string, unknown>>
  readonly extra?: Readonly<Record<string, unknown>>
}

/** The contract's example policy on these connections. */
export function examplePolicies(connections: readonly string[], wait = '5m'): unknown[] {
  return [
    {
      name: 'agents',
      groups: ['ai-agents'],
      connections,
      rules: [
        { effect: 'ask', uses: ['pii'], approvers: ['dba'], wait, reason: 'names a sensitive column outside the select list' },
        {
          effect: 'allow',
          statements: ['read', 'session', 'transaction'],
          tables: ['public.*', 'billing.*', 'pg_catalog.*', 'information_schema.*'],
        },
        { effect: 'ask', statements: ['write'], approvers: ['dba'], wait, maxRows: 1000 },
        { effect: 'deny', statements: ['ddl', 'privilege', 'admin', 'unknown'], message: 'Schema changes go through migrations.' },
      ],
    },
  ]
}

export function makeConfig(literal: ConfigLiteral): Record<string, unknown> {
  const names = literal.connections.map(({ name }) => name)
  return {
    proxy: { listen: '127.0.0.1:0', ...literal.proxy },
    web: { listen: '127.0.0.1:0', ...literal.web },
    identity: {
      providers: [
        {
          name: 'corp',
          issuer: literal.issuer,
          audience: AUDIENCE,
          clientId: 'sallyport-web',
          claims: { name: 'name', groups: 'groups' },
          agents: { clients: [AGENT_CLIENT] },
          ...literal.provider,
        },
      ],
    },
    roles: literal.roles ?? { admin: ['leads'], approver: ['dba'], viewer: ['engineering'] },
    connections: literal.connections.map((connection) => ({
      engine: 'postgres',
      host: '127.0.0.1',
      database: 'shop',
      user: 'postgres',
      password: 'postgres',
      tls: 'disable',
      groups: ['ai-agents'],
      ...connection,
    })),
    policies: literal.policies ?? examplePolicies(names),
    // A rule may only name labels that exist: the example policy's `pii` needs a column.
    sensitive:
      literal.sensitive ?? names.map((connection) => ({ connection, label: 'pii', mask: 'redact', columns: ['public.customers.ssn'] })),
    ...(literal.patterns ? { patterns: literal.patterns } : {}),
    ...(literal.untrusted ? { untrusted: literal.untrusted } : {}),
    ...literal.extra,
  }
}

/** Writes it into the folder and returns the file's path. */
export function writeConfig(folder: string, literal: ConfigLiteral): string {
  const file = path.join(folder, 'sallyport.yaml')
  fs.writeFileSync(file, JSON.stringify(makeConfig(literal), null, 2))
  return file
}
