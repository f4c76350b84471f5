import * as jose from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createConfigInForce } from '../../main/config/in-force.ts'
import { createIdentities, type TokenIdentities } from '../../main/identity/create-identities.ts'
import { GatewayError, type GatewayErrorCode } from '../../proxy/errors.ts'
import {
  base64,
  claimsOf,
  configWith,
  ISSUER,
  type KeyPair,
  type MemoryIssuer,
  makeKey,
  memoryIssuer,
  NOW,
  OTHER_ISSUER,
  sign,
} from './memory-issuer.ts'

let key: KeyPair
let provider: MemoryIssuer
let identities: TokenIdentities
let now = NOW
const clock = { now: () => now }

beforeAll(async () => {
  key = await makeKey()
})

beforeEach(() => {
  now = NOW
  provider = memoryIssuer()
  provider.published = [key.jwk]
  identities = createIdentities(createConfigInForce(configWith()), { clock, fetch: provider.fetch, cooldownMs: 0 })
})

async function refusal(token: string): Promise<GatewayError> {
  const error = await identities.verify(token).then(
    () => new Error('the token was accepted'),
    (e: unknown) => e as Error,
  )
  expect(error).toBeInstanceOf(GatewayError)
  // No part of a token, however wrong it is, may come back.
  const parts = token.split('.').filter((part) => part.length >= 8)
  for (const part of parts) expect(`${error.message} ${(error as GatewayError).fields.hint}`).not.toContain(part)
  return error as GatewayError
}

async function expectRefused(token: string, message: RegExp, code: GatewayErrorCode = 'token-invalid'): Promise<void> {
  const error = await refusal(token)
  expect(error.message).toMatch(message)
  expect(error.code).toBe(code)
  if (code === 'token-invalid') expect(error.fields).toMatchObject({ sqlstate: '28000', severity: 'FATAL' })
  expect(error.fields.hint).toBeTruthy()
}

describe('a good token', () => {
  it('tells who holds it', async () => {
    expect(await identities.verify(await sign(key, { auth_time: NOW / 1000 - 60 }))).toEqual({
      issuer: ISSUER,
      subject: 'u-17',
      name: 'Ada',
      groups: ['dba'],
      kind: 'person',
      client: 'desk',
      expiresAt: NOW + 600_000,
      issuedAt: NOW,
      authTime: NOW - 60_000,
    })
  })

  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])('may be signed with %s', async (alg) => {
    const other = await makeKey(alg)
    provider.published = [other.jwk]
    expect((await identities.verify(await sign(other))).subject).toBe('u-17')
  })

  it.each([
    ['a list of audiences', { aud: ['a', 'sallyport'] }],
    ['a clock that is 20 s ahead', { nbf: NOW / 1000 + 20, iat: NOW / 1000 + 20 }],
    ['an expiry 20 s ago', { exp: NOW / 1000 - 20 }],
  ])('may have %s', async (_what, changes) => {
    expect((await identities.verify(await sign(key, changes))).subject).toBe('u-17')
  })

  it('may name no key when one of several published keys made it', async () => {
    const nameless = await makeKey('ES256', undefined)
    provider.published = [(await makeKey()).jwk, nameless.jwk, (await makeKey()).jwk]
    expect((await identities.verify(await sign(nameless))).subject).toBe('u-17')
    await expectRefused(await sign(await makeKey('ES256', undefined)), /signature/)
  })
})

