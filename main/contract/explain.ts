import { z } from 'zod'
import { effectSchema, factsSchema, markSchema, ruleReferenceSchema } from './verdicts.ts'

/** `POST /api/explain`. Nothing is run. */
export const explainRequestSchema = z.strictObject({
  connection: z.string(),
  sql: z.string().min(1).max(1_000_000),
  /** Judge as someone in these groups; your own when left out. */
  groups: z.array(z.string()).optional(),
  /** Judge by this instead of what is in force: as in `POST /api/what-if`. */
  draft: z.union([z.string().max(1_000_000), z.record(z.string(), z.unknown())]).optional(),
})
export type ExplainRequest = z.infer<typeof explainRequestSchema>

export const explainResponseSchema = z.object({
  effect: effectSchema,
  /** Null when no rule matched, which denies, or when the text could not be read. */
  rule: ruleReferenceSchema.nullable(),
  policyVersion: z.string(),
  sentence: z.string(),
  because: z.array(z.string()),
  marks: z.array(markSchema),
  hint: z.string(),
  labels: z.array(z.string()),
  facts: factsSchema,
  /** The text could not be read: what a client would be told. `position` is a 1-based character offset. */
  error: z.object({ sqlstate: z.string(), message: z.string(), position: z.number().int().nullable() }).nullable(),
})
export type ExplainResponse = z.infer<typeof explainResponseSchema>
