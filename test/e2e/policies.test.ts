import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../helpers/browser.ts'
import { examplePolicies } from '../helpers/host-config.ts'
import type { HostFixture } from '../helpers/host-fixture.ts'
import { LEAD, type OidcServer } from '../helpers/oidc.ts'
import { type PageHost, startPageHost } from '../helpers/page-host.ts'
import type { Wire } from '../helpers/wire-client.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('an admin changes the policy on the page', () => {
  let oidc: OidcServer
  let host: HostFixture
  let running: PageHost
  let browser: Browser
  let page: Page
  let agent: Wire

  beforeAll(async () => {
    running = await startPageHost({
      policies: examplePolicies(['shop'], '2m'),
      sensitive: [{ connection: 'shop', label: 'pii', mask: 'redact', columns: ['public.customers.ssn', 'public.customers.card'] }],
    })
    ;({ oidc, host, browser } = running)
    page = await (await browser.newContext({ baseURL: host.web, viewport: { width: 1400, height: 900 } })).newPage()
    await page.goto('/policies')
    await page.getByRole('link', { name: /sign in with corp/i }).click()
    await page.locator('input[name=login]').fill(LEAD.sub)
    await page.locator('input[name=password]').fill('any')
    await page.getByRole('button', { name: /sign-in/i }).click()
    await page.getByRole('button', { name: 'Move rule 4' }).waitFor()
    agent = await host.through(await oidc.agentToken())
  })
  afterAll(async () => {
    agent?.destroy()
    await running?.stop()
  })

  const ALTER = 'ALTER TABLE public.counters ADD COLUMN extra int'
  /** What an agent is told of it now. */
  const told = async (sql: string) => JSON.stringify((await agent.query(sql, 20_000)).errors)

  it('moves and edits rules, tries the draft, saves it; the running session is judged by it; and puts the old one back', async () => {
    expect(await told(ALTER)).toContain('agents/4')

    // By keys: the last rule to the top.
    for (const place of [4, 3, 2]) {
      await page.getByRole('button', { name: `Move rule ${place}` }).focus()
      await page.keyboard.press('Alt+ArrowUp')
    }
    await page.getByRole('button', { name: 'Edit rule 1' }).click()
    await page.getByLabel('What the agent is told').fill('Write a migration instead.')
    await page.getByRole('button', { name: 'Put into the draft' }).click()
    await page.getByText('Not in force yet').waitFor()
    expect(await told(ALTER)).toContain('agents/4')

    await page.getByLabel('Statement').fill(ALTER)
    await page.keyboard.press('Control+Enter')
    await page.getByRole('region', { name: 'Try it' }).getByRole('link', { name: 'agents/1' }).waitFor()
    await page.getByRole('button', { name: 'Keep as a test' }).click()

    // Leaving asks first.
    await page.getByRole('link', { name: 'Audit' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()

    await page.keyboard.press('Control+s')
    await page.getByLabel('Why, for those who read the versions later').fill('Schema changes are refused first')
    await page.getByRole('button', { name: 'Put in force' }).click()
    await page.getByText('Version 2 is in force.').last().waitFor()
    const refused = await told(ALTER)
    expect(refused).toContain('agents/1')
    expect(refused).toContain('Write a migration instead.')

    await page.getByRole('link', { name: 'Versions' }).click()
    await page.getByText('Schema changes are refused first').waitFor()
    await page.getByRole('button', { name: 'Restore version 1' }).click()
    await page.getByLabel('Why', { exact: true }).fill('Back')
    await page.getByRole('button', { name: 'Restore version 1', exact: true }).last().click()
    await page.getByText('Version 1 again: Back').waitFor()
    expect(await told(ALTER)).toContain('agents/4')
  }, 90_000)
})