describe('a bad token is refused with what was wrong', () => {
  it('expired', async () => {
    await expectRefused(await sign(key, { exp: NOW / 1000 - 3600 }), /expired 60 min ago, at 2026-11-24T11:00:00Z/)
  })

  it('not yet valid', async () => {
    await expectRefused(await sign(key, { nbf: NOW / 1000 + 3600 }), /not yet valid: only from 2026-11-24T13:00:00Z/)
  })

  it('issued in the future', async () => {
    await expectRefused(await sign(key, { iat: NOW / 1000 + 3600 }), /issued in the future/)
  })

  it('for another audience, or for none', async () => {
    await expectRefused(await sign(key, { aud: 'other-service' }), /audience "other-service"/)
    await expectRefused(await sign(key, { aud: undefined }), /audience "none"/)
  })

  it('of a foreign issuer, without asking it for its keys', async () => {
    await expectRefused(await sign(key, { iss: 'https://evil.example' }), /issuer "https:\/\/evil.example" is not trusted/)
    await expectRefused(await sign(key, { iss: `${ISSUER}/` }), /issuer/)
    await expectRefused(await sign(key, { iss: undefined }), /issuer/)
    expect(provider.fetched).toEqual([])
  })

  it('unsigned (alg none), whatever its spelling', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      await expectRefused(`${base64({ alg, typ: 'JWT' })}.${base64(claimsOf())}.`, new RegExp(`algorithm "${alg}" is not allowed`))
    }
  })

  it('HS256 with the public key as its secret', async () => {
    const secret = new TextEncoder().encode(await jose.exportSPKI(key.publicKey))
    const token = await new jose.SignJWT(claimsOf()).setProtectedHeader({ alg: 'HS256', kid: key.kid! }).sign(secret)
    await expectRefused(token, /algorithm "HS256" is not allowed/)
  })

  it('signed by another key under a published key’s name', async () => {
    const stranger = await makeKey('ES256', key.kid)
    await expectRefused(await sign(stranger), /signature is wrong/)
  })

  it('with changed claims', async () => {
    const [header, , signature] = (await sign(key)).split('.')
    await expectRefused(`${header}.${base64(claimsOf({ groups: ['leads'] }))}.${signature}`, /signature is wrong/)
  })

  it('with a changed signature', async () => {
    const [header, claims, signature] = (await sign(key)).split('.') as [string, string, string]
    await expectRefused(`${header}.${claims}.${signature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`, /signature is wrong/)
    await expectRefused(`${header}.${claims}.`, /signature is wrong|malformed/)
  })

  it('of a key that the provider does not publish', async () => {
    await expectRefused(await sign(await makeKey()), /key is not among the issuer’s keys/)
  })

  it('with another key’s algorithm in its header', async () => {
    const rsa = await makeKey('RS256', key.kid)
    await expectRefused(await sign(rsa), /signature/)
  })

  it('without an expiry, or without a subject', async () => {
    await expectRefused(await sign(key, { exp: undefined }), /"exp" is missing/)
    await expectRefused(await sign(key, { sub: undefined }), /"sub" is missing/)
    await expectRefused(await sign(key, { sub: '' }), /"sub" is missing/)
  })

  it('of another type, bound to a key, or with an extension that is not known', async () => {
    await expectRefused(await sign(key, {}, { typ: 'logout+jwt' }), /type "logout\+jwt"/)
    await expectRefused(await sign(key, { cnf: { jkt: 'abc' } }), /bound to a key/)
    const critical = { crit: ['x'], x: 1 }
    const token = `${base64({ alg: 'ES256', kid: key.kid, ...critical })}.${base64(claimsOf())}.${Buffer.alloc(64).toString('base64url')}`
    await expectRefused(token, /extension|malformed/)
  })

  it.each([
    ['nothing', '', /missing/],
    ['an opaque token', 'gho_16C7e42F292c6912E7710c838347Ae178B4a', /not a JWT/],
    ['an encrypted token', 'a.b.c.d.e', /encrypted/],
    ['dots', 'not.a.token', /not a JWT/],
    ['a header that is no object', `${base64([1])}.${base64({})}.x`, /not a JWT|algorithm/],
    ['claims that are no object', `${base64({ alg: 'ES256' })}.${base64([1])}.x`, /malformed|issuer/],
    ['a flood', 'x'.repeat(20_000), /longer than 16384/],
    ['line ends', 'a\r\nb', /not a JWT/],
  ])('rubbish: %s', async (_what, token, message) => {
    await expectRefused(token, message)
    expect(provider.fetched).toEqual([])
  })

  it('shows what a token said in one safe line', async () => {
    const error = await refusal(await sign(key, { iss: `https://x\u001b[31m\n${'y'.repeat(500)}` }))
    expect(error.message).toMatch(/^[^\p{Cc}]{1,300}$/u)
  })
})

