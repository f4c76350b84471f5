import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../helpers/browser.ts'
import type { HostFixture } from '../helpers/host-fixture.ts'
import { LEAD, type OidcServer } from '../helpers/oidc.ts'
import { type PageHost, startPageHost } from '../helpers/page-host.ts'
import type { Postgres } from '../helpers/postgres.ts'
import { SHOP } from '../helpers/shop.ts'
import type { Wire } from '../helpers/wire-client.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('an admin sets a host up on its pages', () => {
  let postgres: Postgres
  let oidc: OidcServer
  let host: HostFixture
  let running: PageHost
  let browser: Browser
  let page: Page
  let agent: Wire | undefined

  beforeAll(async () => {
    running = await startPageHost({
      policies: [],
      sensitive: [],
    })
    ;({ postgres, oidc, host, browser } = running)
    page = await (await browser.newContext({ baseURL: host.web, reducedMotion: 'reduce' })).newPage()
    await page.goto('/')
    await page.getByRole('link', { name: /sign in with corp/i }).click()
    await page.locator('input[name=login]').fill(LEAD.sub)
    await page.locator('input[name=password]').fill('any')
    await page.getByRole('button', { name: /sign-in/i }).click()
    await page.getByText('No policy: every statement is denied').waitFor()
  })
  afterAll(async () => {
    agent?.destroy()
    await running?.stop()
  })

  it('the guide: from the start page to the first masked query, and nothing passes before its end', async () => {
    agent = await host.through(await oidc.agentToken())
    expect((await agent.query('SELECT email FROM public.customers WHERE id = 1')).errors).toHaveLength(1)
    await page.getByRole('link', { name: 'Set it up' }).click()
    await page.getByRole('button', { name: 'Continue: test it' }).click()
    await page.getByText(/An agent could work over it: PostgreSQL/).waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByText('Which database shall agents reach?').waitFor()
    await page.getByRole('button', { name: 'Continue: test it' }).click()
    await page.getByRole('button', { name: 'Continue: label what is sensitive', disabled: false }).click()
    await page.getByRole('checkbox', { name: /public\.customers\.email/ }).waitFor()
    await page.getByRole('button', { name: /choose a policy$/ }).click()
    await page.getByRole('radio', { name: /^Reads only/ }).check()
    expect((await agent.query('SELECT email FROM public.customers WHERE id = 1')).errors).toHaveLength(1)
    await page.getByRole('button', { name: 'Put it in force: connect an agent' }).click()
    await page.getByText('Connect an agent to shop').waitFor()

    const fresh = await host.through(await oidc.agentToken())
    const { text } = await fresh.query('SELECT id, email FROM public.customers WHERE id = 1')
    expect(text[0]?.[0]).toBe('1')
    expect(text[0]?.[1]).not.toContain('@')
    expect((await fresh.query('UPDATE public.counters SET n = 1')).errors).toHaveLength(1)
    await page.getByText('First masked answer, done').waitFor({ timeout: 20_000 })
    fresh.destroy()
  })

  it('a column that is labelled on the page is masked in an agent’s next query', async () => {
    expect((await agent?.query('SELECT note FROM public.customers WHERE id = 1'))?.text).toEqual([['nothing special']])
    await page.goto('/masking?table=public.customers')
    await page.getByRole('checkbox', { name: 'Select note' }).check()
    await page.getByRole('combobox', { name: 'Label' }).fill('private')
    await page.getByRole('button', { name: 'Label it in the draft' }).click()
    // Nothing is in force yet, and the preview is of the draft.
    await page.getByText('of the draft').waitFor()
    await page.getByRole('region', { name: 'Preview' }).getByText('*redacted*').first().waitFor()
    expect((await agent?.query('SELECT note FROM public.customers WHERE id = 1'))?.text).toEqual([['nothing special']])
    await page.getByRole('button', { name: 'Review and save…' }).click()
    await page.getByText('shop: public.customers.note is private, redacted').waitFor()
    await page.getByLabel(/^Why/).fill('Notes hold what customers said')
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.getByRole('region', { name: 'Draft' }).waitFor({ state: 'detached' })
    expect((await agent?.query('SELECT note FROM public.customers WHERE id = 1'))?.text).toEqual([['*redacted*']])
  })

  it('somebody else’s change meanwhile is said, and the draft is laid over it', async () => {
    await page.goto('/masking?table=public.customers')
    await page.getByRole('checkbox', { name: 'Select balance' }).check()
    await page.getByRole('combobox', { name: 'Label' }).fill('money')
    await page.getByRole('button', { name: 'Label it in the draft' }).click()
    // As from another tab.
    const status = await page.evaluate(async () => {
      const { csrf } = await (await fetch('/api/me')).json()
      const { version } = await (await fetch('/api/masking')).json()
      const body = JSON.stringify({ version, untrusted: [{ connection: 'shop', tables: ['public.imported'] }] })
      const headers = { 'content-type': 'application/json', [csrf.header]: csrf.token }
      return (await fetch('/api/masking', { method: 'PUT', headers, body })).status
    })
    expect(status).toBe(200)
    await page.getByRole('button', { name: 'Review and save…' }).click()
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.getByText('Somebody changed the configuration meanwhile.').waitFor()
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.getByRole('region', { name: 'Draft' }).waitFor({ state: 'detached' })
    const after = await page.evaluate(
      async (): Promise<{ labels: { label: string }[]; untrusted: unknown[] }> => (await fetch('/api/masking')).json(),
    )
    expect(after.labels.map(({ label }) => label)).toContain('money')
    expect(after.untrusted).toEqual([{ connection: 'shop', tables: ['public.imported'] }])
  })

  it('a connection with a wrong password is tried, and it is said at which step it failed', async () => {
    await page.goto('/connections')
    await page.getByRole('button', { name: 'Add a connection' }).click()
    await page.getByLabel('Name, as agents call it').fill('copy')
    await page.getByLabel('Host', { exact: true }).fill('127.0.0.1')
    await page.getByLabel('Port', { exact: true }).fill(String(postgres.port))
    await page.getByLabel('Database', { exact: true }).fill('shop')
    await page.getByLabel(/^Role/).fill(SHOP.user)
    await page.getByLabel(/^Password/).fill('not the password')
    await page.getByLabel(/^TLS to the database/).selectOption('disable')
    await page.getByLabel('Groups whose agents may connect').fill('ai-agents')
    await page.getByRole('button', { name: 'Test it' }).click()
    await page.getByText('No agent could work over it').waitFor()
    await page.getByRole('listitem').filter({ hasText: 'The password, failed' }).waitFor()
    await page.getByLabel(/^Password/).fill(SHOP.password)
    await page.getByRole('button', { name: 'Test it' }).click()
    await page.getByText(/An agent could work over it: PostgreSQL/).waitFor()
    await page.getByRole('button', { name: 'Review and save…' }).click()
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.getByRole('region', { name: 'copy' }).getByText('set, in the vault').waitFor()
    expect(await page.content()).not.toContain(SHOP.password)
  })
})
