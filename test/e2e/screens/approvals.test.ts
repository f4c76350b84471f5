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
      { id: 220, body: { decision: 'approve', reason: 'Asked for in ticket 4821.', revision: 1 }, csrf: 'token-of-the-fake' },
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

  it('tells of a decision that another person made meanwhile, and takes the buttons away', async () => {
    await ready()
    const by = { name: 'Jonas Weber', issuer: 'https://login.corp/realms/main', subject: 'jonas', kind: 'person' as const }
    change(220, { state: 'used', waiting: false, decision: { decision: 'approve', by, reason: '', at: Date.now(), reveal: false } })
    await page.getByText('Jonas Weber approved this').waitFor()
    expect(await approve().count()).toBe(0)
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
