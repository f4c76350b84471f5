import { z } from 'zod'

const verdictSchema = z.object({ effect: z.enum(['allow', 'ask', 'deny']), policyVersion: z.string() })

/** The effect that a stored verdict (JSON) names. */
export function verdictEffect(body: Buffer): 'allow' | 'ask' | 'deny' {
  return verdictSchema.parse(JSON.parse(body.toString())).effect
}

/** The version of the policy that a stored verdict (JSON) was made by. */
export function verdictPolicy(body: Buffer): string {
  return verdictSchema.parse(JSON.parse(body.toString())).policyVersion
}
