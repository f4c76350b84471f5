/** A passkey of a real browser (Chromium's virtual authenticator): registered, and demanded by a rule. */
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser } from '../helpers/browser.ts'
import { query } from '../helpers/encode.ts'
import { type HostFixture, startTestHost } from '../helpers/host-fixture.ts'
import { freePort, type Postgres, startPostgres } from '../helpers/postgres.ts'
import { type Issuer, startIssuer } from '../helpers/provider.ts'
import { SHOP, SHOP_ROLES, SHOP_SQL } from '../helpers/shop.ts'

const chromium = findChromium()

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

describe.skipIf(chromium === undefined)('a passkey of a real browser', () => {
  let postgres: Postgres
  let issuer: Issuer
  let host: HostFixture
  let browser: Browser
  let page: Page
  let approver: string

  beforeAll(async () => {
    postgres = await startPostgres()
    await postgres.query(SHOP_ROLES)
    await postgres.query(`CREATE DATABASE ${SHOP.database}`)
    await postgres.query(SHOP_SQL, SHOP.database)
    issuer = await startIssuer()
    approver = await issuer.mint({ sub: 'ada', name: 'Ada', azp: 'tool', groups: ['dba'], authTimeAgo: 10 })
    const port = await freePort()
    host = await startTestHost({
      issuer: issuer.issuer,
      connections: [{ name: 'shop', port: postgres.port, ...SHOP }],
      web: { listen: `127.0.0.1:${port}`, publicUrl: `http://localhost:${port}` },
      policies: [
        {
          name: 'signed',
          groups: ['ai-agents'],
          connections: ['shop'],
          rules: [{ effect: 'ask', statements: ['write'], approvers: ['dba'], wait: '1m', passkey: true }],
        },
      ],
      sensitive: [],
    })
    browser = await openBrowser(chromium ?? '')
    page = await browser.newPage()
    await page.goto(`${host.web}/api/health`)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    await issuer?.stop()
    await postgres?.stop()
  })

  const call = async (method: string, at: string, body?: unknown): Promise<Answer> => {
    const answer = await host.call(approver, method, at, body)
    return { status: answer.status, body: answer.body as Record<string, unknown> }
  }
  /** What the browser makes of such options, as JSON. */
  const create = (options: unknown): Promise<unknown> =>
    page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json as PublicKeyCredentialCreationOptionsJSON)
      return ((await navigator.credentials.create({ publicKey })) as PublicKeyCredential).toJSON()
    }, options)
  const get = (options: unknown): Promise<unknown> =>
    page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json as PublicKeyCredentialRequestOptionsJSON)
      return ((await navigator.credentials.get({ publicKey })) as PublicKeyCredential).toJSON()
    }, options)

  it('is registered, signs the decision that its rule demands, and is removed with its own proof', async () => {
    const options = await call('POST', '/api/me/passkeys/options', { for: 'add' })
    const added = await call('POST', '/api/me/passkeys', { name: 'laptop', registration: await create(options.body['add']) })
    expect(added, JSON.stringify(added)).toMatchObject({ status: 200, body: { name: 'laptop' } })

    const wire = await host.through(await issuer.mint())
    wire.send(query('UPDATE public.counters SET n = 7 WHERE id = 1'))
    const pending = async () => (await call('GET', '/api/approvals?state=pending')).body['items'] as { id: number; revision: number }[]
    await expect.poll(async () => (await pending()).length).toBe(1)
    const { id = 0, revision = 0 } = (await pending())[0] ?? {}
    const decision = { decision: 'approve', reason: 'fine', revision }
    expect(await call('POST', `/api/approvals/${id}/decision`, decision)).toMatchObject({ status: 403 })
    const asked = await call('POST', `/api/approvals/${id}/passkey`, { decision: 'approve', revision })
    const passkey = await get(asked.body['proof'])
    expect(await call('POST', `/api/approvals/${id}/decision`, { ...decision, passkey })).toMatchObject({ status: 200 })
    expect((await wire.answer()).tags).toContain('UPDATE 1')
    await wire.end()

    const removing = await call('POST', '/api/me/passkeys/options', { for: 'remove' })
    const proof = await get(removing.body['proof'])
    const removed = await call('DELETE', `/api/me/passkeys/${String(added.body['id'])}`, { proof })
    expect(removed).toMatchObject({ status: 200, body: { items: [] } })
  }, 60_000)
})
