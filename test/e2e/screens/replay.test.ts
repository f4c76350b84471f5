import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeHost, startFakeHost } from '../../renderer/fake-host/start-fake-host.ts'
import { workingDay } from '../../renderer/fake-host/state.ts'

// The replay by keys alone, as someone without a mouse would use it.
let browser: Browser
let host: FakeHost
let page: Page

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
})
afterAll(() => browser.close())
beforeEach(async () => {
  host = await startFakeHost(workingDay(), process.env['PAGES'])
  page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' })
})
afterEach(async () => {
  await page.close()
  await host.close()
})

const heading = (words: string) => page.getByRole('heading', { name: words })
const current = () => page.locator('[aria-current="true"]').innerText()

describe('the replay, by keys alone', () => {
  beforeEach(async () => {
    await page.goto(`${host.url}/sessions/S-20411?statement=1`)
    await heading('Reads the server’s version.').waitFor()
  })

  it('steps, jumps to the next refusal, approval, write and masked answer, and says where it is in the address', async () => {
    await page.keyboard.press('j')
    await heading('Reads customers, choosing rows by email_status.').waitFor()
    await page.keyboard.press('n')
    await page.keyboard.press('d')
    await heading('Alters a table: customers.').waitFor()
    expect(await page.locator('.agent-error').innerText()).toContain('Schema changes go through migrations.')
    await page.keyboard.press('n')
    await page.keyboard.press('a')
    await page.getByText('Priya Nair approved').waitFor()
    await page.keyboard.press('k')
    await heading('Alters a table: customers.').waitFor()
    await page.waitForURL(/statement=3/)
    await page.reload()
    await heading('Alters a table: customers.').waitFor()
  })

  it('does not play by itself; plays with Space, faster with ], and shows an answer only once it has come', async () => {
    await page.keyboard.press('n')
    await page.keyboard.press('a')
    await page.getByText('Priya Nair approved').waitFor()
    for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowLeft')
    await page.getByText('Here the agent still waits').waitFor()
    expect(await page.getByRole('region', { name: 'Result' }).count()).toBe(0)
    for (let times = 0; times < 4; times++) await page.keyboard.press(']')
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.getByRole('region', { name: 'Result' }).waitFor()
    await page.keyboard.press(' ')
    await page.getByRole('button', { name: 'Play' }).waitFor()
  })

  it('reaches every control with Tab, and the list with Enter', async () => {
    await page.getByRole('button', { name: 'Play' }).focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain('The next statement')
    await page.getByRole('button', { name: /ALTER TABLE/ }).focus()
    await page.keyboard.press('Enter')
    await heading('Alters a table: customers.').waitFor()
    expect(await current()).toContain('ALTER TABLE')
  })
})

describe('a session that runs', () => {
  it('is followed to its end, until someone looks back', async () => {
    await page.goto(`${host.url}/sessions/S-20411`)
    await page.getByRole('button', { name: 'Following live' }).waitFor()
    await page.getByText('Waits for a person').waitFor()
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'Follow live' }).waitFor()
  })

  it('says that its record was altered, and where', async () => {
    host.state.proof = {
      intact: false,
      events: 61,
      signedEvents: 61,
      signedAt: Date.now(),
      fault: { seq: 17, text: 'it was changed: its hash does not fit what it says.' },
    }
    await page.goto(`${host.url}/sessions/S-20411`)
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('Event 17 of 61 does not match its chain').waitFor()
    expect(await page.getByText(/chain intact/i).count()).toBe(0)
  })
})
