import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, STRANGER_TOKEN, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { SHOP } from '../../helpers/shop.ts'
import { Wire } from '../../helpers/wire-client.ts'

describe('the login', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES, tls: true, limits: { connectionsPerPerson: 5 } })
  })
  afterAll(async () => fixture?.stop())

  const refusal = async (options: Parameters<Wire['login']>[0]) => {
    const wire = await Wire.connect({ port: fixture.port })
    const fields = await wire.login(options)
    wire.destroy()
    return fields
  }

  it.each(['off', 'request', 'direct'] as const)('takes a token with TLS %s', async (tls) => {
    const wire = await fixture.through({ tls })
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
    await wire.end()
  })

  it('is the gateway’s own user upstream, and the agent never gets its password', async () => {
    const wire = await fixture.through({ user: 'anything at all' })
    expect((await wire.query('SELECT current_user')).text).toEqual([[SHOP.user]])
    const received = Buffer.concat(wire.messages.map(({ body }) => body)).toString('latin1')
    expect(received).not.toContain(SHOP.password)
    expect(JSON.stringify([fixture.logged, fixture.recorder.events])).not.toContain(SHOP.password)
    await wire.end()
  })

  it('takes search_path and options as the server does, and what is given by itself counts more', async () => {
    const parameters = { search_path: 'billing, public', options: '-c statement_timeout=5s --DateStyle=German -c geqo=off', geqo: 'on' }
    const [through, direct] = [await fixture.through({ parameters }), await fixture.direct({ parameters })]
    for (const name of ['search_path', 'statement_timeout', 'DateStyle', 'geqo']) {
      const [found, expected] = [await through.query(`SHOW ${name}`), await direct.query(`SHOW ${name}`)]
      expect(found.text).toEqual(expected.text)
    }
    await through.end()
  })

  it('says so when the server does not take a value', async () => {
    const fields = await refusal({ password: AGENT_TOKEN, parameters: { DateStyle: 'nonsense' } })
    expect(fields).toMatchObject({ S: 'FATAL', C: '22023', M: expect.stringContaining('startup parameter') })
  })

  it('closes without a word on Terminate before the startup, as the server does', async () => {
    for (const port of [fixture.port, fixture.postgres.port]) {
      const wire = await Wire.connect({ port })
      const received = wire.readRaw()
      wire.send(m.message('X'))
      expect(await wire.closed(3_000)).toBe(true)
      expect(received()).toHaveLength(0)
    }
  })

  it('refuses a bad token with 28000, and neither answer nor log holds it', async () => {
    const token = 'eyJhbGciOiJub25lIn0.secret-part.'
    expect(await refusal({ password: token })).toMatchObject({ S: 'FATAL', C: '28000' })
    expect(JSON.stringify([fixture.logged, fixture.recorder.events])).not.toContain('secret-part')
  })

  it('refuses an empty password', async () => {
    expect(await refusal({ password: '' })).toMatchObject({ S: 'FATAL', C: '28000' })
  })

  it('answers an unknown database and one that is not yours in the same words', async () => {
    const unknown = await refusal({ password: AGENT_TOKEN, database: 'nothing' })
    const foreign = await refusal({ password: STRANGER_TOKEN, database: 'shop' })
    expect(unknown?.['M']?.replaceAll('nothing', 'shop')).toBe(foreign?.['M'])
    expect({ ...unknown, M: '' }).toEqual({ ...foreign, M: '' })
    expect(['3D000', '28000']).toContain(unknown?.['C'])
  })

  it('negotiates protocol 3.2 and gives a long cancel key; 3.0 gets four bytes', async () => {
    const old = await fixture.through()
    const recent = await fixture.through({ version: m.PROTOCOL_3_2 })
    expect(old.key.secret).toHaveLength(4)
    expect(recent.key.secret).toHaveLength(32)
    const direct = await Wire.login({ port: fixture.postgres.port }, { ...SHOP, version: m.PROTOCOL_3_2 })
    expect(direct.key.secret).toHaveLength(32)
    for (const wire of [old, recent, direct]) await wire.end()
  })

  it('answers a later minor version as the server does', async () => {
    const version = 0x0003_270f
    const direct = await Wire.connect({ port: fixture.postgres.port })
    const ours = await Wire.connect({ port: fixture.port })
    expect(await direct.login({ ...SHOP, version, parameters: { '_pq_.nothing': 'x' } })).toBeUndefined()
    expect(await ours.login({ password: AGENT_TOKEN, version, parameters: { '_pq_.nothing': 'x' } })).toBeUndefined()
    const negotiated = (wire: Wire) => wire.messages.find(({ tag }) => tag === 'v')?.body.toString('hex')
    expect(negotiated(ours)).toBe(negotiated(direct))
    for (const wire of [direct, ours]) await wire.end()
  })

  it('passes harmless settings on', async () => {
    const wire = await fixture.through({ parameters: { DateStyle: 'German', TimeZone: 'Europe/Prague', application_name: 'my app' } })
    expect((await wire.query("SELECT '2026-11-24'::date, current_setting('TimeZone')")).text).toEqual([['24.11.2026', 'Europe/Prague']])
    const rows = await fixture.postgres.query<{ application_name: string }>(
      `SELECT application_name FROM pg_stat_activity WHERE usename = '${SHOP.user}'`,
    )
    expect(rows.some(({ application_name: name }) => name.includes('my app') && name.includes('Cursor agent'))).toBe(true)
    await wire.end()
  })

  it('limits one person’s connections by name of the limit, and a closed one frees its seat', async () => {
    await expect.poll(() => fixture.gateway.live().length).toBe(0)
    const held = await Promise.all(Array.from({ length: 5 }, () => fixture.through()))
    expect(await refusal({ password: AGENT_TOKEN })).toMatchObject({ S: 'FATAL', C: '53300', M: expect.stringContaining('5') })
    await held[0]?.end()
    await expect.poll(async () => (await refusal({ password: AGENT_TOKEN })) === undefined).toBe(true)
    for (const wire of held) wire.destroy()
  })

  it('an administrator can end a session: the client is told 57P01 and the reason', async () => {
    await expect.poll(() => fixture.gateway.live().length).toBe(0)
    const wire = await fixture.through()
    const [live] = fixture.gateway.live()
    expect(live).toMatchObject({ connection: 'shop', who: { subject: 'cursor-agent' } })
    live?.end('it misbehaves')
    const error = (await wire.until('E')).at(-1)?.body.toString('utf8') ?? ''
    expect(error).toContain('C57P01')
    expect(error).toContain('it misbehaves')
    expect(await wire.closed()).toBe(true)
  })

  it('a client that leaves leaves no connection upstream', async () => {
    const wire = await fixture.through({ parameters: { application_name: 'leaver' } })
    const count = async () =>
      (
        await fixture.postgres.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'leaver%'")
      )[0]?.n
    expect(await count()).toBe(1)
    wire.destroy()
    await expect.poll(count, { timeout: 5_000 }).toBe(0)
  })

  it('a client that leaves while its statement runs has it cancelled upstream', async () => {
    const wire = await fixture.through({ parameters: { application_name: 'sleeper' } })
    wire.send(m.query('SELECT pg_sleep(60)'))
    const active = async () =>
      (
        await fixture.postgres.query<{ n: number }>(
          "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'sleeper%'",
        )
      )[0]?.n
    await expect.poll(active).toBe(1)
    wire.destroy()
    await expect.poll(active, { timeout: 5_000 }).toBe(0)
  })
})

