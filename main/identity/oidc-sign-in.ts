import * as client from 'openid-client'
import { wordOf } from './check-people.ts'
import { type Claims, identityOf } from './claims.ts'
import type { OidcClient } from './oidc-client.ts'
import type { PendingSignIn } from './pending-sign-ins.ts'
import type { VerifiedIdentity } from './verified-identity.ts'
import type { ProviderWord } from './web-sessions.ts'

export interface OidcRequest {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly fresh: boolean
  /** How old the provider's own session may be, in ms. */
  readonly maxAgeMs: number
}

/** The address at the provider: authorisation code with PKCE (RFC 7636), state and nonce. Throws when the provider cannot be asked. */
export async function beginOidc(oidc: OidcClient, request: OidcRequest, now: number): Promise<string> {
  const url = client.buildAuthorizationUrl(await oidc.configuration(now), {
    redirect_uri: request.redirectUri,
    response_type: 'code',
    scope: oidc.provider.scopes.join(' '),
    code_challenge: await client.calculatePKCECodeChallenge(request.verifier),
    code_challenge_method: 'S256',
    state: request.state,
    nonce: request.nonce,
    // Asking for an age at all makes `auth_time` part of the answer (OpenID Connect Core 1.0 section 2).
    max_age: String(Math.floor(request.maxAgeMs / 1000)),
    ...(request.fresh ? { prompt: 'login' } : {}),
  })
  return url.href
}

export interface ProvedSignIn {
  readonly who: VerifiedIdentity
  readonly word: ProviderWord
}

/** Whom the provider's answer proves: state, nonce, PKCE, and the issuer (RFC 9207). `current`: the whole address that it sent back to. */
export async function proveOidc(oidc: OidcClient, current: URL, pending: PendingSignIn, now: number): Promise<ProvedSignIn> {
  const server = await oidc.configuration(now)
  const tokens = await client.authorizationCodeGrant(server, current, {
    pkceCodeVerifier: pending.verifier,
    expectedState: current.searchParams.get('state') ?? '',
    expectedNonce: pending.nonce,
    idTokenExpected: true,
  })
  const idToken = tokens.claims()
  if (idToken === undefined) throw new Error('the answer holds no ID token')
  let claims: Claims = idToken
  if (server.serverMetadata().userinfo_endpoint !== undefined && !claimsComplete(claims, oidc)) {
    const info = await client.fetchUserInfo(server, tokens.access_token, idToken.sub)
    claims = { ...info, ...idToken }
  }
  // An ID token's `azp` is our own client, not the program that holds an access token.
  const { azp: _ours, client_id: _alsoOurs, ...person } = claims
  return { who: identityOf(person, oidc.provider), word: wordOf(tokens, now) }
}

/** Many providers give groups and names only at the userinfo endpoint. */
function claimsComplete(claims: Claims, { provider }: OidcClient): boolean {
  const present = (claim: string) => Object.hasOwn(claims, claim) || Object.hasOwn(claims, claim.split('.')[0] ?? claim)
  return present(provider.claims.groups) && present(provider.claims.name)
}

/** For the person: the provider's own error code where there is one (RFC 6749 section 4.1.2.1), never what it sent beside. */
export function reasonFor(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError && /^[a-z_]{1,40}$/.test(error.error)) return `${error.error}.`
  return 'its answer could not be accepted. The host’s log says why.'
}
