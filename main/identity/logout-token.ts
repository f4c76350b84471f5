import { decodeJwt, type JWTPayload, jwtVerify } from 'jose'
import { providerUnavailable, tokenRefusals } from './token-refusals.ts'
import { ALGORITHMS, MAX_TOKEN_BYTES, type TrustedProvider } from './verify-token.ts'

/** Which sessions a provider wants ended (OpenID Connect Back-Channel Logout 1.0 section 2.4): one, or all of somebody's. */
export interface LogoutOrder {
  readonly issuer: string
  readonly subject: string | undefined
  readonly sid: string | undefined
  /** Tells a repeated token. */
  readonly id: string
  /** Until when it could be repeated, in ms. */
  readonly until: number
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const SKEW_S = 30
/** Section 2.4: at most two minutes are recommended; an old one is no order. */
const MAX_AGE_S = 300

/**
 * Proves a logout token by the steps of section 2.6. Throws `GatewayError`: `token-invalid` that says what was wrong, `upstream-unavailable` when the
 * provider's keys cannot be had. Whether it was used before is the caller's to know.
 */
export async function verifyLogoutToken(token: string, providers: ReadonlyMap<string, TrustedProvider>, now: number): Promise<LogoutOrder> {
  if (token.length > MAX_TOKEN_BYTES) throw tokenRefusals.tooLong(MAX_TOKEN_BYTES)
  const provider = providers.get(issuerOf(token) ?? '')
  if (provider === undefined) throw tokenRefusals.issuer(issuerOf(token))
  const keys = await provider.keys.resolver().catch((cause: unknown) => {
    throw providerUnavailable(provider.config.name, cause)
  })
  const options = {
    algorithms: [...ALGORITHMS],
    issuer: provider.config.issuer,
    audience: provider.config.clientId,
    clockTolerance: SKEW_S,
    maxTokenAge: MAX_AGE_S,
    currentDate: new Date(now),
    requiredClaims: ['iat', 'jti', 'events'],
  }
  const { payload, protectedHeader } = await jwtVerify(token, keys, options).catch((cause: unknown) => {
    throw tokenRefusals.malformed(cause instanceof Error ? cause.message : 'it cannot be proved')
  })
  const type = protectedHeader.typ?.toLowerCase()
  if (type !== undefined && type !== 'logout+jwt' && type !== 'application/logout+jwt' && type !== 'jwt') throw tokenRefusals.type(type)
  if (payload['nonce'] !== undefined) throw tokenRefusals.malformed('it is no logout token: it has a nonce')
  if (!ordersLogout(payload)) throw tokenRefusals.malformed('it is no logout token: its events do not say so')
  const { sub, jti = '', exp, iat = 0 } = payload
  const sid = typeof payload['sid'] === 'string' ? payload['sid'] : undefined
  if (sub === undefined && sid === undefined) throw tokenRefusals.claim('sub')
  return {
    issuer: provider.config.issuer,
    subject: sub,
    sid,
    id: `${provider.config.issuer} ${jti}`,
    until: ((exp ?? iat + MAX_AGE_S) + SKEW_S) * 1000,
  }
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function ordersLogout(payload: JWTPayload): boolean {
  const { events } = payload
  return events !== null && typeof events === 'object' && Object.hasOwn(events, EVENT)
}
