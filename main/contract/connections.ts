import { z } from 'zod'
import { versionNumberSchema } from './configuration.ts'
import { timeSchema } from './people.ts'

/** A connection without its credential, which is written and never read. */
export const connectionSchema = z.object({
  name: z.string(),
  engine: z.string(),
  host: z.string(),
  port: z.number().int(),
  database: z.string(),
  user: z.string(),
  /** False: nobody can log in until a credential is written. */
  passwordSet: z.boolean(),
  /** Where the credential is: a reference of the configuration (its name, never its value), the vault, or leased from HashiCorp Vault. */
  credential: z.object({ kind: z.enum(['env', 'file', 'vault', 'leased']), name: z.string() }),
  /** Of a leased credential; null for others. */
  lease: z.object({ until: timeSchema.nullable(), failure: z.string().nullable() }).nullable(),
  tls: z.enum(['disable', 'require', 'verify-full']),
  groups: z.array(z.string()),
  limits: z.object({
    statementTimeoutMs: z.number().int(),
    rows: z.number().int(),
    resultBytes: z.number().int(),
    connectionsPerPerson: z.number().int(),
  }),
})
export type Connection = z.infer<typeof connectionSchema>

/** `GET /api/connections`. */
export const connectionListSchema = z.object({
  /** Of the configuration: what `PUT /api/connections` asks for. */
  version: versionNumberSchema,
  /** The section as it stands in the configuration, for editors. No secret is in it, only references. */
  source: z.array(z.record(z.string(), z.unknown())),
  items: z.array(connectionSchema),
  /** What an agent connects to: `127.0.0.1:6432`. */
  proxy: z.string(),
})

/** `PUT /api/connections/{name}/credential`. Kept in the vault, and never read back. New logins use it. */
export const writeCredentialRequestSchema = z.strictObject({
  password: z.string().min(1).max(4096),
  comment: z.string().max(1000).default(''),
})
export const writeCredentialResponseSchema = z.object({ version: versionNumberSchema, changed: z.boolean() })

/** `POST /api/connections/test`: a connection as it would stand in the configuration. Without a password: what the vault has for this name. */
export const testConnectionRequestSchema = z.strictObject({ connection: z.record(z.string(), z.unknown()) })

export const connectionStepSchema = z.object({
  step: z.enum(['name', 'tcp', 'tls', 'authentication', 'database', 'privileges']),
  state: z.enum(['ok', 'failed', 'skipped']),
  ms: z.number().int(),
  /** What was found, in words. */
  message: z.string(),
  /** What to do; empty where nothing is to be done. */
  todo: z.string(),
})

/** How a connection test went, step by step. Nothing was changed. */
export const connectionTestSchema = z.object({
  /** An agent could work over it. */
  ok: z.boolean(),
  steps: z.array(connectionStepSchema),
  /** What the role can do beyond need. `right`: `superuser`, `bypassrls`, `pg_read_server_files`… */
  warnings: z.array(z.object({ right: z.string(), message: z.string(), todo: z.string() })),
  /** `PostgreSQL 18.4`; null: it did not come so far. */
  server: z.string().nullable(),
})
export type ConnectionTest = z.infer<typeof connectionTestSchema>
