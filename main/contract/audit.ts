import { z } from 'zod'
import { timeSchema } from './people.ts'

/**
 * Every administrative act by its stable name, and how a page says it behind a name ("Lena approved or denied a request"). A new kind of act gets
 * its line here; a name, once released, is never changed: records hold it.
 */
export const ACTS = {
  'host-started': 'started the host',
  'host-stopped': 'stopped the host',
  'sign-in': 'signed in',
  'sign-in-refused': 'could not sign in',
  'sign-out': 'signed out',
  'set-up-code-used': 'used the set-up code',
  'web-session-ended': 'ended a browser’s session',
  'passkey-added': 'added a passkey',
  'passkey-removed': 'removed a passkey',
  'approval-decided': 'decided a request',
  'standing-approval-made': 'approved a statement in advance',
  'standing-approval-revoked': 'revoked a standing approval',
  'rehearsal-run': 'rehearsed a statement',
  'session-terminated': 'ended a session',
  'person-terminated': 'ended all sessions of one person',
  'agents-paused': 'paused agents',
  'agents-resumed': 'let agents go on',
  'configuration-changed': 'changed the configuration',
  'configuration-applied': 'applied a configuration file',
  'configuration-rolled-back': 'rolled the configuration back',
  'configuration-exported': 'exported the configuration',
  'credential-written': 'wrote a credential',
  'credential-removed': 'removed a credential',
  'connection-tested': 'tested a connection',
  'vault-rekeyed': 'changed the vault’s key',
  vouched: 'vouched for a function',
  'vouch-withdrawn': 'withdrew a vouch',
  'masking-previewed': 'looked at masked rows of a table',
  'followed-label-removed': 'removed a label that had followed a value',
  'retention-run': 'had old recordings removed',
  'session-exported': 'exported a session',
  'audit-exported': 'exported the audit',
  'backup-made': 'made a back-up',
  restored: 'started from a back-up',
  'certificate-made': 'made a certificate',
  'agent-token-made': 'made a token for an agent',
  'agent-token-revoked': 'revoked an agent’s token',
  refused: 'was refused',
} as const
export type ActName = keyof typeof ACTS

/** `done`; `refused`: not allowed, nothing was changed; `failed`: it was begun and did not come to its end. */
export const actOutcomeSchema = z.enum(['done', 'refused', 'failed'])
export type ActOutcome = z.infer<typeof actOutcomeSchema>

/** What was acted on, flat. Never a secret, a statement's text or a value from a database. */
export const actDetailsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
export type ActDetails = z.infer<typeof actDetailsSchema>

export const actorSchema = z.object({
  name: z.string(),
  issuer: z.string(),
  subject: z.string(),
  kind: z.enum(['person', 'agent']),
})

export const actSchema = z.object({
  /** Its place in the chain: the host's own record of that day, and the event in it. */
  record: z.string(),
  seq: z.number().int(),
  at: timeSchema,
  /** One of `ACTS`; of a newer host perhaps another. */
  act: z.string(),
  outcome: actOutcomeSchema,
  /** Null: nobody had signed in, or the host itself. */
  by: actorSchema.nullable(),
  /** Of the client as the host saw it; empty where the host itself acted. */
  address: z.string(),
  details: actDetailsSchema,
})
export type Act = z.infer<typeof actSchema>

/** `GET /api/audit`, newest first. All that is given has to hold. */
export const auditQuerySchema = z.object({
  act: z.string().max(60).optional(),
  outcome: actOutcomeSchema.optional(),
  /** A subject, or a part of a name. */
  person: z.string().max(200).optional(),
  /** Milliseconds since the epoch, both included. */
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
})
export const auditListSchema = z.object({ items: z.array(actSchema), next: z.string().nullable() })
