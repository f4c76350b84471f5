import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPublicKey } from '../../../main/recordings/signing-key.ts'
import { verifyBundle } from '../../../main/recordings/verify-bundle.ts'
import { type HostFixture, startTestHost } from '../../helpers/host-fixture.ts'
import { type Postgres, startPostgres } from '../../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../../helpers/shop.ts'
import type { Wire } from '../../helpers/wire-client.ts'

describe('what the host gives away of its record', () => {
  let postgres: Postgres
  let issuer: Issuer
  let host: HostFixture
  let wire: Wire
  let admin: string
  let received = ''
  const collector = http.createServer((request, response) => {
    request.on('data', (part) => {
      received += part
    })
    request.on('end', () => response.end())
  })

  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    issuer = await startIssuer()
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    const { port } = collector.address() as AddressInfo
    host = await startTestHost({
      issuer: issuer.issuer,
      connections: [{ name: 'shop', port: postgres.port, ...SHOP }],
      extra: { siem: { https: { url: `http://127.0.0.1:${port}/`, token: 'collector-token' } } },
    })
    wire = await host.through(await issuer.mint())
    admin = await issuer.mint({ sub: 'ada', azp: 'some-tool', groups: ['leads'], authTimeAgo: 10 })
    await wire.query('SELECT name FROM public.customers WHERE id = 7')
    await wire.query('DROP TABLE public.customers')
  })
  afterAll(async () => {
    wire?.destroy()
    await host?.stop()
    collector.close()
    await issuer?.stop()
    await postgres?.stop()
  })

  it('streams what was asked and what was said to it', async () => {
    await expect.poll(() => received, { timeout: 20_000 }).toContain('"effect":"deny"')
    expect(received).toContain('DROP TABLE public.customers')
    expect(received).not.toContain('Customer 7')
    expect(host.host.health().detail.siem).toMatchObject({ delivering: true })
  })

  it('says what a draft would have said, and runs nothing', async () => {
    const draft = `policies: [{ name: strict, groups: [ai-agents], connections: [shop], rules: [{ effect: ask, statements: [read], approvers: [dba] }] }]`
    const ask = async () => (await host.call(admin, 'POST', '/api/what-if', { draft, from: 0, to: Date.now() + 60_000 })).body
    await expect.poll(ask, { timeout: 20_000 }).toMatchObject({
      groups: expect.arrayContaining([expect.objectContaining({ was: 'allow', now: 'ask', rule: 'strict/1', changed: true })]),
    })
    const { status, body } = await host.call(admin, 'POST', '/api/what-if', { draft: 'policies: [{}]', from: 0, to: 1 })
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('policies')])
  })

  it('gives a bundle that is proved with the key it tells, and ends all of a person’s sessions', async () => {
    const { body: evidence } = await host.call(admin, 'GET', '/api/evidence')
    const { keys } = evidence as { keys: { publicKey: string }[] }
    const { body: list } = await host.call(admin, 'GET', '/api/sessions')
    const { items } = list as { items: { id: string; who: { issuer: string; subject: string } }[] }
    const first = items[0]
    const { body: bundle } = await host.call(admin, 'GET', `/api/sessions/${first?.id}/export`)
    const proved = verifyBundle(String(bundle).split('\n'), readPublicKey(keys[0]?.publicKey ?? ''))
    expect(proved).toMatchObject({ fault: undefined, signedEvents: proved.events })
    const { body: ended } = await host.call(admin, 'POST', '/api/people/terminate', {
      ...{ issuer: first?.who.issuer, subject: first?.who.subject },
    })
    expect(ended).toEqual({ ended: 1 })
    expect(await wire.closed()).toBe(true)
  })
})
