import { z } from 'zod'
import { personSchema, timeSchema } from './people.ts'
import { effectSchema, markSchema } from './verdicts.ts'

/** A value as an agent would be shown it, as text; null is SQL NULL. */
const shownRow = z.array(z.string().nullable())

/** One affected row, masked as an agent's answer is. UPDATE and MERGE: both; DELETE: `before`; INSERT: `after`. */
export const affectedRowSchema = z.object({ before: shownRow.nullable(), after: shownRow.nullable() })

export const affectedRowsSchema = z.object({
  columns: z.array(
    z.object({
      name: z.string(),
      label: z.string().nullable(),
      /** The statement sets it. */
      changed: z.boolean(),
    }),
  ),
  /** Five at most. Long values are cut to 200 characters, ending in `…`. */
  items: z.array(affectedRowSchema),
  /** There are more rows than these, or more columns. */
  moreRows: z.boolean(),
  moreColumns: z.boolean(),
  /** Labels and patterns that were masked in them. */
  masked: z.array(z.string()),
})

/** What the statement did when it was run in a transaction that was rolled back. */
export const rehearsalSchema = z.object({
  /** `refused`: it could have acted outside the transaction, so it was not run. */
  state: z.enum(['running', 'done', 'refused', 'failed']),
  by: personSchema,
  at: timeSchema,
  /** Rows that the server said it touched; null unless it is done. */
  rows: z.number().int().nullable(),
  /** Milliseconds; null unless it is done. */
  ms: z.number().nullable(),
  /** CommandComplete tag (`UPDATE 3`), or why it was refused or failed, in words. No value is in it. */
  text: z.string(),
})

/**
 * What the host found out about a request over a connection of its own, while people were already looking. `none`: there is nothing to
 * find out, or it could not be done safely; `note` says why.
 */
export const previewSchema = z.object({
  state: z.enum(['none', 'pending', 'ready', 'failed']),
  note: z.string().nullable(),
  /** When it was made; null before. */
  at: timeSchema.nullable(),
  /** PostgreSQL's own plan (EXPLAIN, nothing was run), a line each, masked. */
  plan: z.array(z.string()).nullable(),
  /** Rows that the planner expects the statement to touch, or to give. */
  estimatedRows: z.number().nullable(),
  /** Rows that it would touch, counted in a read-only transaction; null: see `countNote`. */
  exactRows: z.number().int().nullable(),
  /** It was not counted to the end, but these are fewer than it would touch. */
  moreThanRows: z.number().int().nullable(),
  /** Why there is no exact count, or what the count leaves out; null when there is nothing to say. */
  countNote: z.string().nullable(),
  /** It would touch more rows than the ceiling, and so be rolled back. */
  overCeiling: z.boolean(),
  rows: affectedRowsSchema.nullable(),
  /** Why there are no rows to show; null when there is nothing to say. */
  rowsNote: z.string().nullable(),
  rehearsal: rehearsalSchema.nullable(),
  /** Why it cannot be rehearsed; null when an approver may ask for it. */
  whyNoRehearsal: z.string().nullable(),
})
export type Preview = z.infer<typeof previewSchema>

/** What the session did before this statement. */
export const historySchema = z.object({
  statements: z.number().int(),
  allowed: z.number().int(),
  /** Held for a person, whatever came of it. */
  held: z.number().int(),
  denied: z.number().int(),
  /** The last few, oldest first. */
  recent: z.array(z.object({ statement: z.number().int(), at: timeSchema, effect: effectSchema, sentence: z.string() })),
})

/** A table with text that outsiders wrote, read earlier in the session. */
export const untrustedReadSchema = z.object({
  table: z.string(),
  /** The session in which it was read; missing: the request's own. */
  session: z.string().optional(),
  /** By which statement of that session, from 1. */
  statement: z.number().int(),
  at: timeSchema,
})

/** What the agent says that it wants: with the call (MCP), in a comment of the text, or as its application’s name. Its words, never ours. */
export const statedReasonSchema = z.object({ text: z.string().max(500), from: z.enum(['call', 'comment', 'application']) })

/** What a prepared statement stands for that the text runs by name, or which Bind executes. */
export const preparedTextSchema = z.object({ name: z.string(), sql: z.string(), marks: z.array(markSchema) })

/** How many people have to agree, and who has. */
export const needsSchema = z.object({
  approvals: z.number().int().min(1),
  given: z.array(z.object({ by: personSchema, at: timeSchema, reason: z.string() })),
})

/** What an approver may give beyond this one time; null where only once is possible. */
export const standingLimitsSchema = z.object({ times: z.number().int(), minutes: z.number().int() })

/** The standing approval that let this statement pass, and its number of use. */
export const standingUseSchema = z.object({ id: z.number().int(), use: z.number().int() })

/** A statement that was approved in advance, for one agent: the same text, parameters, connection and row ceiling. */
export const standingSchema = z.object({
  id: z.number().int(),
  /** The request that it was given on. */
  approval: z.number().int(),
  connection: z.string(),
  requester: personSchema,
  sentence: z.string(),
  sql: z.string(),
  /** Stretches of `sql` that are not shown (`[start, end)`, UTF-16 units). */
  hidden: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
  rule: z.string(),
  maxRows: z.number().int().nullable(),
  /** How often; null: as often as there is time. */
  times: z.number().int().nullable(),
  used: z.number().int(),
  until: timeSchema,
  by: z.array(personSchema),
  reason: z.string(),
  at: timeSchema,
  /** Null while it stands. */
  ended: z.object({ at: timeSchema, why: z.string(), by: personSchema.nullable() }).nullable(),
  /** The last 20, newest first. */
  uses: z.array(z.object({ use: z.number().int(), approval: z.number().int(), at: timeSchema })),
  mayRevoke: z.boolean(),
})
export type StandingApproval = z.infer<typeof standingSchema>

/** `GET /api/standing`, newest first. */
export const standingListSchema = z.object({ items: z.array(standingSchema), next: z.string().nullable() })
export const standingQuerySchema = z.object({
  connection: z.string().optional(),
  /** `false` (when left out): only those that stand. `true`: ended ones too. */
  ended: z.enum(['true', 'false']).optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})
