import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPages, findChromium, openBrowser } from '../helpers/browser.ts'
import { type HostFixture, startTestHost } from '../helpers/host-fixture.ts'
import { recordLongSession } from '../helpers/long-recording.ts'
import { APPROVER, type OidcServer, startOidc } from '../helpers/oidc.ts'
import { freePort } from '../helpers/postgres.ts'

const chromium = findChromium()
/** Five events each, and one at either end: a hundred thousand. */
const STATEMENTS = 20_050
/** Longest that the page may be deaf to a person, milliseconds. */
const MOST_MS = 100

describe.skipIf(chromium === undefined)('the replay of a session of 100,000 events', () => {
  let folder: string
  let pages: string
  let oidc: OidcServer
  let host: HostFixture
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-long-'))
    const dataDir = path.join(folder, 'data')
    const id = recordLongSession(dataDir, STATEMENTS)
    const port = await freePort()
    oidc = await startOidc(`http://127.0.0.1:${port}/auth/callback`)
    pages = await buildPages()
    host = await startTestHost(
      {
        issuer: oidc.issuer,
        provider: { clientSecret: oidc.clientSecret },
        web: { listen: `127.0.0.1:${port}` },
        // Nobody connects: the record is all that is looked at.
        connections: [{ name: 'shop', port: await freePort(), database: 'shop', user: 'nobody', password: 'none' }],
      },
      { pagesDirectory: pages, dataDir },
    )
    browser = await openBrowser(chromium ?? '')
    page = await (await browser.newContext({ baseURL: host.web, viewport: { width: 1440, height: 900 } })).newPage()
    await page.addInitScript(() => {
      const seen: number[] = []
      Object.assign(window, { longTasks: seen })
      new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })
    })
    await page.goto(`/sessions/${id}`)
    await page.getByRole('link', { name: /sign in with corp/i }).click()
    await page.locator('input[name=login]').fill(APPROVER.sub)
    await page.locator('input[name=password]').fill('any')
    await page.getByRole('button', { name: /sign-in/i }).click()
    await page.getByText(`1 of ${STATEMENTS.toLocaleString('en-US')}`).waitFor({ timeout: 60_000 })
  })
  afterAll(async () => {
    await browser?.close()
    await host?.stop()
    await oidc?.stop()
    for (const each of [folder, pages]) if (each) fs.rmSync(each, { recursive: true, force: true })
  })

  // Another program on the machine can make a task long: once in three is enough to show that the page does not.
  it('scrolls and seeks without a task over 100 ms', { retry: 2 }, async () => {
    const list = page.locator('.statements-scroll')
    const track = page.locator('.track canvas')
    const box = await track.boundingBox()
    if (!box) throw new Error('there is no timeline')
    await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0))

    for (const share of [0.2, 0.5, 0.9, 0.1]) {
      await list.evaluate((element, to) => element.scrollTo(0, element.scrollHeight * to), share)
      await page.waitForTimeout(60)
    }
    for (const share of [0.3, 0.7, 0.95, 0.05]) {
      await track.click({ position: { x: box.width * share, y: 60 } })
      await page.waitForTimeout(60)
    }
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60)
    for (let turn = 0; turn < 12; turn++) await page.mouse.wheel(0, -200)
    await page.mouse.down()
    for (let step = 0; step < 20; step++) await page.mouse.move(box.x + box.width * (0.4 + step / 50), box.y + 60)
    await page.mouse.up()
    await page.keyboard.press('0')
    for (const key of ['j', 'j', 'k', ']', ']', ' ']) await page.keyboard.press(key)
    await page.waitForTimeout(1000)
    await page.keyboard.press(' ')
    await page.keyboard.press('n')
    await page.keyboard.press('d')
    await page.getByText('The agent saw').waitFor()

    const long = await page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks)
    expect(Math.max(0, ...long)).toBeLessThanOrEqual(MOST_MS)
  })

  it('draws a few dozen rows of them, and opens the moment that an address names', async () => {
    expect(await page.locator('.statements-scroll li').count()).toBeLessThan(80)
    const address = new URL(page.url())
    address.search = '?statement=19999'
    await page.goto(address.toString())
    await page.getByText('19,999 of 20,050').waitFor({ timeout: 60_000 })
    await page.getByText('paid 19999').waitFor()
  })

  it('proves the chain when asked, and not before', async () => {
    expect(await page.getByText(/chain intact/i).count()).toBe(0)
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText(/chain intact, signed/i).waitFor({ timeout: 60_000 })
  })
})
