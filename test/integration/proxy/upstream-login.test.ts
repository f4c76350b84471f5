import net from 'node:net'
import tls from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openUpstream } from '../../../proxy/login/upstream.ts'
import type { Upstream } from '../../../proxy/ports.ts'
import * as m from '../../helpers/encode.ts'
import {
  authentication,
  errorMessage,
  type FalseServer,
  keyData,
  ready,
  secureServer,
  startFalseServer,
} from '../../helpers/false-server.ts'
import { pem } from '../../helpers/gateway-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'

const SECRET = 'pässword-7Q'
const base: Omit<Upstream, 'port'> = {
  connection: 'shop',
  host: '127.0.0.1',
  database: 'postgres',
  user: 'app',
  password: SECRET,
  tls: 'disable',
  limits: { statementTimeoutMs: 1_000, rows: 1, resultBytes: 1, connectionsPerPerson: 1 },
}

/** How the login ended: the keys and parameters it got, or the refusal, in which the credential never is. */
async function attempt(upstream: Partial<Upstream> & { readonly port: number }, timeoutMs = 5_000) {
  try {
    const opened = await openUpstream({ ...base, ...upstream }, { settings: new Map(), timeoutMs })
    opened.socket.destroy()
    return { secret: opened.secret.length, version: opened.parameters.get('server_version') }
  } catch (error) {
    const text = String(error instanceof Error ? `${error.message} ${error.stack} ${String(error.cause)}` : error)
    expect(text).not.toContain(SECRET)
    return { refused: error instanceof Error ? error.message : text }
  }
}

const servers: FalseServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

/** A server that says these messages once it has the startup, whatever comes. */
async function saying(...bytes: Buffer[]): Promise<FalseServer> {
  const server = await startFalseServer((socket) => socket.once('data', () => socket.write(Buffer.concat(bytes))))
  servers.push(server)
  return server
}

describe('a real server', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres({ tls: true, sql: `CREATE ROLE app LOGIN PASSWORD '${SECRET}'` })
  })
  afterAll(async () => postgres?.stop())

  it('gives a long cancel key, as protocol 3.2 has it', async () => {
    expect(await attempt({ port: postgres.port })).toMatchObject({ secret: 32, version: expect.stringMatching(/^18/) })
  })

  it.each(['disable', 'require', 'verify-full'] as const)('is logged in at with tls %s', async (mode) => {
    expect(await attempt({ port: postgres.port, tls: mode, ca: pem('ca.pem') })).toMatchObject({ secret: 32 })
    expect(await attempt({ port: postgres.port, tls: mode, ca: pem('ca.pem'), host: 'localhost' })).toMatchObject({ secret: 32 })
  })

  it('with a wrong password is told without it', async () => {
    expect(await attempt({ port: postgres.port, password: `${SECRET}x` })).toMatchObject({ refused: expect.stringContaining('28P01') })
  })

  it('behind a go-between with another certificate is not reached: the channel is bound to what we see', async () => {
    const between = await startFalseServer((socket) => {
      secureServer(socket, pem('other.pem'), pem('other.key')).then((client) => {
        const plain = net.connect(postgres.port, '127.0.0.1', () => plain.write(m.sslRequest()))
        plain.once('data', () => {
          const secure = tls.connect({ socket: plain, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
          secure.on('error', () => undefined)
          secure.pipe(client).pipe(secure)
        })
      })
    })
    servers.push(between)
    expect(await attempt({ port: between.port, tls: 'require' })).toMatchObject({ refused: expect.stringMatching(/28000|28P01/) })
  })

  it('whose offer of -PLUS a go-between takes away refuses, since we say that we could', async () => {
    const between = await startFalseServer((socket) => {
      secureServer(socket, pem('other.pem'), pem('other.key')).then((client) => {
        const plain = net.connect(postgres.port, '127.0.0.1', () => plain.write(m.sslRequest()))
        plain.once('data', () => {
          const secure = tls.connect({ socket: plain, rejectUnauthorized: false, ALPNProtocols: ['postgresql'] })
          secure.on('error', () => undefined)
          client.pipe(secure)
          secure.once('data', (first: Buffer) => {
            expect(first.toString('latin1')).toContain('SCRAM-SHA-256-PLUS')
            client.write(authentication(10, Buffer.from('SCRAM-SHA-256\0\0')))
            secure.pipe(client)
          })
        })
      })
    })
    servers.push(between)
    expect(await attempt({ port: between.port, tls: 'require' })).toMatchObject({ refused: expect.stringMatching(/28000|28P01/) })
  })
})

