/**
 * A token issuer for tests: discovery and keys over loopback HTTP, and any token one could want, good or bad. Real keys, real
 * signatures; nothing of it is Sallyport's code.
 */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import * as jose from 'jose'

export interface Claims {
  readonly sub?: string
  readonly name?: string
  readonly email?: string
  readonly groups?: readonly string[]
  readonly azp?: string
  readonly aud?: string | readonly string[]
  readonly iss?: string
  /** Seconds from now. */
  readonly expiresIn?: number
  readonly notBeforeIn?: number
  readonly authTimeAgo?: number
  /** Any other claim; `undefined` removes one of the defaults. */
  readonly extra?: Readonly<Record<string, unknown>>
}

export interface Issuer {
  readonly issuer: string
  /** How often the keys were fetched. */
  readonly keyFetches: number
  /** A signed token. Defaults are an agent in `ai-agents` that every gateway test accepts. */
  mint(claims?: Claims): Promise<string>
  /** Bad in one way each. */
  readonly bad: {
    expired(): Promise<string>
    notYet(): Promise<string>
    otherAudience(): Promise<string>
    otherIssuer(): Promise<string>
    /** `alg: none`, with all claims right. */
    unsigned(): Promise<string>
    /** Signed by a key that was never published, under the published key's id. */
    foreignKey(): Promise<string>
    /** HS256 with the published public key as the secret: the classic confusion. */
    confusedAlgorithm(): Promise<string>
    /** The claims changed after signing. */
    tampered(): Promise<string>
    withoutExpiry(): Promise<string>
  }
  /** New keys; the old ones are no longer published. */
  rotate(): Promise<void>
  stop(): Promise<void>
}

export const AUDIENCE = 'sallyport'
export const AGENT_CLIENT = 'cursor-agent'

export async function startIssuer(): Promise<Issuer> {
  let keys = await makeKeys()
  let keyFetches = 0
  const server = http.createServer((request, response) => {
    const answer = (body: unknown): void => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    }
    if (request.url === '/.well-known/openid-configuration') return answer(discovery(issuer))
    if (request.url === '/jwks') {
      keyFetches++
      return answer({ keys: [keys.publicJwk] })
    }
    response.statusCode = 404
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const sign = (claims: Claims, key: jose.CryptoKey | Uint8Array = keys.privateKey, alg = 'ES256'): Promise<string> =>
    new jose.SignJWT(payloadOf(issuer, claims)).setProtectedHeader({ alg, kid: keys.publicJwk.kid ?? '', typ: 'at+jwt' }).sign(key)

  return {
    issuer,
    get keyFetches() {
      return keyFetches
    },
    mint: (claims = {}) => sign(claims),
    bad: {
      expired: () => sign({ expiresIn: -3600 }),
      notYet: () => sign({ notBeforeIn: 3600, expiresIn: 7200 }),
      otherAudience: () => sign({ aud: 'another-service' }),
      otherIssuer: () => sign({ iss: 'http://127.0.0.1:1/elsewhere' }),
      unsigned: async () => `${encodePart({ alg: 'none', typ: 'at+jwt' })}.${encodePart(payloadOf(issuer, {}))}.`,
      foreignKey: async () => sign({}, (await makeKeys()).privateKey),
      confusedAlgorithm: () => sign({}, new TextEncoder().encode(keys.publicPem), 'HS256'),
      tampered: async () => {
        const [header, , signature] = (await sign({})).split('.')
        return `${header}.${encodePart(payloadOf(issuer, { sub: 'someone-else' }))}.${signature}`
      },
      withoutExpiry: () => sign({ extra: { exp: undefined } }),
    },
    rotate: async () => {
      keys = await makeKeys()
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function payloadOf(issuer: string, claims: Claims): jose.JWTPayload {
  const now = Math.floor(Date.now() / 1000)
  const client = claims.azp ?? AGENT_CLIENT
  const payload: Record<string, unknown> = {
    iss: claims.iss ?? issuer,
    sub: claims.sub ?? client,
    aud: claims.aud ?? AUDIENCE,
    azp: client,
    client_id: client,
    iat: now,
    exp: now + (claims.expiresIn ?? 3600),
    name: claims.name ?? 'Cursor agent',
    email: claims.email ?? 'cursor@agents.example',
    groups: claims.groups ?? ['ai-agents'],
    ...(claims.notBeforeIn === undefined ? {} : { nbf: now + claims.notBeforeIn }),
    ...(claims.authTimeAgo === undefined ? {} : { auth_time: now - claims.authTimeAgo }),
    ...claims.extra,
  }
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined))
}

const encodePart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

async function makeKeys() {
  const { privateKey, publicKey } = await jose.generateKeyPair('ES256', { extractable: true })
  const jwk = await jose.exportJWK(publicKey)
  const kid = await jose.calculateJwkThumbprint(jwk)
  const publicJwk: jose.JWK = { ...jwk, kid, alg: 'ES256', use: 'sig' }
  return { privateKey, publicPem: await jose.exportSPKI(publicKey), publicJwk }
}

function discovery(issuer: string): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
  }
}
