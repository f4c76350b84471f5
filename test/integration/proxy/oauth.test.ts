import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeFields } from '../../helpers/decode.ts'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, ISSUER, startGateway } from '../../helpers/gateway-fixture.ts'
import { hasLibpq18, runLibpq } from '../../helpers/libpq.ts'
import { ALLOW_ALL } from '../../helpers/policy-literal.ts'
import { Wire } from '../../helpers/wire-client.ts'

const ASKS = { options: '-c sallyport.auth=oauth' }
const bearer = (token: string) => Buffer.from(`n,,\x01auth=${token === '' ? '' : `Bearer ${token}`}\x01\x01`, 'latin1')
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`

let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await startGateway({ policy: ALLOW_ALL, tls: true, gateway: { loginTimeoutMs: 3_000 } })
})
afterAll(async () => fixture?.stop())

/** Startup sent, and the mechanisms that were offered. */
async function begin(parameters: Record<string, string> = ASKS): Promise<{ wire: Wire; kind: number; mechanisms: string[] }> {
  const wire = await Wire.connect({ port: fixture.port })
  wire.send(m.startup({ user: 'agent', database: 'shop', ...parameters }))
  const [message] = await wire.until('RE')
  const body = message?.body ?? Buffer.alloc(0)
  return { wire, kind: message?.tag === 'R' ? body.readInt32BE(0) : -1, mechanisms: body.toString('latin1', 4).split('\0').filter(Boolean) }
}

const errorOf = async (wire: Wire) => {
  const message = (await wire.until('EZ')).at(-1)
  return message?.tag === 'E' ? decodeFields(message.body) : undefined
}

describe('OAUTHBEARER, byte by byte', () => {
  it('is offered to who asks for it, and to nobody else', async () => {
    expect(await begin()).toMatchObject({ kind: 10, mechanisms: ['OAUTHBEARER'] })
    expect((await begin({ options: '--sallyport.auth=oauth' })).kind).toBe(10)
    expect((await begin({})).kind).toBe(3)
    expect((await begin({ options: '' })).kind).toBe(3)
    expect((await begin({ options: '-c sallyport.auth=password' })).kind).toBe(3)
    for (const options of [
      '-c sallyport.auth=oauth -c role=postgres',
      '-c sallyport.auth=x',
      '-c sallyport.auth=oauth\\ -crole=x',
      '-c role=x',
    ])
      expect(await begin({ options })).toMatchObject({ kind: -1 })
  })

  it('takes the token with the first message, or after an empty challenge', async () => {
    const first = await begin()
    first.wire.send(m.saslInitial('OAUTHBEARER', bearer(AGENT_TOKEN)))
    expect(await errorOf(first.wire)).toBeUndefined()
    const authentications = first.wire.messages.filter(({ tag }) => tag === 'R').map(({ body }) => body.readInt32BE(0))
    expect(authentications).toEqual([10, 0])
    expect((await first.wire.query('SELECT 1')).text).toEqual([['1']])
    const second = await begin()
    second.wire.send(m.message('p', Buffer.concat([Buffer.from('OAUTHBEARER\0'), m.int32(-1)])))
    expect((await second.wire.next())?.body.toString('hex')).toBe('0000000b')
    second.wire.send(m.saslResponse(bearer(AGENT_TOKEN)))
    expect(await errorOf(second.wire)).toBeUndefined()
  })

  it.each([
    ['no token: discovery', ''],
    ['a bad token', 'not-a-token'],
  ])('%s ends with the provider’s address, the client’s separator, and 28000', async (_name, token) => {
    const { wire } = await begin()
    wire.send(m.saslInitial('OAUTHBEARER', bearer(token)))
    const challenge = await wire.next()
    expect(challenge?.body.readInt32BE(0)).toBe(11)
    expect(JSON.parse(challenge?.body.toString('utf8', 4) ?? '')).toEqual({
      status: 'invalid_token',
      'openid-configuration': DISCOVERY,
      scope: 'openid',
    })
    wire.send(m.saslResponse(Buffer.from([1])))
    expect(await errorOf(wire)).toMatchObject({ S: 'FATAL', C: '28000' })
    expect(await wire.closed()).toBe(true)
    expect(JSON.stringify([fixture.logged, fixture.recorder.events])).not.toContain('not-a-token')
  })

  it.each([
    ['a good token after a bad one', bearer(AGENT_TOKEN)],
    ['nothing', Buffer.alloc(0)],
    ['two separators', Buffer.from([1, 1])],
  ])('after a failure %s does not log in', async (_name, answer) => {
    const { wire } = await begin()
    wire.send(m.saslInitial('OAUTHBEARER', bearer('not-a-token')))
    await wire.next()
    wire.send(m.saslResponse(answer))
    expect(await errorOf(wire)).toMatchObject({ S: 'FATAL', C: '08P01' })
  })

  it.each([
    ['a second startup', () => m.startup({ user: 'agent', database: 'shop' })],
    ['a password message', () => m.password(AGENT_TOKEN)],
    ['another mechanism', () => m.saslInitial('SCRAM-SHA-256', bearer(AGENT_TOKEN))],
    ['a mechanism in small letters', () => m.saslInitial('oauthbearer', bearer(AGENT_TOKEN))],
    ['a statement', () => m.query('SELECT 1')],
    ['a length that wraps', () => m.message('p', bearer(AGENT_TOKEN), -1)],
    ['a huge length', () => m.message('p', bearer(AGENT_TOKEN), 0x7fffffff)],
    [
      'an inner length that wraps',
      () => m.message('p', Buffer.concat([Buffer.from('OAUTHBEARER\0'), m.int32(-2147483648), bearer(AGENT_TOKEN)])),
    ],
    ['an authorization identity', () => m.saslInitial('OAUTHBEARER', Buffer.from(`n,a=boss,\x01auth=Bearer ${AGENT_TOKEN}\x01\x01`))],
    ['garbage', () => Buffer.from('p\0\0\0\x20aaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'latin1')],
  ])('%s instead of the response is refused', async (_name, bytes) => {
    const { wire } = await begin()
    wire.send(bytes())
    expect(await errorOf(wire)).toMatchObject({ S: 'FATAL', C: expect.stringMatching(/^08P01|^0A000/) })
    expect(await wire.closed()).toBe(true)
  })

  it('a client that stops in the middle is closed when the time is over', async () => {
    const { wire } = await begin()
    wire.send(m.saslInitial('OAUTHBEARER', bearer('')))
    expect(await errorOf(wire).catch(() => undefined)).toMatchObject({ C: '08006' })
    expect(await wire.closed(6_000)).toBe(true)
  })
})

describe.skipIf(!hasLibpq18())('OAUTHBEARER with the real libpq 18', () => {
  const conninfo = (more = '') =>
    `host=127.0.0.1 port=${fixture.port} user=agent dbname=shop sslmode=require oauth_client_id=cursor ${more}`
  const asking = (more = '') => conninfo(`options='-c sallyport.auth=oauth' ${more}`)

  it('finds the provider, connects again with a token, and works', async () => {
    const answer = await runLibpq(asking(`require_auth=oauth oauth_issuer=${ISSUER}`), AGENT_TOKEN, 'SELECT 6 * 7')
    expect(answer).toEqual({ connected: true, error: '', value: '42', asked: [{ discovery: DISCOVERY, scope: 'openid' }] })
  })

  it('with the discovery URL given needs no first connection', async () => {
    const before = fixture.logged.length
    const answer = await runLibpq(asking(`oauth_issuer=${DISCOVERY} oauth_scope=mine`), AGENT_TOKEN)
    expect(answer).toMatchObject({ connected: true, value: '1', asked: [{ discovery: DISCOVERY, scope: 'mine' }] })
    expect(fixture.logged.slice(before)).toEqual([])
  })

  it('is told that its token is not good', async () => {
    const answer = await runLibpq(asking(`oauth_issuer=${DISCOVERY}`), 'not-a-token')
    expect(answer.connected).toBe(false)
    expect(answer.error).toContain('the token is not one of the test')
  })

  it('does not send a token where another provider is announced than it was told', async () => {
    const answer = await runLibpq(asking('oauth_issuer=https://elsewhere.example'), AGENT_TOKEN)
    expect(answer).toMatchObject({ connected: false, asked: [] })
  })

  it('uses the password where it does not ask', async () => {
    const answer = await runLibpq(conninfo(`password=${AGENT_TOKEN}`), 'unused')
    expect(answer).toMatchObject({ connected: true, value: '1', asked: [] })
  })
})
