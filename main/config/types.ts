import type { Budget, UpstreamTls } from '../../proxy/ports.ts'
import type { Verb } from '../../proxy/statement/facts.ts'
import type { Effect, MaskForm } from '../../proxy/verdict/policy.ts'
import type { IdentityConfig } from './identity-types.ts'
import type { NotifyConfig } from './notify.ts'
import type { Secret } from './secret.ts'
import type { TlsFiles } from './tls-files.ts'
import type { Hours, ListenAddress } from './units.ts'

export type { IdentityConfig, ProviderConfig, SamlProviderConfig, WebSessionLimits } from './identity-types.ts'

/** The whole configuration, as `loadConfig` gives it: parsed once, complete, frozen. Times in milliseconds, sizes in bytes. */
export interface Config {
  /** As given on the command line. */
  readonly file: string
  /** What it was read from, and what its relative paths are relative to. Not for people: a file may hold credentials. */
  readonly source: { readonly text: Secret; readonly folder: string }
  readonly proxy: { readonly listen: ListenAddress; readonly tls: TlsFiles | 'generate' | undefined }
  readonly web: {
    readonly listen: ListenAddress
    /** Scheme, host and port as browsers see them. Undefined: the address that the host really listens on. */
    readonly publicUrl: string | undefined
    /** Undefined: plain HTTP, on loopback or behind a proxy that ends TLS. */
    readonly tls: TlsFiles | 'generate' | undefined
    /** Their X-Forwarded-For is believed. */
    readonly trustedProxies: readonly string[]
    /** What `GET /metrics` is read with from elsewhere than loopback. */
    readonly metricsToken: Secret | undefined
  }
  readonly identity: IdentityConfig
  readonly roles: RolesConfig
  readonly connections: readonly ConnectionConfig[]
  readonly sensitive: readonly SensitiveConfig[]
  readonly untrusted: readonly { readonly connection: string; readonly tables: readonly string[] }[]
  readonly vouched: readonly { readonly connection: string; readonly function: string; readonly source: string }[]
  readonly patterns: readonly { readonly name: string; readonly mask: MaskForm; readonly regex: string | undefined }[]
  readonly policies: readonly PolicyConfig[]
  /** The most that a decision may give in advance; `times` 0: nothing. */
  readonly approvals: { readonly standing: { readonly times: number; readonly forMs: number } }
  readonly tests: readonly PolicyTestConfig[]
  readonly recordings: {
    readonly retentionMs: number
    /** Database and journal together; undefined: no limit. */
    readonly maxBytes: number | undefined
    readonly resultBytesPerStatement: number
    readonly sync: RecordingsSync
  }
  /** Where audit events go as they happen; undefined: nowhere. */
  readonly siem: SiemConfig | undefined
  readonly notify: readonly NotifyConfig[]
  readonly mcp: McpConfig
}

/** The Model Context Protocol at `/mcp` of the web address. */
export interface McpConfig {
  readonly enabled: boolean
  /** A call that waits for a person is answered with `pending` after this long, before clients give up by themselves. */
  readonly holdMs: number
  /** Of one identity. */
  readonly requestsPerMinute: number
  readonly sessionsPerPerson: number
  /** Origins of pages that may speak to it besides our own. */
  readonly origins: readonly string[]
}

/** When the journal is forced to the disk: some 0.1 s behind, or before each statement is sent. */
export type RecordingsSync = 'interval' | 'commit'

export type SiemConfig =
  | {
      readonly to: 'syslog'
      readonly host: string
      readonly port: number
      readonly tls: 'disable' | 'verify-full'
      /** PEM. */
      readonly ca: string | undefined
      /** RFC 5424 section 6.2.1. */
      readonly facility: number
    }
  | { readonly to: 'https'; readonly url: string; readonly token: Secret | undefined; readonly ca: string | undefined }

/** Groups that may work in Sallyport itself. */
export interface RolesConfig {
  readonly admin: readonly string[]
  readonly approver: readonly string[]
  readonly viewer: readonly string[]
}

export interface ConnectionConfig {
  readonly name: string
  readonly engine: 'postgres'
  readonly host: string
  readonly port: number
  readonly database: string
  /** Empty where the credential is leased. */
  readonly user: string
  /** Undefined where it is leased, and where none has been written into the vault yet. */
  readonly password: Secret | undefined
  /** Where the password comes from, for people: never what it is. */
  readonly credential: { readonly kind: 'env' | 'file' | 'vault' | 'leased'; readonly name: string }
  readonly lease: LeaseConfig | undefined
  readonly tls: UpstreamTls
  /** PEM. */
  readonly ca: string | undefined
  readonly groups: readonly string[]
  readonly limits: {
    readonly statementTimeoutMs: number
    readonly rows: number
    readonly resultBytes: number
    readonly connectionsPerPerson: number
    readonly budget?: Budget | undefined
  }
}

/** HashiCorp Vault's database secrets engine, over its HTTP API. */
export interface LeaseConfig {
  /** Without a slash at the end. */
  readonly address: string
  readonly mount: string
  readonly role: string
  readonly namespace: string | undefined
  readonly token: Secret | undefined
  readonly approle: { readonly mount: string; readonly roleId: string; readonly secretId: Secret } | undefined
  /** PEM. */
  readonly ca: string | undefined
}

/** A statement, who sends it, and what the policy should say: `run-tests.ts`. */
export interface PolicyTestConfig {
  /** In the file, 1-based. */
  readonly line: number
  readonly name: string | undefined
  readonly statement: string
  readonly connection: string
  /** Groups of whoever sends it. */
  readonly as: readonly string[]
  /** Undefined: now. */
  readonly at: Date | undefined
  readonly expect: Effect
  /** `agents-on-shop/3` */
  readonly rule: string | undefined
}

export interface SensitiveConfig {
  readonly connection: string
  readonly label: string
  readonly mask: MaskForm
  /** With `token`: who was shown a token may compare the column with it. */
  readonly predicates: boolean
  readonly columns: readonly string[]
}

export interface PolicyConfig {
  readonly name: string
  readonly groups: readonly string[]
  readonly connections: readonly string[]
  readonly rules: readonly RuleConfig[]
}

export interface RuleConfig {
  /** In the file, 1-based. */
  readonly line: number
  readonly effect: Effect
  readonly statements: readonly Verb[] | undefined
  readonly tables: readonly string[] | undefined
  readonly touches: readonly string[] | undefined
  readonly shows: readonly string[] | undefined
  readonly uses: readonly string[] | undefined
  readonly without: 'where' | undefined
  readonly functions: readonly string[] | undefined
  readonly hours: Hours | undefined
  /** Given, or the groups of `roles.approver`; empty unless the effect is `ask`. */
  readonly approvers: readonly string[]
  readonly waitMs: number
  /** A decision must be signed with the approver's passkey; only with `ask`. */
  readonly passkey?: true | undefined
  /** So many people have to agree; only with `ask`, and from 2. */
  readonly approvals?: number | undefined
  /** Only when the session has read a table with outsiders' text before. */
  readonly afterUntrusted?: true | undefined
  readonly maxRows: number | undefined
  readonly message: string | undefined
  readonly reason: string | undefined
}