describe('a server’s certificate', () => {
  const serving = async () => {
    const server = await startFalseServer((socket) => {
      secureServer(socket, pem('other.pem'), pem('other.key')).then((secure) =>
        secure.once('data', () => secure.write(Buffer.concat([authentication(0), ready()]))),
      )
    })
    servers.push(server)
    return server
  }

  it('for another host is refused by verify-full although its authority is right', async () => {
    const { port } = await serving()
    const refused = await attempt({ port, tls: 'verify-full', ca: pem('other.pem') })
    expect(refused).toMatchObject({ refused: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') })
  })

  it('of another authority is refused by verify-full, and nothing was said to it', async () => {
    const server = await serving()
    expect(await attempt({ port: server.port, tls: 'verify-full', ca: pem('ca.pem') })).toMatchObject({ refused: expect.any(String) })
    expect(await attempt({ port: server.port, tls: 'verify-full' })).toMatchObject({ refused: expect.any(String) })
    expect(Buffer.concat(server.received).toString('latin1')).not.toContain('app')
  })

  it('is not looked at with require, and verify-full takes the right one', async () => {
    const { port } = await serving()
    expect(await attempt({ port, tls: 'require' })).toMatchObject({ secret: 4 })
  })
})

describe('a hostile server', () => {
  it.each([
    ['no TLS', Buffer.from('N'), 'does not offer TLS'],
    ['an error in clear', errorMessage('08P01'), 'before the TLS handshake'],
    [
      'bytes behind its S, in clear (CVE-2021-23222)',
      Buffer.concat([Buffer.from('S'), authentication(0), ready()]),
      'before the TLS handshake',
    ],
  ])('that answers SSLRequest with %s is left', async (_name, bytes, why) => {
    const server = await saying(bytes)
    expect(await attempt({ port: server.port, tls: 'require' })).toMatchObject({ refused: expect.stringContaining(why) })
    expect(server.received[0]).toHaveLength(8)
  })

  const SCRAM = authentication(10, Buffer.from('SCRAM-SHA-256\0\0'))
  it.each([
    ['is ready without having authenticated us', [ready()], 'before it had authenticated'],
    ['skips the end of SCRAM', [SCRAM, authentication(0), ready()], 'skipped the end of SCRAM'],
    ['asks for clear text in the middle of SCRAM', [SCRAM, authentication(3)], 'changed its mind'],
    ['asks for md5 in the middle of SCRAM', [SCRAM, authentication(5, Buffer.alloc(4))], 'changed its mind'],
    ['begins SCRAM twice', [SCRAM, SCRAM], 'changed its mind'],
    ['goes on with a SCRAM that was not begun', [authentication(11, Buffer.from('r=x'))], 'out of turn'],
    ['ends a SCRAM that was not begun', [authentication(12, Buffer.from('v=x'))], 'out of turn'],
    ['offers no mechanism that we know', [authentication(10, Buffer.from('OAUTHBEARER\0\0'))], 'offers only OAUTHBEARER'],
    ['offers a mechanism without an end', [authentication(10, Buffer.from('SCRAM-SHA-256'))], 'malformed'],
    ['asks for GSS', [authentication(7)], 'does not know (7)'],
    ['asks again after it was content', [authentication(0), authentication(5, Buffer.alloc(4))], 'again'],
    ['has an md5 salt that is short', [authentication(5, Buffer.alloc(2))], 'malformed'],
    ['sends an authentication without a kind', [m.message('R')], 'malformed'],
    ['negotiates a newer version than was asked for', [m.message('v', Buffer.concat([m.int32(0x30003), m.int32(0)]))], 'not asked for'],
    [
      'negotiates options that were not asked for',
      [m.message('v', Buffer.concat([m.int32(0x30000), m.int32(1), Buffer.from('_pq_.x\0')]))],
      'not asked for',
    ],
    ['sends a cancel key of 257 bytes', [authentication(0), keyData(Buffer.alloc(257)), ready()], 'cancel key of 257'],
    ['sends no cancel key', [authentication(0), keyData(Buffer.alloc(0)), ready()], 'cancel key of 0'],
    [
      'sends a long key with protocol 3.0',
      [m.message('v', Buffer.concat([m.int32(0x30000), m.int32(0)])), authentication(0), keyData(Buffer.alloc(32)), ready()],
      'cancel key of 32',
    ],
    ['sends rows', [authentication(0), m.message('D', Buffer.from([0, 0])), ready()], 'unexpected message'],
    ['sends a length that wraps', [m.message('R', m.int32(0), -1)], 'length -1'],
    ['announces two gigabytes', [m.message('S', Buffer.from('x'), 0x7fffffff)], 'length 2147483647'],
    ['sends a parameter without a value', [authentication(0), m.message('S', Buffer.from('server_version'))], 'malformed'],
    ['never stops', [authentication(0), ...Array.from({ length: 2_000 }, () => m.message('N', Buffer.from('\0')))], 'does not end'],
    ['refuses every version', [errorMessage('0A000')], 'the server answered 0A000'],
  ] as const)('that %s is left, kindly', async (_name, messages, why) => {
    const server = await saying(...messages)
    expect(await attempt({ port: server.port })).toMatchObject({ refused: expect.stringContaining(why) })
    expect(Buffer.concat(server.received).toString('latin1')).not.toContain(SECRET)
  })

  it('elsewhere that asks for the password in clear text does not get it', async () => {
    const server = await saying(authentication(3))
    // Not a loopback name, though it leads there.
    const refused = await attempt({ port: server.port, host: '0.0.0.0' })
    expect(refused).toMatchObject({ refused: expect.stringContaining('clear text without TLS') })
    expect(Buffer.concat(server.received).toString('latin1')).not.toContain('ssword')
  })

  it('that asks for 2^31 iterations costs nothing', async () => {
    const server = await startFalseServer((socket) => {
      socket.once('data', () => {
        socket.write(SCRAM)
        socket.once('data', (bytes) => {
          const nonce = /r=(.*)$/.exec(bytes.toString('latin1'))?.[1]
          socket.write(authentication(11, Buffer.from(`r=${nonce}abc,s=AAAA,i=2147483648`)))
        })
      })
    })
    servers.push(server)
    expect(await attempt({ port: server.port })).toMatchObject({ refused: expect.stringContaining('iterations') })
  })

  it('that cannot prove that it knows the password is not believed', async () => {
    const server = await startFalseServer((socket) => {
      socket.once('data', () => {
        socket.write(SCRAM)
        socket.once('data', (bytes) => {
          const nonce = /r=(.*)$/.exec(bytes.toString('latin1'))?.[1]
          socket.write(authentication(11, Buffer.from(`r=${nonce}abc,s=AAAA,i=4096`)))
          socket.once('data', () =>
            socket.write(
              Buffer.concat([authentication(12, Buffer.from(`v=${Buffer.alloc(32).toString('base64')}`)), authentication(0), ready()]),
            ),
          )
        })
      })
    })
    servers.push(server)
    expect(await attempt({ port: server.port })).toMatchObject({ refused: expect.stringContaining('signature is wrong') })
  })

  it.each(['says nothing', 'says nothing after SSLRequest', 'trickles'])('that %s is left in time', async (how) => {
    const server = await startFalseServer((socket) => {
      if (how !== 'trickles') return
      const bytes = m.message('S', Buffer.alloc(5_000, 65))
      let at = 0
      const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 50)
      socket.on('close', () => clearInterval(timer))
    })
    servers.push(server)
    const started = Date.now()
    expect(await attempt({ port: server.port, tls: how.includes('SSL') ? 'require' : 'disable' }, 700)).toMatchObject({
      refused: expect.any(String),
    })
    expect(Date.now() - started).toBeLessThan(2_000)
  })

  it('that closes at once is told as one that cannot be reached', async () => {
    const server = await startFalseServer((socket) => socket.destroy())
    servers.push(server)
    expect(await attempt({ port: server.port })).toMatchObject({ refused: expect.stringContaining('cannot be reached') })
  })
})

describe('something older on the way', () => {
  it('that refuses protocol 3.2 is asked again with 3.0', async () => {
    const server = await startFalseServer((socket) =>
      socket.once('data', (startup) =>
        socket.write(
          startup.readInt32BE(4) === m.PROTOCOL_3_0
            ? Buffer.concat([authentication(0), keyData(Buffer.alloc(4)), ready()])
            : errorMessage('08P01'),
        ),
      ),
    )
    servers.push(server)
    expect(await attempt({ port: server.port })).toMatchObject({ secret: 4 })
    expect(server.received).toHaveLength(2)
  })

  it('that negotiates 3.0 gives a short key', async () => {
    const negotiated = m.message('v', Buffer.concat([m.int32(0x30000), m.int32(0)]))
    const server = await saying(negotiated, authentication(0), keyData(Buffer.alloc(4)), ready())
    expect(await attempt({ port: server.port })).toMatchObject({ secret: 4 })
  })
})
