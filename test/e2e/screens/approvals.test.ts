import { type Browser, chromium, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeApproval } from '../../renderer/fake-host/made-up-approvals.ts'
import { type FakeHost, startFakeHost } from '../../renderer/fake-host/start-fake-host.ts'
import { workingDay } from '../../renderer/fake-host/state.ts'

// The card's safety, by a person's actions on the built pages; the host is made up so that it can change, refuse and fall silent at will.
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
  await page.goto(`${host.url}/approvals/220`)
  await approve().waitFor()
})
afterEach(async () => {
  await page.close()
  await host.close()
})

const approve = () => page.getByRole('button', { name: /^(Approve|Enter to approve)/ })
const ready = () => page.getByRole('button', { name: /^Approve/, disabled: false }).waitFor()
const change = (id: number, changes: Parameters<typeof makeApproval>[1]) => {
  const before = host.state.approvals.get(id) ?? makeApproval(Date.now(), { id, revision: 0 })
  const approval = { ...before, ...changes, revision: before.revision + 1 }
  host.state.approvals.set(id, approval)
  host.say({ type: 'approval', approval })
}

describe('the card of an approval', () => {
  it('approves by A and Enter, with the reason and the revision that was on screen', async () => {
    await ready()
    await page.getByLabel(/^Reason/).fill('Asked for in ticket 4821.')
    await page.keyboard.press('Escape')
    await page.keyboard.press('a')
    await page.getByRole('button', { name: 'Enter to approve' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('You approved this').waitFor()
    expect(host.decisions).toEqual([
      {
        id: 220,
        body: { decision: 'approve', reason: 'Asked for in ticket 4821.', revision: 1, maxRows: 840 },
        csrf: 'token-of-the-fake',
      },
    ])
  })

  it('does nothing at Enter alone, nor at A while someone types', async () => {
    await ready()
    await page.keyboard.press('Enter')
    await page.getByLabel(/^Reason/).click()
    await page.keyboard.type('a')
    await page.keyboard.press('Enter')
    await page.waitForTimeout(300)
    expect(host.decisions).toEqual([])
  })

  it('says what changed, drops the arming, and decides nothing until a person has looked', async () => {
    await ready()
    await page.keyboard.press('a')
    await page.getByRole('button', { name: 'Enter to approve' }).waitFor()
    change(220, { maxRows: 200 })
    await page.getByText('This changed while you looked.').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForTimeout(200)
    expect(host.decisions).toEqual([])
    await page.getByRole('button', { name: 'Approve, 200 rows at most' }).waitFor()
  })

  it('shows how it stands when the host answers that it is another one by now', async () => {
    await ready()
    const before = host.state.approvals.get(220) ?? makeApproval(0)
    host.state.approvals.set(220, { ...before, revision: 9, maxRows: 5 })
    await approve().click()
    await page.getByText('has changed since you read it').waitFor()
    await page.getByText('At most 5 rows now.').waitFor()
  })

  it('turns deciding off while nothing is heard from the host, and on again', async () => {
    await ready()
    host.silence(true)
    await page.getByText('Connection lost: deciding is off.').waitFor()
    expect(await approve().isDisabled()).toBe(true)
    host.silence(false)
    await page.getByRole('button', { name: 'Try now' }).click()
    await ready()
  })

  it('denies with the words of a suggestion, and shows the error that the agent will read', async () => {
    await ready()
    await page.keyboard.press('d')
    await page.getByText('What should the agent do instead?').waitFor()
    await page.keyboard.press('2')
    expect(await page.locator('.agent-error').innerText()).toContain('ERROR:  Show me the rows with a SELECT first.')
    await page.getByRole('button', { name: 'Deny with this reason', disabled: false }).click()
    await page.getByText('You denied this').waitFor()
    expect(host.decisions[0]?.body).toMatchObject({ decision: 'deny', reason: 'Show me the rows with a SELECT first.' })
  })

  it('grants what the limits say: rows, times, a label shown with a reason', async () => {
    await page.goto(`${host.url}/approvals/218`)
    await ready()
    await page.keyboard.press('l')
    await page.getByLabel('Rows at most').fill('5')
    await page.getByRole('checkbox', { name: 'contact' }).check()
    await page.getByRole('button', { name: 'Approve once, 5 rows at most, contact shown', disabled: false }).click()
    await page.getByText('Say why the values may be shown').waitFor()
    expect(host.decisions).toEqual([])
    await page.getByRole('textbox', { name: 'Reason' }).fill('Ticket 4821 needs the new addresses.')
    await page.keyboard.press('Enter')
    await page.getByText('You approved this').waitFor()
    expect(host.decisions[0]?.body).toMatchObject({
      decision: 'approve',
      maxRows: 5,
      reveal: true,
      reason: 'Ticket 4821 needs the new addresses.',
      revision: 1,
    })
  })

  it('approves in advance, and revokes that', async () => {
    await ready()
    await page.keyboard.press('l')
    await page.getByText('several times').click()
    await page.getByRole('textbox', { name: 'Times' }).fill('3')
    await page.getByRole('button', { name: 'Approve 3 times, 840 rows at most', disabled: false }).click()
    await page.getByText('You approved this').waitFor()
    expect(host.decisions[0]?.body).toMatchObject({ times: 3, maxRows: 840 })
    await page.getByRole('link', { name: /^Standing/ }).click()
    await page.getByRole('button', { name: 'Revoke standing approval 7' }).click()
    await page.getByRole('button', { name: 'Revoke now' }).click()
    await page.waitForFunction(() => document.querySelectorAll('article.standing').length === 1)
  })

  it('rehearses, and takes no decision in the moment when the result appears', async () => {
    await ready()
    await page.keyboard.press('r')
    await page.getByText('12 rows touched in 9 ms, rolled back.').waitFor()
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    expect(host.decisions).toEqual([])
  })

  it('stands alone in a small window, without focus on anything that Enter could press', async () => {
    await page.setViewportSize({ width: 420, height: 560 })
    await page.goto(`${host.url}/approvals/218?popup=1`)
    await ready()
    expect(await page.getByRole('navigation').count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true)
    await page.keyboard.press('Enter')
    expect(host.decisions).toEqual([])
    const foot = await page.locator('.card-foot').boundingBox()
    expect((foot?.y ?? 0) + (foot?.height ?? 0)).toBeLessThanOrEqual(560)
  })

  it('tells of a decision that another person made meanwhile, and takes the buttons away', async () => {
    await ready()
    const by = { name: 'Jonas Weber', issuer: 'https://login.corp/realms/main', subject: 'jonas', kind: 'person' as const }
    change(220, { state: 'used', waiting: false, decision: { decision: 'approve', by, reason: '', at: Date.now(), reveal: false } })
    await page.getByText('Jonas Weber approved this').waitFor()
    expect(await approve().count()).toBe(0)
  })
})

describe('notifications of the browser', () => {
  it('are asked for by a button only, say the plain sentence, and are taken back', async () => {
    await page.addInitScript(() => {
      const log: string[] = []
      class Fake {
        static permission = 'default'
        static requestPermission() {
          log.push('asked')
          Fake.permission = 'granted'
          return Promise.resolve('granted')
        }
        readonly title: string
        constructor(title: string, options: { body: string }) {
          this.title = title
          log.push(`${title} | ${options.body}`)
        }
        close() {
          log.push(`closed ${this.title}`)
        }
      }
      Object.assign(window, { Notification: Fake, notices: log })
      document.hasFocus = () => false
    })
    await page.reload()
    await ready()
    const notices = () => page.evaluate(() => (window as unknown as { notices: string[] }).notices)
    expect(await notices()).toEqual([])
    await page.getByRole('button', { name: 'Notify this browser' }).click()
    await page.getByRole('button', { name: 'Stop notifying' }).waitFor()
    const now = Date.now()
    change(400, { sentence: 'Adds rows to coupons.', askedAt: now, waitUntil: now + 600_000, openUntil: now + 900_000 })
    await expect.poll(notices).toHaveLength(2)
    expect((await notices())[1]).toMatch(/^Adds rows to coupons\. \| Maya Lindqvist with cursor-agent on shop, (9|10) min left$/)
    change(400, { state: 'withdrawn', waiting: false })
    await expect.poll(notices).toContain('closed Adds rows to coupons.')
  })
})

describe('the inbox', () => {
  it('shows a new request at its end, without a reload and once, and counts it in the title', async () => {
    const now = Date.now()
    change(400, { sentence: 'Adds rows to coupons.', askedAt: now, waitUntil: now + 60_000, openUntil: now + 90_000 })
    const items = page.getByRole('list', { name: 'Waiting' }).getByRole('link')
    await page.waitForFunction(() => document.title.startsWith('(4)'))
    expect(await items.count()).toBe(4)
    expect(await items.last().innerText()).toContain('Adds rows to coupons.')
  })

  it('finds what it missed while the connection was lost', async () => {
    await ready()
    host.silence(true)
    await page.getByText('Connection lost').waitFor()
    host.state.approvals.set(401, makeApproval(Date.now(), { id: 401, sentence: 'Adds rows to refunds.', askedAt: Date.now() }))
    const gone = host.state.approvals.get(219)
    if (gone) host.state.approvals.set(219, { ...gone, revision: 2, state: 'withdrawn', waiting: false })
    host.silence(false)
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByRole('list', { name: 'Waiting' }).getByText('Adds rows to refunds.').waitFor()
    expect(await page.getByRole('list', { name: 'Waiting' }).getByText('choosing rows by ssn').count()).toBe(0)
  })
})
