import type { UpstreamTls } from '../../proxy/ports.ts'
import type { Verb } from '../../proxy/statement/facts.ts'
import type { Effect, MaskForm } from '../../proxy/verdict/policy.ts'
import type { Secret } from './secret.ts'
import type { TlsFiles } from './tls-files.ts'
import type { Hours, ListenAddress } from './units.ts'

/** The whole configuration, as `loadConfig` gives it: parsed once, complete, frozen. Times in milliseconds, sizes in bytes. */
export interface Config {
  /** As given on the command line. */
  readonly file: string
  readonly proxy: { readonly listen: ListenAddress; readonly tls: TlsFiles | undefined }
  readonly web: {
    readonly listen: ListenAddress
    /** Scheme, host and port as browsers see them. Undefined: the address that the host really listens on. */
    readonly publicUrl: string | undefined
  }
  readonly identity: { readonly providers: readonly ProviderConfig[]; readonly recentSignInMs: number }
  readonly roles: RolesConfig
  readonly connections: readonly ConnectionConfig[]
  readonly sensitive: readonly SensitiveConfig[]
  readonly untrusted: readonly { readonly connection: string; readonly tables: readonly string[] }[]
  readonly vouched: readonly { readonly connection: string; readonly function: string; readonly source: string }[]
  readonly patterns: readonly { readonly name: string; readonly mask: MaskForm; readonly regex: string | undefined }[]
  readonly policies: readonly PolicyConfig[]
  readonly recordings: {
    readonly retentionMs: number
    /** Database and journal together; undefined: no limit. */
    readonly maxBytes: number | undefined
    readonly resultBytesPerStatement: number
    readonly sync: RecordingsSync
  }
  /** Where audit events go as they happen; undefined: nowhere. */
  readonly siem: SiemConfig | undefined
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

export interface ProviderConfig {
  readonly name: string
  readonly issuer: string
  /** What an agent's token must carry in `aud`. */
  readonly audience: string
  /** The client that people sign in with. */
  readonly clientId: string
  /** Undefined for a public client (PKCE alone). */
  readonly clientSecret: Secret | undefined
  readonly scopes: readonly string[]
  readonly claims: { readonly name: string; readonly groups: string }
  /** Client ids of agents, and a claim with a value that makes any token an agent's: they never hold a role. */
  readonly agents: { readonly clients: readonly string[]; readonly claim?: { readonly name: string; readonly value: string } | undefined }
}

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
  readonly user: string
  readonly password: Secret
  readonly tls: UpstreamTls
  /** PEM. */
  readonly ca: string | undefined
  readonly groups: readonly string[]
  readonly limits: {
    readonly statementTimeoutMs: number
    readonly rows: number
    readonly resultBytes: number
    readonly connectionsPerPerson: number
  }
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
  readonly maxRows: number | undefined
  readonly message: string | undefined
  readonly reason: string | undefined
}
