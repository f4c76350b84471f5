import { z } from 'zod'

/** A connection without its credential, which is written and never read. */
export const connectionSchema = z.object({
  name: z.string(),
  engine: z.string(),
  host: z.string(),
  port: z.number().int(),
  database: z.string(),
  user: z.string(),
  passwordSet: z.boolean(),
  tls: z.enum(['disable', 'require', 'verify-full']),
  groups: z.array(z.string()),
  limits: z.object({
    statementTimeoutMs: z.number().int(),
    rows: z.number().int(),
    resultBytes: z.number().int(),
    connectionsPerPerson: z.number().int(),
  }),
})
export type Connection = z.infer<typeof connectionSchema>

/** `GET /api/connections`. */
export const connectionListSchema = z.object({
  items: z.array(connectionSchema),
  /** What an agent connects to: `127.0.0.1:6432`. */
  proxy: z.string(),
})
