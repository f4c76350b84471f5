import type { ProviderConfig } from '../config.ts'
import { tokenRefusals } from './token-refusals.ts'
import type { VerifiedIdentity } from './verified-identity.ts'

export type Claims = Readonly<Record<string, unknown>>

/** A claim by its name, or by a dotted path into nested claims (`realm_access.roles`). */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name
    .split('.')
    .reduce<unknown>(
      (node, part) => (node !== null && typeof node === 'object' && Object.hasOwn(node, part) ? (node as Claims)[part] : undefined),
      claims,
    )
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** An array or a single text. Missing is no group at all; what is no text in an array is left out. */
export function groupsOf(claims: Claims, claim: string): string[] {
  const value = claimAt(claims, claim)
  const list = Array.isArray(value) ? value : [value]
  return [...new Set(list.filter((item): item is string => typeof item === 'string' && item !== ''))]
}

/** For people to read, so it cannot carry line breaks or direction marks. */
function nameOf(claims: Claims, claim: string, otherwise: string): string {
  const name = textOf(claimAt(claims, claim)) ?? textOf(claims['preferred_username']) ?? textOf(claims['name']) ?? otherwise
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 200) || otherwise
}

const milliseconds = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? Math.floor(seconds * 1000) : undefined

/** Providers write `email_verified` as a boolean, a few as text. */
function verifiedEmailOf(claims: Claims): string | undefined {
  const verified = claims['email_verified']
  const email = textOf(claims['email'])?.trim().toLowerCase()
  return (verified === true || verified === 'true') && email !== undefined && /^[^\s@]+@[^\s@]+$/.test(email) ? email : undefined
}

/** The party that acts for the subject (RFC 8693 section 4.1): its client, or its subject. The outermost is the one that acts now. */
function actorOf(claims: Claims): string | undefined {
  const act = claims['act']
  if (act === null || typeof act !== 'object') return undefined
  return textOf((act as Claims)['client_id']) ?? textOf((act as Claims)['sub']) ?? 'an actor without a name'
}

function hasAgentClaim(claims: Claims, claim: ProviderConfig['agents']['claim']): boolean {
  if (claim === undefined) return false
  const value = claimAt(claims, claim.name)
  return (Array.isArray(value) ? value : [value]).some((one) => String(one) === claim.value)
}

/**
 * Proved claims as an identity. `azp` before `client_id` (RFC 9068) tells the program. It is an agent when the configuration lists that program or
 * a claim says so, when the subject is the program itself (client credentials), or when the token says that somebody acts for the subject (`act`,
 * RFC 8693). An agent whose subject is not its own program holds a person's token: `onBehalfOf`. Throws `token-invalid` without `sub` or `exp`.
 */
export function identityOf(claims: Claims, provider: ProviderConfig): VerifiedIdentity {
  const subject = textOf(claims['sub'])
  if (subject === undefined) throw tokenRefusals.claim('sub')
  const expiresAt = milliseconds(claims['exp'])
  if (expiresAt === undefined) throw tokenRefusals.claim('exp')
  const actor = actorOf(claims)
  const programs = [actor, textOf(claims['azp']), textOf(claims['client_id'])].filter((program) => program !== undefined)
  const { clients, claim } = provider.agents
  const ownToken = actor === undefined && (programs.includes(subject) || clients.includes(subject))
  const agent = ownToken || actor !== undefined || programs.some((program) => clients.includes(program)) || hasAgentClaim(claims, claim)
  const client = programs[0]
  return Object.freeze({
    issuer: provider.issuer,
    subject,
    name: nameOf(claims, provider.claims.name, subject),
    groups: Object.freeze(groupsOf(claims, provider.claims.groups)),
    kind: agent ? 'agent' : 'person',
    client,
    expiresAt,
    authTime: milliseconds(claims['auth_time']),
    issuedAt: milliseconds(claims['iat']),
    verifiedEmail: verifiedEmailOf(claims),
    onBehalfOf: agent && !ownToken ? Object.freeze({ issuer: provider.issuer, subject }) : undefined,
  })
}
