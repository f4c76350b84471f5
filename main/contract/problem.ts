import { z } from 'zod'

/** An error of the API, `application/problem+json` (RFC 9457). */
export const problemSchema = z.object({
  /** A stable name: `about:blank` or `urn:sallyport:problem:not-yours`. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** For people: what happened, what follows, what to do. */
  detail: z.string(),
  /** Which fields of the request were wrong. */
  errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problemSchema>
