import { z } from 'zod'
import { VERBS } from '../../proxy/statement/facts.ts'

export const verbSchema = z.enum(VERBS)
export const effectSchema = z.enum(['allow', 'ask', 'deny'])

/** The rule that decided, as people are shown it. */
export const ruleReferenceSchema = z.object({
  /** `agents-on-shop/3`. */
  id: z.string(),
  /** From 1. */
  place: z.number().int(),
  /** The rule's own words; null when its author gave none. */
  reason: z.string().nullable(),
  /** The rule as a sentence, made by the host. */
  sentence: z.string(),
})
export type RuleReference = z.infer<typeof ruleReferenceSchema>

/** A stretch of the SQL text, in UTF-16 units, `[start, end)`. */
export const markSchema = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  /** `rule`: the clause that met the rule. `label`: a labelled column. */
  kind: z.enum(['rule', 'label']),
  /** Why in plain words, or the label's name. */
  text: z.string(),
})
export type Mark = z.infer<typeof markSchema>

export const relationSchema = z.object({
  /** `public.customers`. */
  name: z.string(),
  access: z.enum(['read', 'write']),
  /** The view or parent that it was reached through. */
  via: z.string().nullable(),
})

export const columnSchema = z.object({
  /** `public.customers.ssn`; `*` is the whole row. */
  name: z.string(),
  /** `shows`: it comes out, masked if labelled. `uses`: a predicate, join, order, or expression looks at it. */
  how: z.enum(['shows', 'uses']),
  label: z.string().nullable(),
})

/** What the host read in a statement: the same on a card, in a replay, and in Try it. */
export const factsSchema = z.object({
  verbs: z.array(verbSchema),
  relations: z.array(relationSchema),
  columns: z.array(columnSchema),
  /** What could not be proved harmless, in words. */
  unknown: z.array(z.string()),
})
export type Facts = z.infer<typeof factsSchema>
