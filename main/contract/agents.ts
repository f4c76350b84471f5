import { z } from 'zod'
import { personSchema, timeSchema } from './people.ts'

/** Agents were told to stop: by whom, when, why. In force until somebody resumes, also over a restart. */
export const pauseSchema = z.object({ at: timeSchema, by: personSchema, reason: z.string() })
export type Pause = z.infer<typeof pauseSchema>

/** An agent that has connected here at least once. Issuer, subject and client together tell one from another. */
export const agentSchema = personSchema.extend({
  kind: z.literal('agent'),
  /** The program that holds the token (`azp`), as the provider says; null where it does not. */
  client: z.string().nullable(),
  /** The person whose own token this agent holds; null when it has one of its own. */
  onBehalfOf: z.object({ issuer: z.string(), subject: z.string() }).nullable(),
  groups: z.array(z.string()),
  firstSeen: timeSchema,
  /** The last log-in, or now while it has a live session. */
  lastSeen: timeSchema,
  /** Ids of its sessions that are connected now. */
  liveSessions: z.array(z.string()),
  /** This agent by itself; whether all are paused stands in the list. */
  paused: pauseSchema.nullable(),
})
export type Agent = z.infer<typeof agentSchema>

/** `GET /api/agents`, last seen first; also the answer of pause and resume. */
export const agentListSchema = z.object({
  items: z.array(agentSchema),
  /** All agents are paused, those too that have not been seen yet. */
  paused: pauseSchema.nullable(),
  /** There are more agents than are listed (1,000). */
  more: z.boolean(),
})
export type AgentList = z.infer<typeof agentListSchema>

/** Which agent; `client` left out means each of the subject's programs. */
const agentReference = z.strictObject({
  issuer: z.string().min(1).max(2000),
  subject: z.string().min(1).max(2000),
  client: z.string().min(1).max(2000).optional(),
})

/** `POST /api/agents/pause`. Without `agent`: all of them, known or not. Live sessions end, log-ins are refused, held requests are withdrawn. */
export const pauseAgentsRequestSchema = z.strictObject({
  agent: agentReference.optional(),
  /** Told to the agent, and recorded. */
  reason: z.string().trim().min(1).max(500),
})
export type PauseAgentsRequest = z.input<typeof pauseAgentsRequestSchema>

/** `POST /api/agents/resume`. Without `agent`: ends the pause of all; an agent that was paused by itself stays so. */
export const resumeAgentsRequestSchema = z.strictObject({ agent: agentReference.optional() })
export type ResumeAgentsRequest = z.input<typeof resumeAgentsRequestSchema>

export const pauseAgentsResponseSchema = agentListSchema.extend({
  /** Sessions that were ended by this call. */
  ended: z.number().int(),
  /** Requests for approval that were withdrawn by this call. */
  withdrawn: z.number().int(),
})
export type PauseAgentsResponse = z.infer<typeof pauseAgentsResponseSchema>
