import { z } from 'zod'
import { personSchema, timeSchema } from './people.ts'
import { verbSchema } from './verdicts.ts'

/** A function of the team's own, with what an admin needs to vouch for it. */
export const teamFunctionSchema = z.object({
  /** `pg_proc.oid`. */
  oid: z.number().int(),
  /** `public.touch_customer(integer)`. */
  signature: z.string(),
  kind: z.enum(['function', 'procedure', 'window']),
  language: z.string(),
  volatility: z.enum(['immutable', 'stable', 'volatile']),
  /** It runs with its owner's rights. */
  securityDefiner: z.boolean(),
  /** The body as it was written. */
  source: z.string(),
  /** SHA-256 (hex) of the whole definition: what a vouch is for. */
  sha256: z.string(),
  /** What its body does, as far as it can be read. */
  does: z.object({
    verbs: z.array(verbSchema),
    relations: z.array(z.object({ name: z.string(), access: z.enum(['read', 'write']) })),
    columns: z.array(z.string()),
    /** Other functions of the team's that it calls: each needs a vouch of its own. */
    calls: z.array(z.string()),
    /** What of it cannot be told, in words; null when all of it was read. */
    unread: z.string().nullable(),
  }),
  /** Tables that run it by themselves: as a trigger, in a policy, a default, a check or an index. */
  runsOn: z.array(z.object({ kind: z.enum(['trigger', 'policy', 'default', 'check', 'index']), name: z.string(), table: z.string() })),
  /** `changed`: somebody vouched for another text than it has now. */
  state: z.enum(['vouched', 'not', 'changed']),
  /** Null where nobody did, or the configuration does. */
  vouch: z.object({ by: personSchema, at: timeSchema, reason: z.string(), sha256: z.string() }).nullable(),
})
export type TeamFunction = z.infer<typeof teamFunctionSchema>

/** `GET /api/connections/{name}/functions`. */
export const teamFunctionListSchema = z.object({ items: z.array(teamFunctionSchema) })

/** `POST /api/connections/{name}/functions/{fn}/vouch`. */
export const vouchRequestSchema = z.strictObject({
  /** What you have read; another one answers 409. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is the SHA-256 of the definition, as 64 hexadecimal digits'),
  /** Recorded. */
  reason: z.string().trim().min(1).max(2000),
})
