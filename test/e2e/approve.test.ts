import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../helpers/browser.ts'
import { examplePolicies } from '../helpers/host-config.ts'
import type { HostFixture } from '../helpers/host-fixture.ts'
import { APPROVER, ENGINEER, LEAD, type OidcServer, type TestPerson } from '../helpers/oidc.ts'
import { type PageHost, startPageHost } from '../helpers/page-host.ts'
import type { Postgres } from '../helpers/postgres.ts'
import { SECRETS, SHOP } from '../helpers/shop.ts'
import { cancel, type Wire } from '../helpers/wire-client.ts'

const chromium = findChromium()

describe.skipIf(chromium === undefined)('a person decides on the page what an agent may do', () => {
  let postgres: Postgres
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
    ;({ postgres, oidc, host, browser } = running)
    page = await signIn(APPROVER)
    agent = await host.through(await oidc.agentToken())
  })
  afterAll(async () => {
    agent?.destroy()
    await running?.stop()
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`the host wrote: ${JSON.stringify(host?.logged.slice(-10))}\n`)
  })

  /** A browser of one's own, signed in at the provider's page. */
  const signIn = async (person: TestPerson): Promise<Page> => {
    const context = await browser.newContext({ baseURL: host.web })
    const opened = await context.newPage()
    await opened.goto('/approvals')
    await opened.getByRole('link', { name: /sign in with corp/i }).click()
    await opened.locator('input[name=login]').fill(person.sub)
    await opened.locator('input[name=password]').fill('any')
    await opened.getByRole('button', { name: /sign-in/i }).click()
    await opened.waitForURL((url) => url.origin === new URL(host.web).origin && url.pathname.startsWith('/approvals'))
    return opened
  }
  const counter = async (id: number): Promise<number | undefined> =>
    (await postgres.query<{ n: number }>(`SELECT n FROM public.counters WHERE id = ${id}`, SHOP.database))[0]?.n
  /** The one card on screen, which nobody had to ask for. */
  const card = (on: Page, sql: string) => on.locator('main').filter({ hasText: sql })

  it('approved with a reason: the row changes, and the session’s page shows who and why', async () => {
    await expect.poll(() => page.getByText(/nothing is waiting/i).count()).toBeGreaterThan(0)
    const sql = 'UPDATE public.counters SET n = 42 WHERE id = 7'
    const running = agent.query(sql, 60_000)

    // It appears by itself: the page is not loaded again.
    await page.evaluate(() => Object.assign(window, { sameDocument: true }))
    await card(page, 'counters')
      .getByRole('button', { name: /approve/i })
      .waitFor()
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
    expect(await counter(7)).toBe(0)
    expect(await page.locator('main').innerText()).toContain('UPDATE')

    await page.getByRole('textbox', { name: /reason/i }).fill('agreed in ticket 4821')
    await approve(page)
    expect((await running).tags).toEqual(['UPDATE 1'])
    expect(await counter(7)).toBe(42)

    await page
      .getByRole('link', { name: /open session|see what it did/i })
      .first()
      .click()
    await page.waitForURL(/\/sessions\//)
    const decision = page.getByRole('complementary', { name: 'Decision' })
    await decision.getByText(/Ada Approver approved/).waitFor()
    await decision.getByText('agreed in ticket 4821').waitFor()
    await page.getByText('UPDATE 1').first().waitFor()
  })

  it('denied with a reason: the agent reads it, nothing changes, and the session goes on', async () => {
    await page.goto('/approvals')
    const running = agent.query('DELETE FROM public.counters WHERE id = 8', 60_000)
    await page.getByRole('button', { name: /^deny/i }).waitFor()
    await page.waitForTimeout(700)
    await page.getByRole('button', { name: /^deny/i }).click()
    await page.getByRole('textbox', { name: /what should the agent do instead/i }).fill('Mark it as closed instead of deleting it.')
    await page.getByRole('button', { name: /deny with this reason/i }).click()
    const { errors, status } = await running
    expect(errors).toMatchObject([{ C: '42501', M: expect.stringContaining('Mark it as closed instead of deleting it.') }])
    expect(status).toBe('I')
    expect(await counter(8)).toBe(0)
    expect((await agent.query('SELECT 1')).text).toEqual([['1']])
  })

  it('someone without the role sees the queue at most, and cannot decide', async () => {
    const engineer = await signIn(ENGINEER)
    const running = agent.query('UPDATE public.counters SET n = 1 WHERE id = 9', 60_000)
    await engineer
      .getByText(/counters/)
      .first()
      .waitFor()
    expect(await engineer.getByRole('button', { name: /^approve/i }).count()).toBe(0)
    await engineer.context().close()
    await page.goto('/approvals')
    await approve(page)
    expect((await running).tags).toEqual(['UPDATE 1'])
  })

  it('two people at once: one approves within limits by keys alone, and the other’s card says so by itself', async () => {
    const other = await signIn(LEAD)
    const running = agent.query('UPDATE public.counters SET n = 5 WHERE id = 11', 60_000)
    await page.goto('/approvals')
    await other.goto('/approvals')
    await card(other, 'counters')
      .getByRole('button', { name: /approve/i })
      .waitFor()
    await page.getByRole('button', { name: /^approve/i, disabled: false }).waitFor()
    await page.keyboard.press('l')
    await page.getByLabel('Rows at most').fill('1')
    await page.getByRole('button', { name: 'Approve once, 1 row at most', disabled: false }).waitFor()
    await page.keyboard.press('Enter')
    expect((await running).tags).toEqual(['UPDATE 1'])
    await other.getByText('Ada Approver approved this').waitFor()
    expect(await other.getByRole('button', { name: /^approve/i }).count()).toBe(0)
    await other.context().close()
  })

  it('nothing is decided on old news: deciding is off while the connection is lost, and on when it is back', async () => {
    await page.goto('/approvals')
    const running = agent.query('UPDATE public.counters SET n = 6 WHERE id = 12', 60_000)
    const button = page.getByRole('button', { name: /^approve/i })
    await button.waitFor()
    await page.context().setOffline(true)
    await page.getByText('Connection lost').waitFor()
    expect(await button.isDisabled()).toBe(true)
    await page.context().setOffline(false)
    await page.getByRole('button', { name: /^approve/i, disabled: false }).waitFor()
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    expect((await running).tags).toEqual(['UPDATE 1'])
  })

  it('a session that has ended is proved on its page', async () => {
    const brief = await host.through(await oidc.agentToken())
    await brief.query('SELECT 41 + 1 AS answer')
    brief.destroy()
    await page.goto('/sessions')
    const ended = async () => {
      const { items } = await page.evaluate(async () => (await fetch('/api/sessions')).json())
      return items.find((one: { live: boolean; statements: number }) => !one.live && one.statements === 1)?.id ?? ''
    }
    await expect.poll(ended, { timeout: 20_000 }).not.toBe('')
    await page
      .locator(`a[href*="${await ended()}"]`)
      .first()
      .click()
    await page.getByText(/chain intact/i).waitFor()
    await page.getByText('42', { exact: true }).waitFor()
  })

  it('a request that the agent takes back can no longer be decided, and the page says so by itself', async () => {
    await page.goto('/approvals')
    const running = agent.query('UPDATE public.counters SET n = 1 WHERE id = 10', 60_000)
    await page.getByRole('button', { name: /^deny/i }).waitFor()
    await cancel({ port: host.proxyPort }, agent.key)
    expect((await running).errors).toMatchObject([{ C: '57014' }])
    await expect.poll(() => page.getByRole('button', { name: /^deny/i }).count()).toBe(0)
    expect(await counter(10)).toBe(0)
  })

  it('the recording shows what the agent saw: masked', async () => {
    await agent.query('SELECT id, name, ssn, card FROM public.customers ORDER BY id LIMIT 3')
    await page.goto('/sessions')
    await page
      .getByRole('link', { name: /cursor agent/i })
      .first()
      .click()
    await page
      .getByRole('region', { name: 'Statements' })
      .getByRole('button', { name: /SELECT id, name, ssn/ })
      .click()
    await page.getByText('Customer 2').first().waitFor()
    const shown = await page.locator('body').innerText()
    for (const secret of SECRETS) expect(shown).not.toMatch(secret)
  })
})

/** A card takes no click in its first moments: it may have appeared under the pointer. */
async function approve(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /approve/i }).last()
  await button.waitFor()
  await page.waitForTimeout(700)
  await button.click()
}
