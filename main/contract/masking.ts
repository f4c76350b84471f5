import { z } from 'zod'

export const maskFormSchema = z.enum(['redact', 'partial', 'null', 'token'])

/** `GET /api/masking`. */
export const maskingSchema = z.object({
  labels: z.array(
    z.object({ connection: z.string(), label: z.string(), mask: maskFormSchema, predicates: z.boolean(), columns: z.array(z.string()) }),
  ),
  patterns: z.array(z.object({ name: z.string(), mask: maskFormSchema, regex: z.string().nullable(), builtIn: z.boolean() })),
  /** Tables whose text outsiders wrote. */
  untrusted: z.array(z.object({ connection: z.string(), tables: z.array(z.string()) })),
})
export type Masking = z.infer<typeof maskingSchema>
