/** People and agents at a real host before a real PostgreSQL: pausing, expiry, decisions that are signed, and the first start. */
import fs, { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../main/config.ts'
import { startHost } from '../../../main/host.ts'
import { decodeFields } from '../../helpers/decode.ts'
import { query } from '../../helpers/encode.ts'
import { examplePolicies } from '../../helpers/host-config.ts'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { freePort, type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import { Wire } from '../../helpers/wire-client.ts'
import { createSoftwareAuthenticator } from '../../identity/software-authenticator.ts'

let postgres: Postgres
let issuer: Issuer
let host: HostFixture
let dataDir: string
let webPort: number
let admin: string
let approver: string

/** What the calls answer, as far as these tests look. */
interface Body {
  readonly [key: string]: unknown
  readonly type: string
  readonly detail: string
  readonly items: readonly { readonly [key: string]: unknown; readonly id: number; readonly revision: number; readonly state: string }[]
}

const start = (): Promise<HostFixture> =>
  startTestHost(
    {
      issuer: issuer.issuer,
      connections: [{ name: 'shop', port: postgres.port, ...SHOP }],
      web: { listen: `127.0.0.1:${webPort}`, publicUrl: `http://localhost:${webPort}` },
      policies: [
        {
          name: 'signed',
          groups: ['ai-agents'],
          connections: ['shop'],
          rules: [{ effect: 'ask', statements: ['write'], tables: ['public.counters'], approvers: ['dba'], wait: '1m', passkey: true }],
        },
        ...examplePolicies(['shop'], '1m'),
      ],
    },
    { dataDir },
  )

const call = async (token: string | undefined, method: string, at: string, body?: unknown) => {
  const answer = await host.call(token, method, at, body)
  return { status: answer.status, body: answer.body as Body }
}

/** What the client is told last. */
async function farewell(wire: Wire): Promise<Record<string, string | undefined>> {
  const messages = await wire.until('E', 10_000)
  const last = messages.at(-1)
  return last?.tag === 'E' ? decodeFields(last.body) : {}
}

async function refusal(token: string): Promise<Record<string, string | undefined> | undefined> {
  const wire = await Wire.connect({ port: host.proxyPort })
  const fields = await wire.login({ password: token, database: 'shop' })
  wire.destroy()
  return fields
}

beforeAll(async () => {
  postgres = await startPostgres()
  await postgres.query(SHOP_ROLES)
  await postgres.query(`CREATE DATABASE ${SHOP.database}`)
  await postgres.query(SHOP_SQL, SHOP.database)
  issuer = await startIssuer()
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'sallyport-people-'))
  webPort = await freePort()
  admin = await issuer.mint({ sub: 'lena', name: 'Lena Lead', azp: 'tool', groups: ['leads'], authTimeAgo: 10 })
  approver = await issuer.mint({ sub: 'ada', name: 'Ada', azp: 'tool', groups: ['dba'], authTimeAgo: 10 })
  host = await start()
}, 60_000)

afterAll(async () => {
  await host?.stop()
  await issuer?.stop()
  await postgres?.stop()
  if (dataDir !== undefined) fs.rmSync(dataDir, { recursive: true, force: true })
})

describe('pausing agents', () => {
  it('ends what runs and what waits, refuses what comes, and outlives a restart', async () => {
    const agent = await issuer.mint({ sub: 'etl', azp: 'cursor-agent' })
    const running = await host.through(agent)
    const held = await host.through(agent)
    held.send(query("UPDATE public.customers SET note = 'x' WHERE id = 1"))
    await expect.poll(async () => (await call(admin, 'GET', '/api/approvals?state=pending')).body.items.length).toBe(1)
    const id = (await call(admin, 'GET', '/api/approvals?state=pending')).body.items[0]?.id

    const paused = await call(approver, 'POST', '/api/agents/pause', { reason: 'the import went wrong' })
    expect(paused.body).toMatchObject({ ended: 2, paused: { by: { name: 'Ada' }, reason: 'the import went wrong' } })
    expect(await farewell(running)).toMatchObject({ C: '57P01', M: expect.stringContaining('paused by Ada') })
    expect((await call(admin, 'GET', `/api/approvals/${id}`)).body['state']).toBe('withdrawn')
    held.destroy()

    const refused = await refusal(agent)
    expect(refused).toMatchObject({ C: '57P03', M: expect.stringContaining('the import went wrong'), H: expect.stringContaining('admin') })
    expect((await call(approver, 'POST', '/api/agents/resume', {})).status).toBe(403)
    await host.stop()
    host = await start()
    expect(await refusal(agent)).toMatchObject({ C: '57P03' })
    expect((await call(admin, 'GET', '/api/health')).body['detail']).toMatchObject({ agentsPaused: { by: { name: 'Ada' } } })

    expect((await call(admin, 'POST', '/api/agents/resume', {})).status).toBe(200)
    const again = await host.through(agent)
    const { body } = await call(admin, 'GET', '/api/agents')
    expect(body).toMatchObject({ paused: null, items: [{ subject: 'etl', client: 'cursor-agent', liveSessions: [expect.any(String)] }] })
    await again.end()
  }, 60_000)
})

