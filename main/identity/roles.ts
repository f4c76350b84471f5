import type { Identity } from '../../proxy/ports.ts'
import type { RolesConfig } from '../config.ts'
import type { Role } from '../contract/people.ts'

const ROLES: readonly Role[] = ['admin', 'approver', 'viewer']

/** What someone may do in Sallyport itself. An agent holds no role, whatever groups it carries. */
export function rolesOf(who: Pick<Identity, 'kind' | 'groups'>, roles: RolesConfig): readonly Role[] {
  if (who.kind !== 'person') return []
  return ROLES.filter((role) => roles[role].some((group) => who.groups.includes(group)))
}
