/** A token issuer without a network: discovery and keys through the `fetch` that `createIdentities` takes. */
import * as jose from 'jose'
import { type Config, parseConfig } from '../../main/config.ts'
import type { Fetch } from '../../main/identity/provider-keys.ts'

export const ISSUER = 'https://login.example/realms/main'
export const OTHER_ISSUER = 'https://second.example'
export const NOW = Date.parse('2026-11-24T12:00:00Z')

export interface KeyPair {
  readonly kid: string | undefined
  readonly alg: string
  readonly privateKey: jose.CryptoKey
  readonly publicKey: jose.CryptoKey
  readonly jwk: jose.JWK
}

export async function makeKey(alg = 'ES256', kid: string | undefined = crypto.randomUUID()): Promise<KeyPair> {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true })
  const jwk: jose.JWK = { ...(await jose.exportJWK(publicKey)), alg, use: 'sig', ...(kid === undefined ? {} : { kid }) }
  return { kid, alg, privateKey, publicKey, jwk }
}

export interface MemoryIssuer {
  readonly fetch: Fetch
  /** What the provider publishes; change it to rotate. */
  published: jose.JWK[]
  /** Set to have it unreachable. */
  down: boolean
  /** Replaces parts of the discovery document. */
  discovery: Record<string, unknown>
  readonly fetched: string[]
}

export function memoryIssuer(issuer = ISSUER): MemoryIssuer {
  const self: MemoryIssuer = {
    published: [],
    down: false,
    discovery: {},
    fetched: [],
    fetch: async (url) => {
      self.fetched.push(url)
      if (self.down) throw new TypeError('fetch failed')
      if (url === `${issuer}/.well-known/openid-configuration`)
        return Response.json({ issuer, jwks_uri: `${issuer}/jwks`, ...self.discovery })
      if (url === `${issuer}/jwks`) return Response.json({ keys: self.published })
      return new Response('not found', { status: 404 })
    },
  }
  return self
}

export type ClaimChanges = Readonly<Record<string, unknown>>

export const claimsOf = (changes: ClaimChanges = {}): Record<string, unknown> => {
  const at = NOW / 1000
  const claims = {
    iss: ISSUER,
    sub: 'u-17',
    aud: 'sallyport',
    azp: 'desk',
    iat: at,
    exp: at + 600,
    name: 'Ada',
    groups: ['dba'],
    ...changes,
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

export function sign(
  key: KeyPair,
  changes: ClaimChanges = {},
  header: jose.JWTHeaderParameters | Record<string, unknown> = {},
): Promise<string> {
  const protectedHeader = { alg: key.alg, typ: 'at+jwt', ...(key.kid === undefined ? {} : { kid: key.kid }), ...header }
  return new jose.SignJWT(claimsOf(changes)).setProtectedHeader(protectedHeader as jose.JWTHeaderParameters).sign(key.privateKey)
}

export const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export function configWith(providers: readonly Record<string, unknown>[] = [{}]): Config {
  const base = {
    name: 'corp',
    issuer: ISSUER,
    audience: 'sallyport',
    clientId: 'sallyport-web',
    claims: { name: 'name', groups: 'groups' },
    agents: { clients: ['cursor-agent'] },
  }
  const text = JSON.stringify({
    identity: { providers: providers.map((provider) => ({ ...base, ...provider })) },
    roles: { admin: ['leads'], approver: ['dba'], viewer: ['engineering'] },
    connections: [{ name: 'shop', engine: 'postgres', host: 'h', database: 'd', user: 'u', password: 'p', groups: ['g'] }],
  })
  return parseConfig(text, { file: 'test', folder: '/', env: {} })
}
