import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import * as m from '../../helpers/encode.ts'
import { writeConfig } from '../../helpers/host-config.ts'
import { type HostProcess, startHostProcess } from '../../helpers/host-process.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import { Wire } from '../../helpers/wire-client.ts'

/** Some seconds of work that every policy for readers allows. */
const SLOW = `SELECT count(*) FROM public.customers a, public.customers b, public.customers c, public.customers d
  WHERE a.name || b.name <> c.name || d.name`

describe('the host as a process', () => {
  let postgres: Postgres
  let issuer: Issuer
  let folder: string
  let config: string
  const running: HostProcess[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    issuer = await startIssuer()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-life-'))
    config = writeConfig(folder, { issuer: issuer.issuer, connections: [{ name: 'shop', port: postgres.port, ...SHOP }] })
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((host) => host.stop()))
  })
  afterAll(async () => {
    await issuer?.stop()
    await postgres?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const start = async (data = 'data'): Promise<HostProcess> => {
    const host = await startHostProcess(config, path.join(folder, data))
    running.push(host)
    return host
  }
  const login = async (host: HostProcess) => Wire.login({ port: host.proxyPort }, { password: await issuer.mint(), database: 'shop' })

  it('says that it is ready, serves, answers its health, and ends with code 0 on SIGTERM', async () => {
    const host = await start()
    const wire = await login(host)
    expect((await wire.query('SELECT 1')).text).toEqual([['1']])
    expect(await (await fetch(new URL('/api/health', host.web))).json()).toMatchObject({ status: 'ok' })
    expect(await host.stop()).toBe(0)
    expect(await wire.closed()).toBe(true)
    expect(wire.messages.findLast(({ tag }) => tag === 'E')?.body.toString('utf8')).toContain('C57P01')
  })

  it('lets a statement in flight finish before it goes', async () => {
    const host = await start()
    const wire = await login(host)
    wire.send(m.query(SLOW))
    await new Promise((resolve) => setTimeout(resolve, 200))
    const ended = host.stop()
    expect(await wire.answer()).toMatchObject({ errors: [], tags: ['SELECT 1'] })
    expect(await ended).toBe(0)
  })

  it('a second host on the same data directory refuses to start', async () => {
    await start('shared')
    await expect(startHostProcess(config, path.join(folder, 'shared'))).rejects.toThrow(/exit code 1|in use|lock/i)
  })

  it('killed at once, it starts again and its record holds what was sent', async () => {
    const host = await start('crash')
    const wire = await login(host)
    const marker = `SELECT 'marker-${Date.now()}' AS m`
    await wire.query(marker)
    process.kill(host.pid, 'SIGKILL')
    await wire.closed()
    const again = await start('crash')
    const token = await issuer.mint({ sub: 'ada', azp: 'some-tool', groups: ['leads'], authTimeAgo: 10 })
    const seen = async (): Promise<string> => {
      const response = await fetch(new URL('/api/sessions', again.web), { headers: { authorization: `Bearer ${token}` } })
      const { items } = (await response.json()) as { items: { id: string }[] }
      const all = items.map(async ({ id }) =>
        (await fetch(new URL(`/api/sessions/${id}/events`, again.web), { headers: { authorization: `Bearer ${token}` } })).text(),
      )
      return (await Promise.all(all)).join('\n')
    }
    await expect.poll(seen, { timeout: 10_000 }).toContain(marker.slice(8, 24))
  })
})