describe('the provider’s keys', () => {
  it('are fetched once for many tokens', async () => {
    for (let i = 0; i < 5; i++) await identities.verify(await sign(key, { sub: `u-${i}` }))
    expect(provider.fetched).toHaveLength(2)
  })

  it('are fetched anew when a token names one that is unknown: keys rotate', async () => {
    await identities.verify(await sign(key))
    const next = await makeKey()
    provider.published = [next.jwk]
    expect((await identities.verify(await sign(next))).subject).toBe('u-17')
    await expectRefused(await sign(key, { sub: 'later' }), /key is not among/)
  })

  it('are not fetched for every made-up key', async () => {
    identities = createIdentities(createConfigInForce(configWith()), { clock, fetch: provider.fetch, cooldownMs: 60_000 })
    await identities.verify(await sign(key))
    for (let i = 0; i < 5; i++) await expectRefused(await sign(await makeKey()), /key is not among/)
    expect(provider.fetched).toHaveLength(2)
  })

  it('that were withdrawn end what runs on them, within the minute; a provider that is down ends nothing', async () => {
    const who = await identities.verify(await sign(key))
    expect(await identities.fallen(who)).toBeUndefined()
    provider.down = true
    now += 31_000
    expect(await identities.fallen(who)).toBeUndefined()
    provider.down = false
    provider.published = [(await makeKey()).jwk]
    now += 31_000
    expect(await identities.fallen(who)).toContain('withdrawn')
    await expectRefused(await sign(key), /key is not among/)
  })

  it('cannot be had while the provider is down, which is no fault of the token; and again when it is back', async () => {
    provider.down = true
    await expectRefused(await sign(key), /identity provider "corp" cannot be reached/, 'upstream-unavailable')
    provider.down = false
    expect((await identities.verify(await sign(key))).subject).toBe('u-17')
    provider.down = true
    expect((await identities.verify(await sign(key, { sub: 'known keys' }))).subject).toBe('known keys')
  })

  it.each([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['keys over http', { jwks_uri: 'http://login.example/jwks' }],
    ['no keys', { jwks_uri: undefined }],
    ['a keys address that answers 404', { jwks_uri: `${ISSUER}/nothing` }],
  ])('are not taken from a discovery that gives %s', async (_what, discovery) => {
    provider.discovery = discovery
    await expectRefused(await sign(key), /cannot be reached/, 'upstream-unavailable')
  })
})

describe('several providers', () => {
  it('are told apart by the issuer, and each has its own keys and audience', async () => {
    const second = memoryIssuer(OTHER_ISSUER)
    const secondKey = await makeKey()
    second.published = [secondKey.jwk]
    const both = configWith([{}, { name: 'second', issuer: OTHER_ISSUER, audience: 'gate' }])
    identities = createIdentities(createConfigInForce(both), {
      clock,
      fetch: (url, init) => (url.startsWith(OTHER_ISSUER) ? second : provider).fetch(url, init),
      cooldownMs: 0,
    })
    expect((await identities.verify(await sign(secondKey, { iss: OTHER_ISSUER, aud: 'gate' }))).issuer).toBe(OTHER_ISSUER)
    expect((await identities.verify(await sign(key))).issuer).toBe(ISSUER)
    await expectRefused(await sign(key, { iss: OTHER_ISSUER, aud: 'gate' }), /key is not among/)
    await expectRefused(await sign(secondKey, { iss: OTHER_ISSUER, aud: 'sallyport' }), /audience/)
  })
})

describe('a token that was proved once', () => {
  it('is known again without proof, and only until it expires', async () => {
    const token = await sign(key)
    const first = await identities.verify(token)
    provider.published = []
    expect(await identities.verify(token)).toBe(first)
    now = NOW + 600_000 + 31_000
    await expectRefused(token, /expired/)
  })
})
