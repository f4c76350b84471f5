import { z } from 'zod'
import { pauseSchema } from './agents.ts'
import { timeSchema } from './people.ts'

/** `GET /api/health`. Without a sign-in only `status`. */
export const healthSchema = z.object({
  /** `trouble`: something stands still or will; the sentences are in `detail.trouble`. */
  status: z.enum(['ok', 'trouble']),
  detail: z
    .object({
      version: z.string(),
      startedAt: timeSchema,
      /** Sentences for people, worst first; shown on every page. */
      trouble: z.array(z.string()),
      /** All agents are paused; null or missing while they are not. */
      agentsPaused: pauseSchema.nullish(),
      liveSessions: z.number().int(),
      pendingApprovals: z.number().int(),
      recorder: z.object({
        writing: z.boolean(),
        journalBytes: z.number().int(),
        /** How far search and replay are behind the record, in bytes. */
        behindBytes: z.number().int(),
        /** The slowest write of the last minute, in milliseconds. */
        slowestWriteMs: z.number(),
      }),
      /** SHA-256 of the certificates that clients and browsers meet, `AB:CD:…`; null where there is none. */
      tls: z.object({ proxy: z.string().nullable(), web: z.string().nullable() }).optional(),
      /** Notifications out: how many wait, and how many were given up. */
      notify: z.object({ waiting: z.number().int(), failed: z.number().int() }).optional(),
      /** The stream to a SIEM; null or missing where there is none. */
      siem: z
        .object({
          delivering: z.boolean(),
          behindEvents: z.number().int(),
          /** How old the oldest event is that was not delivered yet, in milliseconds. */
          lagMs: z.number().int(),
        })
        .nullish(),
    })
    .optional(),
})
export type Health = z.infer<typeof healthSchema>
