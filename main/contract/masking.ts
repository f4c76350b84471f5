import { z } from 'zod'
import { versionNumberSchema } from './configuration.ts'

export const maskFormSchema = z.enum(['redact', 'partial', 'null', 'token'])

/** `GET /api/masking`. */
export const maskingSchema = z.object({
  /** Of the configuration: what `PUT /api/masking` asks for. */
  version: versionNumberSchema,
  /** The sections as they stand in the configuration, for editors. */
  source: z.object({
    sensitive: z.array(z.record(z.string(), z.unknown())),
    untrusted: z.array(z.record(z.string(), z.unknown())),
    patterns: z.array(z.record(z.string(), z.unknown())),
    vouched: z.array(z.record(z.string(), z.unknown())),
  }),
  labels: z.array(
    z.object({ connection: z.string(), label: z.string(), mask: maskFormSchema, predicates: z.boolean(), columns: z.array(z.string()) }),
  ),
  patterns: z.array(z.object({ name: z.string(), mask: maskFormSchema, regex: z.string().nullable(), builtIn: z.boolean() })),
  /** Tables whose text outsiders wrote. */
  untrusted: z.array(z.object({ connection: z.string(), tables: z.array(z.string()) })),
})
export type Masking = z.infer<typeof maskingSchema>

/** A label that the host has seen go where the configuration does not name it. */
export const followedLabelSchema = z.object({
  id: z.number().int().positive(),
  connection: z.string(),
  label: z.string(),
  /** The mask that the configuration gives this label; null: it has no such label any more, and this one does nothing. */
  mask: maskFormSchema.nullable(),
  /** `public.audit.body`, as it is called now; without a schema while the table has not been seen. */
  column: z.string(),
  /** `copied`: a statement stored a labelled value there. `renamed`: the column, its table or what it belongs to was changed. */
  why: z.enum(['copied', 'renamed']),
  /** What it was copied from, or what it was called. */
  source: z.string(),
  /** False: the values are computed from what had the label. */
  plain: z.boolean(),
  /** Of the statement; null for what was renamed. */
  session: z.string().nullable(),
  at: z.iso.datetime(),
})
export type FollowedLabel = z.infer<typeof followedLabelSchema>

/** `GET /api/masking/followed`: the newest first. */
export const followedLabelListSchema = z.object({ items: z.array(followedLabelSchema) })

/** `POST /api/masking/preview`. `table`: `schema.name`. */
export const maskPreviewRequestSchema = z.strictObject({
  connection: z.string().min(1),
  table: z.string().min(3).max(200),
  limit: z.number().int().min(1).max(50).default(10),
  /** Also the rows as they are: for an admin who has just signed in. */
  before: z.boolean().default(false),
  /** As if these were all of the connection's labels. Like `before`, only after a recent sign-in: they could leave a column without one. */
  labels: z
    .array(
      z.strictObject({
        label: z.string().min(1).max(63),
        mask: maskFormSchema,
        predicates: z.boolean().default(false),
        columns: z.array(z.string().min(5).max(200)).max(5000),
      }),
    )
    .max(500)
    .optional(),
})
export type MaskPreviewRequest = z.input<typeof maskPreviewRequestSchema>

const rowsSchema = z.array(z.array(z.string().nullable()))

export const maskPreviewSchema = z.object({
  table: z.string(),
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      label: z.string().nullable(),
      form: maskFormSchema.nullable(),
      /** Why the form does not fit the type, and what is done instead. */
      note: z.string().nullable(),
    }),
  ),
  /** Patterns that are looked for in the other columns. */
  patterns: z.array(z.string()),
  /** Labels and patterns that were masked in these rows. */
  masked: z.array(z.string()),
  /** Null: not asked for. Long values are cut to 2,000 characters. */
  before: rowsSchema.nullable(),
  after: rowsSchema,
  policyVersion: z.string(),
})
export type MaskPreview = z.infer<typeof maskPreviewSchema>

/** `GET /api/masking/unprotected?connection=`. No value is in it. */
export const unprotectedSchema = z.object({
  connection: z.string(),
  columns: z.array(
    z.object({
      /** `schema.table.column`. */
      column: z.string(),
      type: z.string(),
      /** What its name says, for people; null: nothing. */
      looksLike: z.string().nullable(),
      suggestedLabel: z.string().nullable(),
      /** Values that were looked at, NULLs left out. */
      values: z.number().int(),
      /** Built-in patterns found in them. `searchedFor`: the configuration looks for it already, so these values are masked where they stand. */
      patterns: z.array(z.object({ pattern: z.string(), hits: z.number().int(), searchedFor: z.boolean() })),
    }),
  ),
  /** Tables whose values could not be looked at. */
  skipped: z.array(z.object({ table: z.string(), why: z.string() })),
  tables: z.number().int(),
  /** Columns without a label, in all. */
  unlabelled: z.number().int(),
  /** Rows that were read of each table at most. */
  sampleRows: z.number().int(),
})
export type Unprotected = z.infer<typeof unprotectedSchema>
