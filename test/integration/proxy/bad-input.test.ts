import { randomBytes } from 'node:crypto'
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { AGENT_TOKEN, type GatewayFixture, startGateway } from '../../helpers/gateway-fixture.ts'
import { READS_AND_ASKED_WRITES } from '../../helpers/policy-literal.ts'
import { summarise, Wire } from '../../helpers/wire-client.ts'

const LOGIN_TIMEOUT_MS = 2_500
const LENGTHS = [0, 3, -1, -2147483648, 0x7fffffff]

describe('input that no honest client sends', () => {
  let fixture: GatewayFixture
  beforeAll(async () => {
    fixture = await startGateway({ policy: READS_AND_ASKED_WRITES, tls: true, gateway: { loginTimeoutMs: LOGIN_TIMEOUT_MS } })
  })
  afterAll(async () => fixture?.stop())

  const stillServes = async (): Promise<void> => {
    const wire = await fixture.through()
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
    await wire.end()
  }
  const raw = (): Promise<Wire> => Wire.connect({ port: fixture.port })
  /** What came until the gateway closed. */
  const untilClosed = async (wire: Wire) => {
    expect(await wire.closed(5_000)).toBe(true)
    return summarise(wire.messages)
  }

  describe('before the login', () => {
    it.each(LENGTHS)('closes on a startup packet of length %i at once', async (length) => {
      const wire = await raw()
      wire.send(m.untagged(m.int32(m.PROTOCOL_3_0), length))
      const started = Date.now()
      const { errors, rows } = await untilClosed(wire)
      expect(Date.now() - started).toBeLessThan(LOGIN_TIMEOUT_MS)
      expect(errors.map(({ S }) => S)).toEqual(errors.length ? ['FATAL'] : [])
      expect(rows).toEqual([])
      await stillServes()
    })

    it.each(LENGTHS)('closes on a password message of length %i', async (length) => {
      const wire = await raw()
      wire.send(m.startup({ user: 'agent', database: 'shop' }))
      await wire.until('R')
      wire.send(m.message('p', Buffer.from('x\0'), length))
      const { errors } = await untilClosed(wire)
      expect(errors).toMatchObject([{ S: 'FATAL' }])
      await stillServes()
    })

    it('closes a silent client when the time for the login is over, and says why', async () => {
      const wire = await raw()
      const { errors } = await untilClosed(wire)
      expect(errors).toMatchObject([{ S: 'FATAL', C: '08006' }])
    })

    it('closes a client that stops in the middle of its startup, or after it', async () => {
      const packet = m.startup({ user: 'agent', database: 'shop' })
      for (const part of [packet.subarray(0, 6), packet]) {
        const wire = await raw()
        wire.send(part)
        expect((await untilClosed(wire)).errors.at(-1)).toMatchObject({ S: 'FATAL' })
      }
    })

    it('a client that trickles bytes does not live longer', async () => {
      const wire = await raw()
      const started = Date.now()
      await wire.sendSplit(m.startup({ user: 'agent', database: 'shop' }).subarray(0, 12), 1)
      const timer = setInterval(() => wire.send(Buffer.from('x')), 100)
      await wire.closed(5_000)
      clearInterval(timer)
      expect(Date.now() - started).toBeLessThan(LOGIN_TIMEOUT_MS + 1_500)
    })

    it.each([
      ['random bytes', () => randomBytes(3_000)],
      ['an HTTP request', () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
      ['zeros', () => Buffer.alloc(5_000)],
      ['protocol 2.0', () => m.untagged(m.int32(0x0002_0000))],
      ['protocol 4.0', () => m.startup({ user: 'agent' }, 0x0004_0000)],
      ['parameters without an end', () => m.untagged(Buffer.concat([m.int32(m.PROTOCOL_3_0), Buffer.from('user\0agent\0database\0shop')]))],
      ['a message before the startup', () => m.query('SELECT 1')],
    ])('refuses %s', async (_name, bytes) => {
      const wire = await raw()
      wire.readRaw()
      wire.send(bytes())
      expect(await wire.closed(5_000)).toBe(true)
      await stillServes()
    })

    it('never reads bytes that were stuffed behind SSLRequest in the clear (CVE-2021-23214)', async () => {
      const wire = await raw()
      const received = wire.readRaw()
      wire.send(m.sslRequest(), m.startup({ user: 'agent', database: 'shop' }), m.password(AGENT_TOKEN))
      expect(await wire.closed(5_000)).toBe(true)
      expect(received().toString('latin1')).not.toContain('server_version')
      await stillServes()
    })

    it('never reads bytes that were stuffed behind GSSENCRequest', async () => {
      const wire = await raw()
      const received = wire.readRaw()
      wire.send(m.gssRequest(), m.startup({ user: 'agent', database: 'shop' }), m.password(AGENT_TOKEN), m.query('SELECT 1'))
      await wire.closed(3_000)
      expect(received().toString('latin1')).not.toContain('server_version')
    })

    it('answers GSSENCRequest with N and then takes a startup', async () => {
      const socket = net.connect(fixture.port, '127.0.0.1')
      socket.write(m.gssRequest())
      const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
      expect(answer.toString('latin1')).toBe('N')
      const wire = new Wire(socket)
      expect(await wire.login({ password: AGENT_TOKEN })).toBeUndefined()
      await wire.end()
    })

    it.each([
      ['options', '-c role=postgres'],
      ['role', 'postgres'],
      ['session_authorization', 'postgres'],
      ['replication', 'database'],
      ['search_path', 'no_such_schema'],
      ['search_path', 'public, pg_catalog'],
      ['standard_conforming_strings', 'off'],
      ['client_encoding', 'SJIS'],
      ['local_preload_libraries', 'x'],
      ['default_transaction_read_only', 'off'],
    ])('refuses the startup parameter %s by name', async (name, value) => {
      const wire = await raw()
      const refused = await wire.login({ password: AGENT_TOKEN, parameters: { [name]: value } })
      expect(refused).toMatchObject({ S: 'FATAL' })
      expect(refused?.['M']).toContain(name)
      wire.destroy()
    })

    it('refuses a second startup message behind the first', async () => {
      const wire = await raw()
      wire.send(m.startup({ user: 'agent', database: 'shop' }), m.startup({ user: 'agent', database: 'shop' }))
      wire.send(m.password(AGENT_TOKEN))
      const { errors, rows } = await untilClosed(wire)
      expect(errors.at(-1)).toMatchObject({ S: 'FATAL' })
      expect(rows).toEqual([])
    })

    it('holds one connection’s rubbish against nobody else: many half-open ones, and a login still works', async () => {
      const sockets = Array.from({ length: 150 }, () => net.connect(fixture.port, '127.0.0.1').on('error', () => undefined))
      await stillServes()
      for (const socket of sockets) socket.destroy()
    })
  })

  describe('after the login', () => {
    it.each(LENGTHS)('ends the session on a Query of length %i', async (length) => {
      const wire = await fixture.through()
      wire.send(m.message('Q', Buffer.from('SELECT 1\0'), length))
      const { errors, rows } = await untilClosed(wire)
      expect(errors.at(-1)).toMatchObject({ S: 'FATAL', C: '08P01' })
      expect(rows).toEqual([])
      await stillServes()
    })

    it.each(['Z', 'R', 'T', '\0', 'q', 'W', '\xff'])('ends the session on the unknown message type %j', async (tag) => {
      const wire = await fixture.through()
      wire.send(m.message(tag, Buffer.from('x')))
      expect((await untilClosed(wire)).errors.at(-1)).toMatchObject({ S: 'FATAL', C: '08P01' })
      await stillServes()
    })

    it('ends the session on a password or startup after the login', async () => {
      for (const bytes of [
        m.password(AGENT_TOKEN),
        m.startup({ user: 'x' }),
        m.sslRequest(),
        m.saslInitial('SCRAM-SHA-256', Buffer.alloc(0)),
      ]) {
        const wire = await fixture.through()
        wire.send(bytes)
        expect((await untilClosed(wire)).errors.at(-1)).toMatchObject({ S: 'FATAL' })
      }
      await stillServes()
    })

    it.each([
      ['a Query', () => [m.message('Q', Buffer.from('SELECT 1\0; DROP TABLE public.orders\0'))]],
      ['a Parse', () => [m.message('P', Buffer.from('\0SELECT 1\0DROP TABLE public.orders\0\0\0')), m.sync()]],
    ])('refuses a NUL inside the text of %s, and nothing of it runs', async (_name, frames) => {
      const wire = await fixture.through()
      wire.send(...frames())
      const messages = await wire.until('ZE')
      expect(summarise(messages).errors).toHaveLength(1)
      expect(await fixture.postgres.query('SELECT count(*)::int AS n FROM public.orders', 'shop')).toEqual([{ n: 50 }])
      await stillServes()
    })

    it.each([
      ['Query without its zero byte', () => [m.message('Q', Buffer.from('SELECT 1'))]],
      ['Query that is empty', () => [m.message('Q')]],
      ['Bind cut short', () => [m.parse('SELECT 1'), m.message('B', Buffer.from('\0\0')), m.sync()]],
      [
        'Bind with a parameter longer than the message',
        () => [
          m.parse('SELECT $1'),
          m.message('B', Buffer.concat([Buffer.from('\0\0\0\0\0\x01', 'latin1'), m.int32(1000), Buffer.from('x\0\0')])),
          m.sync(),
        ],
      ],
      [
        'Bind with a negative parameter length',
        () => [
          m.parse('SELECT $1'),
          m.message('B', Buffer.concat([Buffer.from('\0\0\0\0\0\x01', 'latin1'), m.int32(-7), Buffer.from('\0\0')])),
          m.sync(),
        ],
      ],
      ['Describe of an unknown kind', () => [m.message('D', Buffer.from('X\0')), m.sync()]],
      ['Execute with bytes behind it', () => [m.parse('SELECT 1'), m.bind(), m.message('E', Buffer.from('\0\0\0\0\0extra')), m.sync()]],
      ['Parse that announces more types than it has', () => [m.message('P', Buffer.from('\0SELECT 1\0\x7f\xff', 'latin1')), m.sync()]],
      ['Sync with a body', () => [m.message('S', Buffer.from('x'))]],
    ])('answers %s with an error, and goes on serving', async (_name, frames) => {
      const wire = await fixture.through()
      wire.send(...frames())
      const { errors } = summarise(await wire.until('Z', 5_000))
      expect(errors.length).toBeGreaterThan(0)
      expect(errors[0]?.['C']).toMatch(/^(08P01|22P03|42601|0A000|22023)$/)
      await stillServes()
    })

    it('refuses a text over the limit as an SQL error that names the limit, and the session goes on', async () => {
      const wire = await fixture.through()
      const { errors, status } = await wire.query(`SELECT '${'x'.repeat(1024 * 1024)}'`)
      expect(errors).toMatchObject([{ S: 'ERROR', C: '54000' }])
      expect(status).toBe('I')
      expect((await wire.query('SELECT 1')).text).toEqual([['1']])
    })

    it.each([
      ['deep brackets', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`],
      ['a long sum', `SELECT ${Array.from({ length: 20_000 }, () => '1').join('+')}`],
      ['nested comments', `SELECT ${'/*'.repeat(20_000)}${'*/'.repeat(20_000)} 1`],
      ['many statements', 'SELECT 1;'.repeat(20_000)],
      ['a huge list', `SELECT 1 WHERE 1 IN (${Array.from({ length: 50_000 }, (_, i) => i).join(',')})`],
    ])('survives %s: an answer comes, other sessions are served meanwhile', async (_name, sql) => {
      const [wire, other] = [await fixture.through(), await fixture.through()]
      const running = wire.query(sql, 30_000)
      const started = Date.now()
      expect((await other.query('SELECT 1')).text).toEqual([['1']])
      expect(Date.now() - started).toBeLessThan(3_000)
      const { errors, rows } = await running
      expect(errors.length + rows.length).toBeGreaterThan(0)
      await stillServes()
    })

    it('a cancel with a wrong key does nothing, and is told nothing', async () => {
      const wire = await fixture.through()
      const running = wire.query('SELECT count(*) FROM public.customers a, public.customers b, public.customers c, public.customers d')
      const stranger = await raw()
      stranger.send(m.cancelRequest(wire.key.pid, Buffer.alloc(wire.key.secret.length)))
      await stranger.closed(3_000)
      expect(stranger.messages).toEqual([])
      expect((await running).errors).toEqual([])
    })
  })
})
