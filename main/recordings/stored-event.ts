import { z } from 'zod'

/** The heads of events as they are stored: what `derive-events.ts` writes. `text`, `facts` and `verdict` are SHA-256 (hex) of objects. */
const base = { seq: z.number().int(), at: z.number() }
const statement = z.number().int()

export const openingSchema = z.object({
  id: z.string(),
  connection: z.string(),
  who: z.object({ name: z.string(), issuer: z.string(), subject: z.string(), kind: z.enum(['person', 'agent', 'host']) }),
  groups: z.array(z.string()),
  client: z.string().nullable(),
  clientAddress: z.string(),
  application: z.string(),
  tls: z.boolean(),
  at: z.number(),
})
export type Opening = z.infer<typeof openingSchema>

export const answerSchema = z.object({
  approval: z.number().int(),
  outcome: z.enum(['approved', 'denied', 'expired', 'withdrawn']),
  by: z.string().nullable(),
  reason: z.string(),
  reveal: z.boolean(),
  revealLabels: z.array(z.string()).optional(),
  maxRows: z.number().nullable(),
  standing: z.object({ id: z.number().int(), use: z.number().int() }).optional(),
})
/** Tables with outsiders' text. */
export const tableList = z.array(z.string())
export type Answer = z.infer<typeof answerSchema>

/** An administrative act; keys in this order. `by` is null where nobody had signed in, and for the host itself. */
export const recordedActSchema = z.object({
  act: z.string(),
  outcome: z.enum(['done', 'refused', 'failed']),
  by: z.object({ name: z.string(), issuer: z.string(), subject: z.string(), kind: z.enum(['person', 'agent']) }).nullable(),
  address: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
})
export type RecordedAct = z.infer<typeof recordedActSchema>

export const storedEventSchema = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('opened'), opening: openingSchema }),
  z.object({
    ...base,
    kind: z.literal('statement'),
    statement,
    text: z.string(),
    facts: z.array(z.string()),
    /** How the facts' offsets become those of this text, when they were read from one that differs in constants only. */
    moved: z.array(z.number().int()).optional(),
    bound: z.boolean(),
  }),
  z.object({ ...base, kind: z.literal('verdict'), statement, verdict: z.string() }),
  z.object({ ...base, kind: z.literal('asked'), statement, approval: z.number().int() }),
  z.object({ ...base, kind: z.literal('answered'), statement, answer: answerSchema }),
  z.object({ ...base, kind: z.literal('sent'), statement }),
  z.object({ ...base, kind: z.literal('rows'), statement, cut: z.boolean() }),
  z.object({
    ...base,
    kind: z.literal('finished'),
    statement,
    rows: z.number(),
    bytes: z.number(),
    ms: z.number(),
    sqlstate: z.string().nullable(),
    tag: z.string(),
    masked: z.array(z.string()),
  }),
  z.object({ ...base, kind: z.literal('untrusted'), statement, tables: z.array(z.string()) }),
  z.object({ ...base, kind: z.literal('note'), text: z.string() }),
  z.object({ ...base, kind: z.literal('act'), act: recordedActSchema }),
  z.object({ ...base, kind: z.literal('closed'), reason: z.string() }),
])
export type StoredEvent = z.infer<typeof storedEventSchema>
