import { z } from 'zod'
import { maskFormSchema } from './masking.ts'

export const catalogColumnSchema = z.object({
  name: z.string(),
  /** `pg_type.typname`; `text[]` for arrays. */
  type: z.string(),
  /** What it is masked as, by whatever way: named, by a pattern of names, through a view, a foreign key or what has followed there. */
  label: z.string().nullable(),
  form: maskFormSchema.nullable(),
  /** The forms that its type can have; with another one it is masked as `redact`. */
  forms: z.array(maskFormSchema),
  /** What its name says, for people; null: nothing. */
  looksLike: z.string().nullable(),
  suggestedLabel: z.string().nullable(),
})
export type CatalogColumn = z.infer<typeof catalogColumnSchema>

export const catalogTableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'view', 'materialized view', 'partitioned table', 'foreign table']),
  /** Outsiders wrote its text. */
  untrusted: z.boolean(),
  columns: z.array(catalogColumnSchema),
})
export type CatalogTable = z.infer<typeof catalogTableSchema>

/** `GET /api/connections/{name}/catalog`: the team's own tables and views, by schema and name. No value is in it. */
export const catalogSchema = z.object({ connection: z.string(), tables: z.array(catalogTableSchema) })
export type ConnectionCatalog = z.infer<typeof catalogSchema>

/** `GET /api/masking/patterns`: the patterns that Sallyport brings along, whether they are used or not. */
export const builtInPatternsSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      what: z.string(),
      /** How many ordinary values it hits, as measured, in words. */
      falsePositives: z.string(),
    }),
  ),
})
export type BuiltInPatterns = z.infer<typeof builtInPatternsSchema>

/** `POST /api/masking/patterns/test`: what these patterns find in a text, by the gateway's own search. Nothing is stored. */
export const testPatternsRequestSchema = z.strictObject({
  text: z.string().max(20_000),
  /** As in the configuration: `regex` left out means the built-in one of this name. */
  patterns: z
    .array(z.strictObject({ name: z.string().min(1).max(63), regex: z.string().max(2000).optional(), mask: maskFormSchema }))
    .max(50),
})
export const testPatternsSchema = z.object({
  hits: z.array(
    z.object({
      /** Of the text, in UTF-16 code units, as a browser counts. */
      start: z.number().int(),
      end: z.number().int(),
      pattern: z.string(),
      /** What an agent gets instead. Null: the whole value becomes NULL. Tokens are examples: their key is made for this one test. */
      replacement: z.string().nullable(),
    }),
  ),
})
export type PatternHits = z.infer<typeof testPatternsSchema>
