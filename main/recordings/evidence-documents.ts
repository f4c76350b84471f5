import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Signed } from './signing-key.ts'

/** What is signed. `key` is the id of the key; hashes are SHA-256 in hex; times are milliseconds since the epoch; `sallyport` says which kind it is. */
const base = { version: z.literal(1), key: z.string(), at: z.number().int() }
const count = z.number().int().nonnegative()

/** How far the journal goes: `hash` is that of the last batch before byte `offset` of segment `segment`. */
export const headSchema = z.strictObject({
  sallyport: z.literal('head'),
  ...base,
  /** From 1, without gaps. */
  number: z.number().int().positive(),
  segment: count,
  offset: count,
  hash: z.string(),
  /** The number of the last removal by then; 0: none. */
  removals: count,
  /** Hash of the head before this one; of the first, zeros. */
  previous: z.string(),
})
export type Head = z.infer<typeof headSchema>

/** How far one session's chain goes. */
export const sealSchema = z.strictObject({
  sallyport: z.literal('session-head'),
  ...base,
  session: z.string(),
  events: count,
  head: z.string(),
  ended: z.boolean(),
})
export type Seal = z.infer<typeof sealSchema>

const removedSessionSchema = z.strictObject({
  id: z.string(),
  connection: z.string(),
  issuer: z.string(),
  subject: z.string(),
  startedAt: z.number().int(),
  endedAt: z.number().int(),
  statements: count,
  events: count,
  head: z.string(),
})

/** The stub that retention leaves. */
export const removalSchema = z.strictObject({
  sallyport: z.literal('removal'),
  ...base,
  /** From 1, without gaps. */
  number: z.number().int().positive(),
  why: z.enum(['age', 'size', 'age and size']),
  sessions: z.array(removedSessionSchema),
  /** Segments up to `through` are gone, now or earlier; `hash` is that of the last batch in them; `starts` that of the list of open sessions behind them. */
  journal: z.strictObject({ through: count, hash: z.string(), starts: z.string() }).nullable(),
  /** Heads up to `through` are gone, now or earlier; `hash` is that of the last of them. */
  heads: z.strictObject({ through: count, hash: z.string() }).nullable(),
  /** Hash of the removal before this one; of the first, zeros. */
  previous: z.string(),
})
export type Removal = z.infer<typeof removalSchema>

/** Where the chain of a session that was open stood when a segment began. */
export const startsSchema = z.array(z.strictObject({ id: z.string(), events: count, head: z.string() }))
export type Starts = z.infer<typeof startsSchema>

/** What the first of a row of documents names as the one before it. */
export const NO_DOCUMENT = '0'.repeat(64)

/** SHA-256 (hex) over the document's bytes: what the next one names. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The document if it is one of this kind. */
export function readDocument<T>(schema: z.ZodType<T>, { body }: Signed): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(body))
    return parsed.success ? parsed.data : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
