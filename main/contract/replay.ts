import { z } from 'zod'
import { timeSchema } from './people.ts'
import { effectSchema } from './verdicts.ts'

/** What some events say of one statement of a session. Later pages add to the same `number`; what is left out they do not say. */
export const outlineEntrySchema = z.object({
  /** The statement's number in the session, from 1. */
  number: z.number().int().positive(),
  /** Sequence number of its own event. */
  seq: z.number().int().optional(),
  at: timeSchema.optional(),
  /** The text's beginning, on one line. */
  text: z.string().optional(),
  /** It changes rows, the schema, or the server. */
  writes: z.boolean().optional(),
  /** It reads a table whose text outsiders wrote, as the configuration of now says. */
  untrusted: z.boolean().optional(),
  effect: effectSchema.optional(),
  approval: z.number().int().optional(),
  askedAt: timeSchema.optional(),
  answeredAt: timeSchema.optional(),
  outcome: z.enum(['approved', 'denied', 'expired', 'withdrawn']).optional(),
  by: z.string().nullable().optional(),
  sentAt: timeSchema.optional(),
  finishedAt: timeSchema.optional(),
  rows: z.number().int().optional(),
  tag: z.string().optional(),
  sqlstate: z.string().nullable().optional(),
  /** How many columns were masked. */
  masked: z.number().int().optional(),
})
export type OutlineEntry = z.infer<typeof outlineEntrySchema>

/** `GET /api/sessions/{id}/outline`: a session without texts, facts and rows, for a timeline of any length. In order of the events. */
export const outlineSchema = z.object({
  entries: z.array(outlineEntrySchema),
  notes: z.array(z.object({ seq: z.number().int(), at: timeSchema, text: z.string() })),
  /** Sequence number of the last event that was read: pass as `after` for what follows, now or once the session has grown. */
  last: z.number().int(),
  /** Events in the session so far. */
  total: z.number().int(),
})
export type Outline = z.infer<typeof outlineSchema>

export const outlineQuerySchema = z.object({ after: z.coerce.number().int().min(0).optional() })

/** `GET /api/sessions/{id}/proof`: the chain of hashes computed again from what is stored, as it stood when asked. */
export const proofSchema = z.object({
  intact: z.boolean(),
  /** Events that were checked. */
  events: z.number().int(),
  /** How many of them the last signature covers, and when it was made; null: none yet. */
  signedEvents: z.number().int(),
  signedAt: timeSchema.nullable(),
  /** The first event that does not fit, and what is wrong with it; null when all do. */
  fault: z.object({ seq: z.number().int(), text: z.string() }).nullable(),
})
export type Proof = z.infer<typeof proofSchema>

/** `GET /api/activity`: how statements ended over time, each stretch `step` milliseconds from `from` on; empty ones too. */
export const activitySchema = z.object({
  from: timeSchema,
  /** Milliseconds. */
  step: z.number().int().positive(),
  buckets: z.array(z.object({ statements: z.number().int(), held: z.number().int(), denied: z.number().int() })),
  /** Answers with something masked, in the sessions that ran in this time. */
  masked: z.number().int(),
})
export type Activity = z.infer<typeof activitySchema>

export const activityQuerySchema = z.object({
  /** Milliseconds since the epoch. */
  from: z.coerce.number().int().min(0),
  /** Milliseconds; not more than 200 stretches up to now. */
  step: z.coerce.number().int().min(60_000).max(86_400_000),
})
