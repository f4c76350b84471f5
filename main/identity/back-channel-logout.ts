import { GatewayError } from '../../proxy/errors.ts'
import type { Clock, Log } from '../../proxy/ports.ts'
import { type Audit, HOST_ACTOR } from '../audit/audit.ts'
import type { TokenIdentities } from './create-identities.ts'
import type { Revocations } from './revocations.ts'
import type { WebSessions } from './web-sessions.ts'

export const BACK_CHANNEL_PATH = '/auth/back-channel-logout'
const REMEMBERED = 10_000

export interface BackChannelOptions {
  readonly identities: Pick<TokenIdentities, 'verifyLogout'>
  readonly sessions: Pick<WebSessions, 'endOf'>
  readonly revocations: Pick<Revocations, 'revoke'>
  readonly audit: Audit
  readonly clock: Clock
  readonly log: Log
}

/**
 * `POST /auth/back-channel-logout`: a provider ends sessions (OpenID Connect Back-Channel Logout 1.0). One sign-in (`sid`) or, without it, all of a
 * person's: then tokens that they handed to agents count no more either. Answers 200, or 400 that says what was wrong (section 2.8).
 */
export function createBackChannelLogout(options: BackChannelOptions): (form: URLSearchParams) => Promise<Response> {
  const { identities, sessions, revocations, audit, clock, log } = options
  const used = new Map<string, number>()
  /** False when it was used before. */
  const firstUse = (id: string, until: number): boolean => {
    const now = clock.now()
    for (const [old, end] of used) if (end < now || used.size >= REMEMBERED) used.delete(old)
    if (used.has(id)) return false
    used.set(id, until)
    return true
  }

  return async (form) => {
    try {
      const order = await identities.verifyLogout(form.get('logout_token') ?? '')
      if (!firstUse(order.id, order.until)) return refuse(400, 'the logout token was used before')
      const { issuer, subject, sid } = order
      const ended = sessions.endOf(issuer, { subject, sid })
      if (sid === undefined && subject !== undefined) revocations.revoke({ issuer, subject }, null)
      audit.record(HOST_ACTOR, 'web-session-ended', { issuer, subject: subject ?? null, why: 'the provider ended it', sessions: ended })
      log.info('sign-in.ended-by-provider', { issuer, subject: subject ?? '', sessions: ended })
      return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return refuse(error.code === 'token-invalid' ? 400 : 503, error.message)
    }
  }
}

function refuse(status: number, description: string): Response {
  const body = { error: 'invalid_request', error_description: description }
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
