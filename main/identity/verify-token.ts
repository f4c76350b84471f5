import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose'
import type { GatewayError } from '../../proxy/errors.ts'
import type { ProviderConfig } from '../config.ts'
import { type Claims, identityOf } from './claims.ts'
import type { ProviderKeys } from './provider-keys.ts'
import { providerUnavailable, tokenRefusals } from './token-refusals.ts'
import type { VerifiedIdentity } from './verified-identity.ts'

/** Asymmetric only: with HS* the public key would be the secret, and `none` proves nothing (RFC 8725 section 3.1). */
export const ALGORITHMS: readonly string[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** RFC 9068 section 2.1, and `JWT` or nothing as most providers write. Logout tokens, DPoP proofs and their like are not access tokens. */
const TYPES = new Set(['jwt', 'at+jwt', 'application/at+jwt'])

export const MAX_TOKEN_BYTES = 16 * 1024
const SKEW_S = 30

export interface TrustedProvider {
  readonly config: ProviderConfig
  readonly keys: ProviderKeys
}

interface Opened {
  readonly header: { readonly alg?: unknown; readonly typ?: unknown }
  readonly claims: JWTPayload
}

/** The token's parts, not yet proved. */
function open(token: string): Opened {
  if (token === '') throw tokenRefusals.missing()
  if (token.length > MAX_TOKEN_BYTES) throw tokenRefusals.tooLong(MAX_TOKEN_BYTES)
  const parts = token.split('.').length
  if (parts === 5) throw tokenRefusals.encrypted()
  if (parts !== 3) throw tokenRefusals.opaque()
  let header: Opened['header']
  try {
    header = decodeProtectedHeader(token)
  } catch {
    throw tokenRefusals.opaque()
  }
  try {
    return { header, claims: decodeJwt(token) }
  } catch {
    throw tokenRefusals.malformed('its claims cannot be read')
  }
}

/** Whether it is a JWS at all; anything else only its provider can read. */
export function isJwt(token: string): boolean {
  try {
    return token.split('.').length === 3 && decodeProtectedHeader(token) !== undefined
  } catch {
    return false
  }
}

export interface ProvedToken {
  readonly identity: VerifiedIdentity
  readonly provider: TrustedProvider
  readonly claims: Claims
  /** What it was signed with. */
  readonly key: CryptoKey
}

/** Proves a token against the provider that it names. Throws `GatewayError` that says what was wrong, never the token. */
export async function verifyToken(token: string, providers: ReadonlyMap<string, TrustedProvider>, now: number): Promise<ProvedToken> {
  const { header, claims } = open(token)
  if (typeof header.alg !== 'string' || !ALGORITHMS.includes(header.alg)) throw tokenRefusals.algorithm(header.alg)
  if (header.typ !== undefined && !TYPES.has(String(header.typ).toLowerCase())) throw tokenRefusals.type(header.typ)
  const provider = typeof claims.iss === 'string' ? providers.get(claims.iss) : undefined
  if (provider === undefined) throw tokenRefusals.issuer(claims.iss)

  const keys = await provider.keys.resolver().catch((cause: unknown) => {
    throw providerUnavailable(provider.config.name, cause)
  })
  const { payload: proved, key } = await prove(token, keys, provider.config, now).catch((error: unknown) => {
    throw refusalFor(error, claims, provider.config, now)
  })
  if (proved['cnf'] !== undefined) throw tokenRefusals.bound()
  if (typeof proved.iat === 'number' && proved.iat * 1000 > now + SKEW_S * 1000) throw tokenRefusals.fromTheFuture(proved.iat * 1000)
  return { identity: identityOf(proved, provider.config), provider, claims: proved, key }
}

interface Signed {
  readonly payload: JWTPayload
  readonly key: CryptoKey
}

async function prove(token: string, keys: RemoteJWKSet, provider: ProviderConfig, now: number): Promise<Signed> {
  const options = {
    algorithms: [...ALGORITHMS],
    issuer: provider.issuer,
    audience: provider.audience,
    clockTolerance: SKEW_S,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'sub'],
  }
  try {
    const { payload, key } = await jwtVerify(token, keys, options)
    return { payload, key }
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    // The token names no key and several would fit: one of them must have signed it.
    for await (const key of error) {
      try {
        return { payload: (await jwtVerify(token, key, options)).payload, key }
      } catch (wrong) {
        if (!(wrong instanceof errors.JWSSignatureVerificationFailed)) throw wrong
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

/** Words what `jose` found. The claims are those of the same token; they are proved whenever a claim is what was wrong. */
function refusalFor(error: unknown, claims: JWTPayload, provider: ProviderConfig, now: number): GatewayError {
  if (error instanceof errors.JWTExpired) return tokenRefusals.expired(Number(claims.exp) * 1000, now)
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return tokenRefusals.audience(claims.aud, provider.audience)
    if (error.claim === 'iss') return tokenRefusals.issuer(claims.iss)
    if (error.claim === 'nbf' && typeof claims.nbf === 'number') return tokenRefusals.notYetValid(claims.nbf * 1000)
    return tokenRefusals.claim(error.claim)
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return tokenRefusals.signature()
  if (error instanceof errors.JWKSNoMatchingKey) return tokenRefusals.unknownKey()
  if (error instanceof errors.JOSEAlgNotAllowed) return tokenRefusals.algorithm('')
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return tokenRefusals.malformed('it is no valid JWS')
  if (error instanceof errors.JOSENotSupported) return tokenRefusals.malformed('it demands an extension that is not supported')
  // What is left came from fetching or reading the provider's keys.
  return providerUnavailable(provider.name, error)
}