describe('a token’s expiry', () => {
  it('lets the statement in flight finish, then ends the session', async () => {
    // Let in by the half minute that clocks may differ, of which a few seconds are left.
    const wire = await host.through(await issuer.mint({ expiresIn: -28 }))
    const answer = await wire.query('SELECT count(*) FROM (SELECT generate_series(1, 60000000)) numbers', 30_000)
    expect(answer.text, JSON.stringify(answer.errors)).toEqual([['60000000']])
    expect(await farewell(wire)).toMatchObject({ C: '57P01', M: expect.stringContaining('token has expired') })
  }, 60_000)
})

describe('a rule that demands a passkey', () => {
  it('is decided by what its approver’s passkey signed, and by nothing else', async () => {
    const place = { origin: `http://localhost:${webPort}`, rpId: 'localhost' }
    const key = createSoftwareAuthenticator()
    const wire = await host.through(await issuer.mint())
    wire.send(query('UPDATE public.counters SET n = 7 WHERE id = 1'))
    await expect.poll(async () => (await call(approver, 'GET', '/api/approvals?state=pending')).body.items.length).toBe(1)
    const request = (await call(approver, 'GET', '/api/approvals?state=pending')).body.items[0]
    const { id = 0, revision = 0 } = request ?? {}
    expect(request).toMatchObject({ passkey: true, mayDecide: true })
    const decide = (more: object) =>
      call(approver, 'POST', `/api/approvals/${id}/decision`, { decision: 'approve', reason: 'fine', revision, ...more })

    expect(await decide({})).toMatchObject({ status: 403, body: { type: 'urn:sallyport:problem:passkey' } })
    const sign = { decision: 'approve', revision }
    expect(await call(approver, 'POST', `/api/approvals/${id}/passkey`, sign)).toMatchObject({ status: 409 })

    const { body: options } = await call(approver, 'POST', '/api/me/passkeys/options', { for: 'add' })
    const registration = key.create(options['add'] as { challenge: string }, place)
    expect(await call(approver, 'POST', '/api/me/passkeys', { name: 'laptop', registration })).toMatchObject({ status: 200 })
    const { body: other } = await call(approver, 'POST', `/api/approvals/${id}/passkey`, { ...sign, decision: 'deny' })
    expect(await decide({ passkey: key.get(other['proof'] as { challenge: string }, place) })).toMatchObject({ status: 403 })
    const { body: right } = await call(approver, 'POST', `/api/approvals/${id}/passkey`, sign)
    expect(await decide({ passkey: key.get(right['proof'] as { challenge: string }, place) })).toMatchObject({ status: 200 })
    expect((await wire.answer()).tags).toContain('UPDATE 1')
    await wire.end()
    await expect
      .poll(async () => (await call(admin, 'GET', '/api/audit?act=passkey-added')).body.items, { timeout: 5000 })
      .toMatchObject([{ by: { subject: 'ada' }, outcome: 'done' }])
  }, 60_000)
})

describe('the first start, without any admin', () => {
  it('has a code on its console, for one who may configure and nothing else', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'sallyport-first-'))
    const file = path.join(folder, 'sallyport.yaml')
    const connection = {
      name: 'shop',
      engine: 'postgres',
      host: '127.0.0.1',
      port: 1,
      database: 'd',
      user: 'u',
      password: 'p',
      groups: ['x'],
    }
    fs.writeFileSync(file, JSON.stringify({ proxy: { listen: '127.0.0.1:0' }, web: { listen: '127.0.0.1:0' }, connections: [connection] }))
    const logged: { event: string; fields: Record<string, unknown> }[] = []
    const write = (event: string, fields: Record<string, unknown> = {}): void => void logged.push({ event, fields })
    const first = await startHost(loadConfig(file, {}), path.join(folder, 'data'), { log: { info: write, warn: write, error: write } })
    try {
      const code = String(logged.find(({ event }) => event === 'set-up.code')?.fields['code'])
      const post = (at: string, body: unknown, headers: Record<string, string> = {}) =>
        fetch(`${first.web}${at}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        })
      expect(await (await fetch(`${first.web}/api/sign-in`)).json()).toEqual({ providers: [], setUpCode: true })
      expect((await post('/api/sign-in/set-up-code', { code: 'AAAAA-AAAAA-AAAAA-AAAAA' })).status).toBe(403)
      const begun = await post('/api/sign-in/set-up-code', { code: code.toLowerCase() })
      expect(begun.status).toBe(200)
      const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? ''
      expect((await post('/api/sign-in/set-up-code', { code })).status).toBe(403)

      const get = (at: string) => fetch(`${first.web}${at}`, { headers: { cookie } })
      const me = (await (await get('/api/me')).json()) as { roles: string[]; csrf: { header: string; token: string } }
      expect(me.roles).toEqual(['admin'])
      expect((await get('/api/configuration')).status).toBe(200)
      expect((await get('/api/evidence')).status).toBe(403)
      expect(((await (await get('/api/sessions')).json()) as Body).items).toEqual([])
      const ours = { cookie, origin: first.web, [me.csrf.header]: me.csrf.token }
      expect((await post('/api/agents/pause', { reason: 'x' }, ours)).status).toBe(403)
      expect((await post('/api/approvals/1/decision', { decision: 'approve' }, ours)).status).toBe(403)
      expect(JSON.stringify(logged.filter(({ event }) => event !== 'set-up.code'))).not.toContain(code)
    } finally {
      await first.close(0)
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }, 60_000)
})
