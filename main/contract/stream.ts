import { z } from 'zod'
import { agentListSchema } from './agents.ts'
import { approvalSchema } from './approvals.ts'
import { healthSchema } from './health.ts'
import { sessionSchema } from './sessions.ts'

/**
 * `GET /api/stream`, server-sent events. The event's name is `type`, its data is this object. `reset` says that some were missed
 * (a reconnect that came too late): read the lists again.
 */
export const streamEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('approval'), approval: approvalSchema }),
  z.object({ type: z.literal('session'), session: sessionSchema }),
  z.object({ type: z.literal('health'), health: healthSchema }),
  /** An agent connected, left, was paused or resumed; only to those who have a role. */
  z.object({ type: z.literal('agents'), agents: agentListSchema }),
  /** Another version is in force; only to those who have a role. */
  z.object({ type: z.literal('configuration'), version: z.number().int() }),
  z.object({ type: z.literal('reset') }),
])
export type StreamEvent = z.infer<typeof streamEventSchema>
