import { z } from 'zod'
import { untrustedReadSchema } from './card.ts'
import { personSchema, timeSchema } from './people.ts'
import { effectSchema } from './verdicts.ts'

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
  /** Tables with outsiders' text that it has read, the first read of each: what it does afterwards may follow from that text. */
  untrusted: z.array(untrustedReadSchema),
  /** The matching part of a statement when searching, hits between `[` and `]`; otherwise null. */
  excerpt: z.string().nullable(),
})
export type Session = z.infer<typeof sessionSchema>

/** `GET /api/sessions`, newest first. */
export const sessionListSchema = z.object({
  items: z.array(sessionSchema),
  next: z.string().nullable(),
})

const timeFilter = z.coerce.number().int().min(0)

/** What statements can be searched by; all that is given has to hold. */
export const statementFilterSchema = z.object({
  /** Full text over statements and the names of what they touch. */
  q: z.string().max(500).optional(),
  connection: z.string().optional(),
  /** A subject, or a part of a name. */
  person: z.string().max(200).optional(),
  verdict: effectSchema.optional(),
  /** `public.customers`, or `customers` in any schema. */
  table: z.string().max(200).optional(),
  label: z.string().max(200).optional(),
  /** Milliseconds since the epoch, both included. */
  from: timeFilter.optional(),
  to: timeFilter.optional(),
})

export const sessionQuerySchema = statementFilterSchema.extend({
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

/** `GET /api/statements`, newest first: each text with each verdict once in a session. */
export const statementQuerySchema = statementFilterSchema.extend({
  after: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
export const statementListSchema = z.object({
  items: z.array(
    z.object({
      session: z.string(),
      connection: z.string(),
      who: personSchema,
      /** Its number in the session, and that of its event; 0 in records of an earlier version. */
      statement: z.number().int(),
      seq: z.number().int(),
      at: timeSchema,
      effect: effectSchema,
      /** The matching part, hits between `[` and `]`. */
      excerpt: z.string(),
    }),
  ),
  next: z.string().nullable(),
})

/** `GET /api/sessions/{id}/timeline`: where in a long session what is, without its events. */
export const timelineSchema = z.object({
  events: z.number().int(),
  statements: z.number().int(),
  startedAt: timeSchema,
  /** Of the last event so far. */
  lastAt: timeSchema,
  /** Up to 400 stretches, in order and without gaps. */
  windows: z.array(
    z.object({
      firstSeq: z.number().int(),
      lastSeq: z.number().int(),
      firstAt: timeSchema,
      lastAt: timeSchema,
      statements: z.number().int(),
      held: z.number().int(),
      denied: z.number().int(),
    }),
  ),
})

/** `GET /api/retention`: what would go now. */
export const retentionSchema = z.object({
  sessions: z.array(
    z.object({ id: z.string(), connection: z.string(), name: z.string(), endedAt: timeSchema, statements: z.number().int() }),
  ),
  journalFiles: z.number().int(),
  /** About what is freed. */
  bytes: z.number().int(),
})
/** `POST /api/retention`: it begins, and takes its time. */
export const retentionRunSchema = z.object({ begun: z.boolean() })

/** `POST /api/people/terminate`: all live sessions of one person. */
export const terminatePersonRequestSchema = z.strictObject({
  issuer: z.string().max(500),
  subject: z.string().max(500),
  reason: z.string().max(500).default(''),
})
export const terminatePersonResponseSchema = z.object({ ended: z.number().int() })

/** `POST /api/sessions/{id}/terminate`. */
export const terminateRequestSchema = z.strictObject({ reason: z.string().max(500).default('') })
export const terminateResponseSchema = z.object({ ended: z.boolean() })
