import { z } from 'zod'
import { versionNumberSchema } from './configuration.ts'
import { effectSchema, verbSchema } from './verdicts.ts'

export const ruleSchema = z.object({
  id: z.string(),
  place: z.number().int(),
  effect: effectSchema,
  /** The whole rule as one sentence, made by the host. */
  sentence: z.string(),
  statements: z.array(verbSchema).nullable(),
  tables: z.array(z.string()).nullable(),
  touches: z.array(z.string()).nullable(),
  shows: z.array(z.string()).nullable(),
  uses: z.array(z.string()).nullable(),
  without: z.literal('where').nullable(),
  functions: z.array(z.string()).nullable(),
  /** Holds only when the session has read a table of `untrusted:` before. */
  afterUntrusted: z.boolean(),
  hours: z.object({ fromMinute: z.number().int(), toMinute: z.number().int(), days: z.array(z.number().int()).nullable() }).nullable(),
  approvers: z.array(z.string()),
  waitMs: z.number().int(),
  /** So many people have to agree. */
  approvals: z.number().int(),
  /** Each decision is signed with a passkey. */
  passkey: z.boolean(),
  maxRows: z.number().int().nullable(),
  message: z.string().nullable(),
  reason: z.string().nullable(),
  /** Line in the configuration file, from 1. */
  line: z.number().int().nullable(),
})
export type PolicyRule = z.infer<typeof ruleSchema>

/** `GET /api/policies`. Nothing matches: denied. */
export const policiesSchema = z.object({
  /** Of the configuration: what `PUT /api/policies` asks for. */
  version: versionNumberSchema,
  /** What verdicts name, over all connections. */
  policyVersion: z.string(),
  /** The sections as they stand in the configuration, for editors. */
  source: z.object({ policies: z.array(z.record(z.string(), z.unknown())), tests: z.array(z.record(z.string(), z.unknown())) }),
  policies: z.array(
    z.object({
      name: z.string(),
      groups: z.array(z.string()),
      connections: z.array(z.string()),
      rules: z.array(ruleSchema),
    }),
  ),
})
export type Policies = z.infer<typeof policiesSchema>
