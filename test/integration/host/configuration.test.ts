import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse } from 'yaml'
import { apply } from '../../../main/cli/apply.ts'
import { pull } from '../../../main/cli/pull.ts'
import { runCli } from '../../../main/cli/run-cli.ts'
import { memoryTerminal } from '../../cli/memory-terminal.ts'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'

/** What the calls answer, as far as these tests look. */
interface Body {
  readonly version: number
  readonly changed: boolean
  readonly endedSessions: number
  readonly yaml: string
  readonly type: string
  readonly detail: string
  readonly ok: boolean
  readonly tests: readonly { readonly passed: boolean; readonly live: boolean }[]
  readonly warnings: readonly { readonly kind?: string; readonly right?: string; readonly message: string }[]
  readonly steps: readonly { readonly step: string; readonly state: string; readonly message: string; readonly todo: string }[]
  readonly source: unknown
  readonly items: readonly Record<string, unknown>[]
}

describe('the configuration of a running host', () => {
  let postgres: Postgres
  let issuer: Issuer
  let host: HostFixture
  let admin: string
  let agent: string
  const call = async (method: string, at: string, body?: unknown, token = admin) => {
    const answer = await host.call(token, method, at, body)
    return { status: answer.status, body: answer.body as Body }
  }

  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    issuer = await startIssuer()
    admin = await issuer.mint({ sub: 'ada', azp: 'some-tool', groups: ['leads'], authTimeAgo: 10 })
    agent = await issuer.mint()
    host = await startTestHost({ issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] })
  })
  afterAll(async () => {
    await host?.stop()
    await issuer?.stop()
    await postgres?.stop()
  })

  it('a policy that is put in force judges the next statement of a running session', async () => {
    const wire = await host.through(agent)
    expect((await wire.query('SELECT count(*) FROM public.orders')).text).toEqual([['50']])
    const { body } = await call('GET', '/api/policies')
    const [policy] = (body.source as { policies: [Record<string, unknown>] }).policies
    const rules = [{ effect: 'deny', tables: ['public.orders'], message: 'Not today.' }, ...(policy['rules'] as unknown[])]
    const order = { version: body.version, policies: [{ ...policy, rules }], comment: 'orders are being moved' }

    expect((await call('PUT', '/api/policies', order, agent)).status).toBe(403)
    expect(await call('PUT', '/api/policies', order)).toMatchObject({ status: 200, body: { version: body.version + 1, changed: true } })
    const [error] = (await wire.query('SELECT count(*) FROM public.orders')).errors
    expect(error).toMatchObject({ C: '42501' })
    expect((await wire.query('SELECT count(*) FROM public.customers')).text).toEqual([['50']])
    expect(await call('PUT', '/api/policies', order)).toMatchObject({
      status: 409,
      body: { type: 'urn:sallyport:problem:changed-meanwhile' },
    })

    const back = await call('POST', `/api/configuration/versions/${body.version}/restore`, { version: body.version + 1 })
    expect(back).toMatchObject({ status: 200, body: { version: body.version + 2 } })
    expect((await wire.query('SELECT count(*) FROM public.orders')).text).toEqual([['50']])
    await wire.end()
    expect((await call('GET', '/api/configuration/versions')).body.items).toMatchObject([
      { source: 'restore', restored: body.version, inForce: true, author: { subject: 'ada' } },
      { source: 'api', comment: 'orders are being moved', inForce: false },
      { source: 'file', author: null },
    ])
  })

  it('policy tests are run with the real catalog, and what the database does not have is told', async () => {
    const { yaml } = (await call('GET', '/api/configuration')).body
    const value = parse(yaml) as Record<string, unknown>
    const test = { connection: 'shop', as: ['ai-agents'], statement: 'select * from public.nothing', expect: 'allow' }
    const sensitive = [{ connection: 'shop', label: 'pii', mask: 'token', columns: ['public.orders.placed_at', 'public.customers.snn'] }]
    const { body } = await call('POST', '/api/configuration/check', { yaml: JSON.stringify({ ...value, sensitive, tests: [test] }) })
    expect(body.tests).toMatchObject([{ live: true }])
    expect(body.warnings.map(({ kind, message }) => `${kind}: ${message}`)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^unused: .*no column public\.customers\.snn/),
        expect.stringMatching(/^mask: .*placed_at.*cannot hold a token/),
      ]),
    )
  })

  it('a group that is taken from a connection ends its sessions, and a new credential holds for the next login', async () => {
    const { body } = await call('GET', '/api/connections')
    const [shop] = body.source as readonly [Record<string, unknown>]
    expect(JSON.stringify(body)).not.toContain(SHOP.password)
    const wire = await host.through(agent)
    const closed = await call('PUT', '/api/connections', { version: body.version, connections: [{ ...shop, groups: ['others'] }] })
    expect(closed).toMatchObject({ status: 200, body: { endedSessions: 1 } })
    expect(await wire.closed()).toBe(true)
    expect(wire.messages.findLast(({ tag }) => tag === 'E')?.body.toString('utf8')).toMatch(/C57P01.*no longer for your groups/s)
    await call('PUT', '/api/connections', { version: body.version + 1, connections: [shop] })

    const running = await host.through(agent)
    const written = await call('PUT', '/api/connections/shop/credential', { password: 'a wrong one' })
    expect(written).toMatchObject({ status: 200, body: { changed: false } })
    expect((await running.query('SELECT 1')).text).toEqual([['1']])
    await expect(host.through(agent)).rejects.toThrow()
    const test = await call('POST', '/api/connections/shop/test')
    expect(test.body.ok).toBe(false)
    expect(test.body.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'name ok',
      'tcp ok',
      'tls ok',
      'authentication failed',
      'database skipped',
      'privileges skipped',
    ])
    expect(test.body.steps[3]?.message).toContain('refused the password')
    await call('PUT', '/api/connections/shop/credential', { password: SHOP.password })
    const again = await host.through(agent)
    expect((await again.query('SELECT 1')).text).toEqual([['1']])
    await Promise.all([running.end(), again.end()])
  })

  it('a connection test says what works, what is wrong, and what the role may do beyond need', async () => {
    const fine = await call('POST', '/api/connections/shop/test')
    expect(fine.body).toMatchObject({ ok: true, server: expect.stringMatching(/^PostgreSQL \d+/) })
    expect(fine.body.warnings.map(({ right }) => right)).toEqual(expect.arrayContaining(['owner', 'create']))
    const draft = {
      name: 'new',
      host: '127.0.0.1',
      port: postgres.port,
      database: 'shop',
      user: 'postgres',
      password: postgres.password,
      tls: 'disable',
    }
    const tried = async (changes: Record<string, unknown>) =>
      (await call('POST', '/api/connections/test', { connection: { ...draft, ...changes } })).body
    const failed = async (changes: Record<string, unknown>) => (await tried(changes)).steps.find(({ state }) => state === 'failed')

    expect((await tried({})).warnings).toMatchObject([
      { right: 'superuser' },
      { right: 'createrole' },
      { right: 'createdb' },
      { right: 'replication' },
      { right: 'bypassrls' },
    ])
    expect(await failed({ host: 'no-such-host.invalid' })).toMatchObject({ step: 'name', todo: expect.stringContaining('Correct host') })
    expect(await failed({ port: 1 })).toMatchObject({ step: 'tcp', message: expect.stringContaining('nothing listens there') })
    expect(await failed({ tls: 'verify-full' })).toMatchObject({ step: 'tls', message: 'The server does not offer TLS.' })
    expect(await failed({ password: 'x' })).toMatchObject({
      step: 'authentication',
      message: expect.stringContaining('refused the password'),
    })
    expect(await failed({ database: 'nope' })).toMatchObject({ step: 'database', message: 'There is no such database on the server.' })
    await postgres.query('CREATE ROLE nobody_at_all LOGIN PASSWORD $$x$$')
    expect(await failed({ user: 'nobody_at_all', password: 'x' })).toMatchObject({
      step: 'privileges',
      message: 'It may read no table or view.',
    })
    // What is kept for a connection is not carried to another server, and nothing else of the host is read.
    const elsewhere = await call('POST', '/api/connections/test', {
      connection: { ...draft, name: 'shop', password: undefined, port: postgres.port + 1 },
    })
    expect(elsewhere).toMatchObject({ status: 400, body: { detail: expect.stringContaining('only sent to its own server') } })
    const stranger = await call('POST', '/api/connections/test', { connection: { ...draft, password: `\${env:PATH}` } })
    expect(stranger).toMatchObject({ status: 400, body: { detail: expect.stringContaining('is not in the configuration in force') } })
  })

  it('an admin cannot lock everybody out by accident', async () => {
    const { yaml, version } = (await call('GET', '/api/configuration')).body
    const locked = yaml.replace('leads', 'nobody')
    expect(locked).not.toBe(yaml)
    const no = await call('PUT', '/api/configuration', { version, yaml: locked })
    expect(no).toMatchObject({
      status: 422,
      body: { type: 'urn:sallyport:problem:needs-force', detail: expect.stringContaining('no longer be an admin') },
    })
    expect((await call('GET', '/api/configuration')).body.version).toBe(version)
  })

  it('pull and apply bring the same back, show the difference, and are in the audit', async () => {
    const run = async (...args: string[]) => {
      const terminal = memoryTerminal({ SALLYPORT_TOKEN: admin })
      const code = await runCli([...args, '--url', host.web], { apply, pull }, '9.9.9', terminal)
      return { code, output: terminal.output(), errors: terminal.errors() }
    }
    const file = path.join(host.folder, 'pulled.yaml')
    const pulled = await run('pull')
    expect(pulled.code).toBe(0)
    fs.writeFileSync(file, pulled.output)
    expect(await run('apply', file)).toMatchObject({ code: 0, output: expect.stringContaining('Nothing changes') })
    fs.writeFileSync(file, pulled.output.replace('maxRows: 1000', 'maxRows: 10'))
    const dry = await run('apply', file, '--dry-run')
    expect(dry).toMatchObject({ code: 0, output: expect.stringContaining('It could be put in force.') })
    expect(dry.output).toMatch(/^- .*maxRows: 1000 }\n\+ .*maxRows: 10 }\n/m)
    expect(await run('apply', file, '--comment', 'fewer')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/Version \d+ is in force/),
    })
    fs.writeFileSync(file, 'connections: 7')
    expect(await run('apply', file)).toMatchObject({ code: 1, errors: expect.stringContaining(`${file}:1:14: connections`) })
    // The store is filled behind the record.
    const audit = await vi.waitUntil(
      async () => {
        const { body } = await call('GET', '/api/audit?act=configuration-applied')
        return body.items.length > 0 && body
      },
      { timeout: 10_000 },
    )
    expect(audit.items[0]).toMatchObject({ act: 'configuration-applied', outcome: 'done', by: { subject: 'ada' } })
  })

  it('what was put in force is in force after a restart, and vault and store tell no credential', async () => {
    const literal = { issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] }
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-restart-'))
    const first = await startTestHost(literal, { dataDir })
    const { body } = await first.call(admin, 'GET', '/api/configuration')
    const { version, yaml } = body as Body
    const closed = yaml.replace('"allow"', '"deny"')
    expect((await first.call(admin, 'PUT', '/api/configuration', { version, yaml: closed })).status).toBe(200)
    await first.stop()
    const second = await startTestHost(literal, { dataDir })
    const wire = await second.through(agent)
    expect((await wire.query('SELECT count(*) FROM public.orders')).errors).toMatchObject([{ C: '42501' }])
    expect((await second.call(admin, 'GET', '/api/configuration')).body).toMatchObject({
      version: version + 1,
      source: 'api',
      yaml: closed,
    })
    await wire.end()
    await second.stop()
    for (const name of fs.readdirSync(dataDir).filter((one) => one.startsWith('host.db'))) {
      expect(fs.readFileSync(path.join(dataDir, name)).includes(SHOP.password)).toBe(false)
    }
    fs.rmSync(dataDir, { recursive: true, force: true })
  })
})
