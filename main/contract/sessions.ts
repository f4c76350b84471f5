import { z } from 'zod'
import { personSchema, timeSchema } from './people.ts'

/** How the statements of a session ended. */
export const verdictMixSchema = z.object({
  allowed: z.number().int(),
  /** Waiting now. */
  held: z.number().int(),
  approved: z.number().int(),
  /** By a rule. */
  denied: z.number().int(),
  deniedByPerson: z.number().int(),
  /** Nobody decided, or the client left. */
  lapsed: z.number().int(),
})

export const sessionSchema = z.object({
  id: z.string(),
  connection: z.string(),
  who: personSchema,
  /** The agent's words. */
  application: z.string(),
  client: z.string().nullable(),
  clientAddress: z.string(),
  tls: z.boolean(),
  startedAt: timeSchema,
  endedAt: timeSchema.nullable(),
  endReason: z.string().nullable(),
  live: z.boolean(),
  statements: z.number().int(),
  verdicts: verdictMixSchema,
  rows: z.number().int(),
  bytes: z.number().int(),
  /** Statements whose answer had something masked. */
  masked: z.number().int(),
  /** The matching part of a statement when searching, hits between `[` and `]`; otherwise null. */
  excerpt: z.string().nullable(),
})
export type Session = z.infer<typeof sessionSchema>

/** `GET /api/sessions`, newest first. */
export const sessionListSchema = z.object({
  items: z.array(sessionSchema),
  next: z.string().nullable(),
})

export const sessionQuerySchema = z.object({
  /** Full text over statements. */
  q: z.string().max(500).optional(),
  connection: z.string().optional(),
  live: z.enum(['true', 'false']).optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** `GET /api/sessions/{id}`. */
export const sessionDetailSchema = sessionSchema.extend({
  groups: z.array(z.string()),
  /** Events so far. */
  events: z.number().int(),
  /** Hash of the last event: what proves all before it. */
  head: z.string(),
  mayTerminate: z.boolean(),
})
export type SessionDetail = z.infer<typeof sessionDetailSchema>

/** `POST /api/sessions/{id}/terminate`. */
export const terminateRequestSchema = z.strictObject({ reason: z.string().max(500).default('') })
export const terminateResponseSchema = z.object({ ended: z.boolean() })
