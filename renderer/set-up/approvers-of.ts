import { z } from 'zod'

const rolesSchema = z.object({ roles: z.object({ approver: z.array(z.string()).optional() }).optional() })

/** The groups of `roles.approver` in a configuration. */
export function approversOf(json: unknown): readonly string[] {
  const parsed = rolesSchema.safeParse(json)
  return parsed.success ? (parsed.data.roles?.approver ?? []) : []
}
