import { z } from 'zod'
import { parameterSchema } from './approvals.ts'
import { personSchema, timeSchema } from './people.ts'
import { effectSchema, factsSchema, markSchema, ruleReferenceSchema } from './verdicts.ts'

const base = {
  /** From 1, without gaps, in one session. */
  seq: z.number().int().positive(),
  at: timeSchema,
  /** SHA-256 (hex) over the hash before it and this event: see docs on the recording. */
  hash: z.string(),
}
/** The statement's number in the session, from 1. */
const statement = z.number().int().positive()

export const openedEventSchema = z.object({
  ...base,
  kind: z.literal('opened'),
  connection: z.string(),
  who: personSchema,
  groups: z.array(z.string()),
  client: z.string().nullable(),
  clientAddress: z.string(),
  application: z.string(),
  tls: z.boolean(),
})

export const statementEventSchema = z.object({
  ...base,
  kind: z.literal('statement'),
  statement,
  /** Made by the host from the facts. */
  sentence: z.string(),
  sql: z.string(),
  /** Stretches of `sql` (`[start, end)`, UTF-16 units) where dots stand for a literal that meets a labelled column. Left out: none. */
  hidden: z.array(z.object({ start: z.number().int(), end: z.number().int() })).optional(),
  /** The text is not valid UTF-8; `sql` shows it with replacement characters, the export holds the bytes. */
  lossy: z.boolean(),
  parameters: z.array(parameterSchema),
  facts: factsSchema,
})

export const verdictEventSchema = z.object({
  ...base,
  kind: z.literal('verdict'),
  statement,
  effect: effectSchema,
  rule: ruleReferenceSchema.nullable(),
  policyVersion: z.string(),
  because: z.array(z.string()),
  marks: z.array(markSchema),
  /** What the client was told to do instead; empty when nothing was. */
  hint: z.string(),
  labels: z.array(z.string()),
})

export const askedEventSchema = z.object({ ...base, kind: z.literal('asked'), statement, approval: z.number().int() })

export const answeredEventSchema = z.object({
  ...base,
  kind: z.literal('answered'),
  statement,
  approval: z.number().int(),
  outcome: z.enum(['approved', 'denied', 'expired', 'withdrawn']),
  by: z.string().nullable(),
  reason: z.string(),
  /** Masks were lifted for this answer. */
  reveal: z.boolean(),
  /** Only of these labels; left out where all were. */
  revealLabels: z.array(z.string()).optional(),
  maxRows: z.number().int().nullable(),
  /** It was approved in advance: by which standing approval, and which use of it this was. */
  standing: z.object({ id: z.number().int(), use: z.number().int() }).optional(),
})

/** The statement is the first of the session to read these tables, whose text outsiders wrote. */
export const untrustedEventSchema = z.object({ ...base, kind: z.literal('untrusted'), statement, tables: z.array(z.string()) })

export const sentEventSchema = z.object({ ...base, kind: z.literal('sent'), statement })

/** What came back, as the client saw it: already masked. */
export const rowsEventSchema = z.object({
  ...base,
  kind: z.literal('rows'),
  statement,
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** As text; null is SQL NULL. A binary value of a type that is not decoded stands as `\x…`. */
  rows: z.array(z.array(z.string().nullable())),
  /** More came than the configuration keeps (`recordings.resultBytesPerStatement`). */
  cut: z.boolean(),
  /** Bytes kept. */
  bytes: z.number().int(),
})

export const finishedEventSchema = z.object({
  ...base,
  kind: z.literal('finished'),
  statement,
  rows: z.number().int(),
  bytes: z.number().int(),
  ms: z.number(),
  /** Null when it succeeded. */
  sqlstate: z.string().nullable(),
  tag: z.string(),
  /** Names of the columns whose values were masked. */
  masked: z.array(z.string()),
})

export const noteEventSchema = z.object({ ...base, kind: z.literal('note'), text: z.string() })
export const closedEventSchema = z.object({ ...base, kind: z.literal('closed'), reason: z.string() })

/** One event of a session's record. */
export const eventSchema = z.discriminatedUnion('kind', [
  openedEventSchema,
  statementEventSchema,
  verdictEventSchema,
  askedEventSchema,
  answeredEventSchema,
  untrustedEventSchema,
  sentEventSchema,
  rowsEventSchema,
  finishedEventSchema,
  noteEventSchema,
  closedEventSchema,
])
export type RecordedEvent = z.infer<typeof eventSchema>

/** `GET /api/sessions/{id}/events`, in order. */
export const eventListSchema = z.object({
  items: z.array(eventSchema),
  /** Pass as `after` for the events that follow; null when this was the last page so far. */
  next: z.number().int().nullable(),
  total: z.number().int(),
})

export const eventQuerySchema = z.object({
  /** Sequence number; events behind it are returned. */
  after: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  /** Milliseconds since the epoch: begins with the first event at that time or later. Not together with `after` or `statement`. */
  from: z.coerce.number().int().min(0).optional(),
  /** Begins with this statement's own event. */
  statement: z.coerce.number().int().min(1).optional(),
})
