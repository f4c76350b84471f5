import { GatewayError } from '../../proxy/errors.ts'
import type { Decider } from '../approvals/decider.ts'
import type { Role } from '../contract/people.ts'
import { csrfProblem } from '../identity/csrf.ts'
import { rolesOf } from '../identity/roles.ts'
import type { VerifiedIdentity } from '../identity/verified-identity.ts'
import type { ApiContext } from './api-context.ts'
import { ApiProblem } from './api-problem.ts'
import { addressOf } from './remote-address.ts'

/** Who calls, proved. */
export interface Caller {
  readonly who: VerifiedIdentity
  readonly roles: readonly Role[]
  /** The session cookie's value, or undefined for a bearer token. */
  readonly cookieValue: string | undefined
  /** From where, as the host saw it; empty when that is not known. */
  readonly address: string
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Undefined when nobody signed in. Throws `ApiProblem` for a bad token (401), a write that another site sent (403), and too many calls (429). */
export async function findCaller(context: ApiContext, request: Request): Promise<Caller | undefined> {
  const { config, identities, signIn, origin } = context
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const token = /^Bearer +([^\s]+)$/i.exec(authorization)?.[1]
    if (token === undefined) throw new ApiProblem(401, 'token-invalid', 'The header Authorization has to be "Bearer" and a token.')
    const who = await identities.verify(token).catch((error: unknown) => {
      if (error instanceof GatewayError && error.code === 'token-invalid')
        throw new ApiProblem(401, 'token-invalid', sentence(error.message))
      throw error
    })
    return limited(context, { who, roles: rolesOf(who, config.current().roles), cookieValue: undefined, address: addressOf(request) })
  }
  const signedIn = signIn.whoIs(request.headers.get('cookie'))
  if (signedIn === undefined) return undefined
  const { who, cookieValue } = signedIn
  if (!SAFE.has(request.method)) {
    const problem = csrfProblem(request.headers, origin(), cookieValue)
    if (problem !== undefined) throw new ApiProblem(403, 'other-site', `This change did not come from our own page: ${problem}.`)
  }
  return limited(context, { who, roles: rolesOf(who, config.current().roles), cookieValue, address: addressOf(request) })
}

/** One identity among others, for limits. */
export const keyOf = ({ who }: Pick<Caller, 'who'>): string => `${who.kind} ${who.issuer} ${who.subject}`

function limited({ limits }: ApiContext, caller: Caller): Caller {
  limits.take('identity', keyOf(caller))
  return caller
}

export function deciderOf({ who, roles }: Caller): Decider {
  const { issuer, subject, name, kind, groups, authTime, verifiedEmail } = who
  return { issuer, subject, name, kind, groups, roles, signInAt: authTime, verifiedEmail }
}

export const isOwn = (caller: Caller, of: { readonly issuer: string; readonly subject: string }): boolean =>
  caller.who.issuer === of.issuer && caller.who.subject === of.subject

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}
