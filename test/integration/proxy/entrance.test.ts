import net from 'node:net'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { floodHalfOpen } from '../../flood/half-open.ts'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { ALLOW_ALL } from '../../helpers/policy-literal.ts'
import { SHOP } from '../../helpers/shop.ts'
import { summarise, Wire } from '../../helpers/wire-client.ts'

const LOGIN_TIMEOUT_MS = 2_500
let fixture: GatewayFixture
beforeAll(async () => {
  fixture = await startGateway({
    policy: ALLOW_ALL,
    tls: true,
    gateway: { loginTimeoutMs: LOGIN_TIMEOUT_MS, maxLogins: 400, maxLoginsPerAddress: 300 },
  })
})
afterAll(async () => fixture?.stop())

const secureSocket = async (options: tls.ConnectionOptions): Promise<tls.TLSSocket> => {
  const socket = tls.connect({ host: '127.0.0.1', port: fixture.port, rejectUnauthorized: false, ...options })
  socket.on('error', () => undefined)
  await new Promise((resolve, reject) =>
    socket
      .once('secureConnect', resolve)
      .once('error', reject)
      .once('close', () => reject(new Error('closed'))),
  )
  return socket
}

describe('TLS at the door', () => {
  it('direct TLS without ALPN, or for another protocol, is refused', async () => {
    await expect(secureSocket({ ALPNProtocols: ['h2'] })).rejects.toThrow()
    const socket = await secureSocket({})
    const wire = new Wire(socket)
    expect(await wire.closed(3_000)).toBe(true)
    expect(summarise(wire.messages).errors).toMatchObject([{ S: 'FATAL', C: '08P01' }])
  })

  it.each([
    ['SSLRequest', m.sslRequest],
    ['GSSENCRequest', m.gssRequest],
  ])('%s inside TLS is refused, inside TLS', async (_name, request) => {
    for (const mode of ['request', 'direct'] as const) {
      const wire = await Wire.connect({ port: fixture.port, tls: mode })
      wire.send(request())
      expect(await wire.closed(3_000)).toBe(true)
      expect(summarise(wire.messages).errors).toMatchObject([{ S: 'FATAL', C: '08P01' }])
    }
  })

  it('an encryption is asked for once', async () => {
    const wire = await Wire.connect({ port: fixture.port })
    const received = wire.readRaw()
    wire.send(m.gssRequest())
    await expect.poll(() => received().toString()).toBe('N')
    wire.send(m.gssRequest())
    expect(await wire.closed(3_000)).toBe(true)
    expect(received().toString('latin1')).toContain('out of turn')
  })

  it('a client that is silent behind its handshake is told so inside TLS', async () => {
    const wire = await Wire.connect({ port: fixture.port, tls: 'request' })
    expect(await wire.closed(LOGIN_TIMEOUT_MS + 2_000)).toBe(true)
    expect(summarise(wire.messages).errors).toMatchObject([{ S: 'FATAL', C: '08006' }])
  })

  it('a client that stops in the middle of its handshake is closed', async () => {
    const wire = await Wire.connect({ port: fixture.port })
    wire.readRaw()
    wire.send(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))
    expect(await wire.closed(LOGIN_TIMEOUT_MS + 2_000)).toBe(true)
  })

  it('a cancel comes over TLS too, with a long key and with a short one', async () => {
    for (const version of [m.PROTOCOL_3_0, m.PROTOCOL_3_2]) {
      const wire = await fixture.through({ tls: 'request', version })
      expect(wire.key.secret).toHaveLength(version === m.PROTOCOL_3_2 ? 32 : 4)
      const running = wire.query('SELECT pg_sleep(20)')
      await expect
        .poll(
          async () =>
            (await fixture.postgres.query("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)' AND state = 'active'"))
              .length,
        )
        .toBe(1)
      const cancel = await Wire.connect({ port: fixture.port, tls: 'direct' })
      cancel.send(m.cancelRequest(wire.key.pid, wire.key.secret))
      expect(await cancel.closed(3_000)).toBe(true)
      expect((await running).errors).toMatchObject([{ C: '57014' }])
      wire.destroy()
    }
  })

  it('who keeps a connection open behind a cancel does not keep it', async () => {
    const socket = net.connect({ port: fixture.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(m.cancelRequest(1, Buffer.alloc(4)))
    const writing = setInterval(() => socket.write('x'), 100)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(writing)
  })
})

describe('protocol versions', () => {
  it.each([0x0003_0001, 0x0003_0002, 0x0003_0003, 0x0003_ffff])('%i is answered as the server answers it', async (version) => {
    const direct = await Wire.connect({ port: fixture.postgres.port })
    const ours = await Wire.connect({ port: fixture.port })
    const parameters = version % 2 ? { '_pq_.one': 'x', '_pq_.two': '' } : {}
    expect(await direct.login({ ...SHOP, version, parameters })).toBeUndefined()
    expect(await ours.login({ password: AGENT_TOKEN, version, parameters })).toBeUndefined()
    const negotiated = (wire: Wire) => wire.messages.filter(({ tag }) => tag === 'v').map(({ body }) => body.toString('hex'))
    expect(negotiated(ours)).toEqual(negotiated(direct))
    expect(ours.key.secret.length).toBe(direct.key.secret.length)
    for (const wire of [direct, ours]) await wire.end()
  })
})

describe('half-open connections', () => {
  /** Ten thousand: `npm run test:peers -- half-open`. */
  it('1,500 of them, silent: others are served meanwhile, memory stays, and all are closed', async () => {
    const { waits, grownMiB, left, faults } = await floodHalfOpen(fixture, 1_500, LOGIN_TIMEOUT_MS)
    expect(faults).toEqual([])
    expect(waits).toHaveLength(1)
    // Both ends are in this process: most of the wait is for the flood's own sockets.
    expect(waits[0]).toBeLessThan(8_000)
    expect(grownMiB).toBeLessThan(100)
    expect(left).toBe(0)
  })

  it('from one address take no room from another', async () => {
    const sockets = Array.from({ length: 350 }, () => net.connect(fixture.port, '127.0.0.1').on('error', () => undefined))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const socket = net.connect({ port: fixture.port, host: '127.0.0.1', localAddress: '127.0.0.78' })
    const wire = new Wire(socket)
    expect(await wire.login({ password: AGENT_TOKEN })).toBeUndefined()
    wire.destroy()
    for (const each of sockets) each.destroy()
  })
})
