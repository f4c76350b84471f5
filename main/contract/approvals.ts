import { z } from 'zod'
import {
  historySchema,
  needsSchema,
  preparedTextSchema,
  previewSchema,
  standingLimitsSchema,
  standingUseSchema,
  statedReasonSchema,
  untrustedReadSchema,
} from './card.ts'
import { passkeyAssertionSchema } from './passkeys.ts'
import { personSchema, timeSchema } from './people.ts'
import { factsSchema, markSchema, ruleReferenceSchema } from './verdicts.ts'

/** `approved` is decided and not yet run; `used` has been sent. */
export const approvalStateSchema = z.enum(['pending', 'approved', 'denied', 'expired', 'withdrawn', 'used'])
export type ApprovalState = z.infer<typeof approvalStateSchema>

export const parameterSchema = z.object({
  /** Null is SQL NULL, or a value that is not shown. */
  text: z.string().nullable(),
  /** There is a value, and it is not shown: it is compared with a labelled column, or could not be decoded. */
  hidden: z.boolean(),
})

export const approvalDecisionSchema = z.object({
  decision: z.enum(['approve', 'deny']),
  by: personSchema,
  reason: z.string(),
  at: timeSchema,
  /** Masks were lifted for this one answer. */
  reveal: z.boolean(),
  /** Only of these labels; left out where all were. */
  revealLabels: z.array(z.string()).optional(),
})

/** One request to run one exact statement, with all that an approver is shown. */
export const approvalSchema = z.object({
  /** `#218`. */
  id: z.number().int(),
  /** Goes up with every change; send it with a decision to be sure that you decide what you saw. */
  revision: z.number().int(),
  state: approvalStateSchema,
  /** Verb, count, table: what. Made by the host from the facts, never from the agent's text. */
  sentence: z.string(),
  /** Worst first. While there is one, no button is filled. */
  warnings: z.array(z.string()),
  sql: z.string(),
  marks: z.array(markSchema),
  /** Stretches of `sql` (`[start, end)`, UTF-16 units) where a literal stood that is compared with a labelled column: dots stand there instead. */
  hidden: z.array(z.object({ start: z.number().int(), end: z.number().int() })),
  /** Bodies of prepared statements that the text runs by name. */
  prepared: z.array(preparedTextSchema),
  parameters: z.array(parameterSchema),
  requester: personSchema,
  /** What the client calls itself: the agent's words. */
  application: z.string(),
  /** The program that holds the token (`azp`), as the provider says. */
  client: z.string().nullable(),
  connection: z.string(),
  rule: ruleReferenceSchema.nullable(),
  /** What in the statement met the rule, in words. */
  because: z.array(z.string()),
  facts: factsSchema,
  labels: z.array(z.string()),
  /** Labels whose masks a decision may lift for this answer (`revealLabels`). */
  revealable: z.array(z.string()),
  /** If the statement touches more rows it is rolled back. */
  maxRows: z.number().int().nullable(),
  /** A decision must be signed with the approver's passkey. */
  passkey: z.boolean().optional(),
  /** Groups whose approvers may decide. */
  approvers: z.array(z.string()),
  needs: needsSchema,
  preview: previewSchema,
  history: historySchema,
  /** Tables with outsiders' text that the session read before, the first read of each. */
  untrusted: z.array(untrustedReadSchema),
  /** What the agent says that it wants: its words, never ours. */
  statedReason: statedReasonSchema.nullable(),
  standingLimits: standingLimitsSchema.nullable(),
  /** It was let pass by a standing approval. */
  standing: standingUseSchema.nullable(),
  askedAt: timeSchema,
  /** The client waits until then. */
  waitUntil: timeSchema,
  /** A decision still helps until then: the agent may come back with the same statement. */
  openUntil: timeSchema,
  /** A client is waiting at this moment. */
  waiting: z.boolean(),
  decision: approvalDecisionSchema.nullable(),
  sessionId: z.string(),
  /** The statement's number in that session, from 1. */
  statement: z.number().int(),
  mayDecide: z.boolean(),
  /** Why you may not, for you to read; null when you may. */
  whyNot: z.string().nullable(),
})
export type Approval = z.infer<typeof approvalSchema>

/** `GET /api/approvals`, oldest first unless `order=newest`. */
export const approvalListSchema = z.object({
  items: z.array(approvalSchema),
  /** Pass as `after` for the next page; null at the end. */
  next: z.string().nullable(),
})

export const approvalQuerySchema = z.object({
  state: approvalStateSchema.optional(),
  /** Only your own requests. */
  mine: z.enum(['true', 'false']).optional(),
  /** `oldest` first when left out. */
  order: z.enum(['oldest', 'newest']).optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
})

/** `POST /api/approvals/{id}/decision`. */
export const decisionRequestSchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  /** Recorded, and told to the agent when denied. */
  reason: z.string().max(2000).default(''),
  /** Lift the masks for this one answer. */
  reveal: z.boolean().default(false),
  /** Lift the masks of these labels only, each one of those that the statement touches. Other columns stay masked. */
  revealLabels: z.array(z.string()).min(1).max(100).optional(),
  /** What you had on screen; another one answers 409. */
  revision: z.number().int().optional(),
  /** Where the rule demands a passkey: the assertion for this very decision, from `POST /api/approvals/{id}/passkey`. */
  passkey: passkeyAssertionSchema.optional(),
  /** A lower ceiling than the rule's. */
  maxRows: z.number().int().positive().optional(),
  /** Approves the same statement of the same agent in advance: so often, this time included. Together with `forMinutes` whichever ends first. */
  times: z.number().int().min(1).max(100_000).optional(),
  /** … or for so long. */
  forMinutes: z.number().int().min(1).max(100_000).optional(),
})
export type DecisionRequest = z.input<typeof decisionRequestSchema>
