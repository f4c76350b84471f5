import { z } from 'zod'

const verdictSchema = z.object({ effect: z.enum(['allow', 'ask', 'deny']) })

/** The effect that a stored verdict (JSON) names. */
export function verdictEffect(body: Buffer): 'allow' | 'ask' | 'deny' {
  return verdictSchema.parse(JSON.parse(body.toString())).effect
}
