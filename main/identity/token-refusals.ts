import { GatewayError } from '../../proxy/errors.ts'

const MAX_SHOWN = 200

/** Text from an unproved token, fit for a message: one line, printable, cut. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return clean.length > MAX_SHOWN ? `${clean.slice(0, MAX_SHOWN)}…` : clean
}

function refused(message: string, hint: string): GatewayError {
  return new GatewayError({ code: 'token-invalid', sqlstate: '28000', message, hint, severity: 'FATAL' })
}

/** Milliseconds as a person says them: `45 s`, `12 min`, `3 h`, `5 d`. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** Dates beyond what JavaScript can print must not throw in the middle of a refusal. */
function time(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().replace('.000', '') : 'an impossible time'
}

const FRESH = 'get a new access token from the identity provider and connect again'

/** Every way to refuse a token (SQLSTATE 28000). No text holds the token. */
export const tokenRefusals = {
  missing: () => refused('the token is missing', 'give an OIDC access token (JWT) as the password'),
  tooLong: (limit: number) => refused(`the token is longer than ${limit} bytes`, 'ask the provider for a token with fewer claims'),
  opaque: () =>
    refused(
      'the token is not a JWT',
      'the password must be an OIDC access token in JWT form; if your provider gave an opaque token, ask it for one for this gateway’s audience',
    ),
  encrypted: () => refused('the token is encrypted (JWE), which this gateway cannot read', 'ask the provider for a signed token (JWS)'),
  malformed: (what: string) => refused(`the token is malformed: ${what}`, FRESH),
  inactive: () => refused('the token is not active: its provider does not know it, or has ended it', FRESH),
  revoked: (why: string) => refused(`the token counts no more: ${why}`, FRESH),
  algorithm: (algorithm: unknown) =>
    refused(
      `the token’s algorithm "${shown(algorithm)}" is not allowed`,
      'the provider must sign with RS256, PS256, ES256, EdDSA or a longer form of these',
    ),
  type: (type: unknown) =>
    refused(`the token’s type "${shown(type)}" is not that of an access token`, 'use an access token (typ "JWT" or "at+jwt")'),
  bound: () =>
    refused('the token is bound to a key (claim cnf), which a password cannot prove', 'ask the provider for a plain bearer token'),
  issuer: (issuer: unknown) =>
    refused(
      `the token’s issuer "${shown(issuer)}" is not trusted here`,
      'sign in at the identity provider that this gateway is configured for',
    ),
  audience: (audience: unknown, wanted: string) =>
    refused(
      `the token’s audience "${shown(audience ?? 'none')}" is not for this gateway`,
      `ask the provider for a token with the audience "${wanted}"`,
    ),
  signature: () => refused('the token’s signature is wrong: it was not made by its issuer, or was changed', FRESH),
  unknownKey: () => refused('the token’s signature cannot be checked: its key is not among the issuer’s keys', FRESH),
  expired: (at: number, now: number) => refused(`the token expired ${span(now - at)} ago, at ${time(at)}`, FRESH),
  notYetValid: (at: number) =>
    refused(`the token is not yet valid: only from ${time(at)}`, 'wait until then, or check the clocks of provider and gateway'),
  fromTheFuture: (at: number) => refused(`the token was issued in the future, at ${time(at)}`, 'check the clocks of provider and gateway'),
  claim: (claim: string) =>
    refused(`the token’s claim "${claim}" is missing or not as it should be`, 'ask the provider for an OIDC access token'),
}

/** The provider cannot be asked for its keys: nobody's fault who connects. The host stays up and tries again with the next token. */
export function providerUnavailable(provider: string, cause: unknown): GatewayError {
  return new GatewayError(
    {
      code: 'upstream-unavailable',
      sqlstate: '08006',
      message: `the token could not be checked: the identity provider "${provider}" cannot be reached`,
      hint: 'try again shortly; if it lasts, the administrator must see to the provider',
      severity: 'FATAL',
    },
    { cause },
  )
}
