import { z } from 'zod'
import { timeSchema } from './people.ts'
import { effectSchema } from './verdicts.ts'

/** `POST /api/what-if`. Nothing is run. */
export const whatIfRequestSchema = z.strictObject({
  /** `policies`, and if they change too `sensitive`, `untrusted`, `vouched`, `patterns`: as YAML or JSON text, or as the object itself. */
  draft: z.union([z.string().max(1_000_000), z.record(z.string(), z.unknown())]),
  from: timeSchema,
  to: timeSchema,
  connection: z.string().optional(),
})

const count = z.number().int()

export const whatIfResponseSchema = z.object({
  /** Each text once in a session. */
  judged: count,
  /** By verdict as it was and as it would be now; only pairs that occur. */
  totals: z.array(z.object({ was: effectSchema, now: effectSchema, statements: count })),
  /** By shape (the statement without its constants), those that change first; 500 at most. */
  groups: z.array(
    z.object({
      shape: z.string(),
      connection: z.string(),
      was: effectSchema,
      now: effectSchema,
      changed: z.boolean(),
      /** The draft's rule; null: none matched, which denies, or the text could not be read. */
      rule: z.string().nullable(),
      because: z.array(z.string()),
      example: z.string(),
      statements: count,
      people: count,
      lastAt: timeSchema,
    }),
  ),
  /** EXECUTE, FETCH and their like: what they stood for then is not told by their text. Not judged. */
  unclear: count,
  /** There was more than one call looks at (20,000 statements, 15 seconds): the newest were looked at. */
  cut: z.boolean(),
})