describe('the login at the server', () => {
  it.each(['scram-sha-256', 'md5', 'password'] as const)('works with %s', async (auth) => {
    const fixture = await startGateway({ postgres: { auth, tls: true }, upstream: { tls: 'require' } })
    try {
      const wire = await fixture.through()
      const rows = await wire.query('SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()')
      expect(rows.errors).toEqual([])
      expect(rows.text).toEqual([['t']])
    } finally {
      await fixture.stop()
    }
  })

  it('verify-full accepts our authority and refuses a server that it cannot prove', async () => {
    const { pem } = await import('../../helpers/gateway-fixture.ts')
    const proved = await startGateway({ postgres: { tls: true }, upstream: { tls: 'verify-full', ca: pem('ca.pem') } })
    const wire = await proved.through()
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
    await proved.stop()
    const unproved = await startGateway({ postgres: { tls: true }, upstream: { tls: 'verify-full' } })
    await expect(unproved.through()).rejects.toThrow(/08\w{3}/)
    await unproved.stop()
  })

  it('refuses to go on in clear where TLS is required and the server has none', async () => {
    const fixture = await startGateway({ upstream: { tls: 'require' } })
    await expect(fixture.through()).rejects.toThrow(/08\w{3}/)
    await fixture.stop()
  })

  it('tells the client that the credential was refused, and not what it was', async () => {
    const fixture = await startGateway({ upstream: { password: 'wrong-secret-3T' } })
    await expect(fixture.through()).rejects.toThrow(/08004/)
    expect(JSON.stringify(fixture.logged)).not.toContain('wrong-secret-3T')
    await fixture.stop()
  })
})
