import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Browser, Page } from 'playwright'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DesktopSettings } from '../../../main/contract/desktop.ts'
import { firstSettings } from '../../../main/desktop/first-settings.ts'
import { OWN_CSP } from '../../../main/desktop/own-pages-policy.ts'
import { buildPages, findChromium, openBrowser } from '../../helpers/browser.ts'
import { makeApproval } from '../../renderer/fake-host/made-up-approvals.ts'
import { type FakeHost, startFakeHost } from '../../renderer/fake-host/start-fake-host.ts'
import { workingDay } from '../../renderer/fake-host/state.ts'

const chromium = findChromium()
const SHOTS = process.env['DESKTOP_SHOTS']

interface Told {
  readonly call: string
  readonly body: unknown
}

// The pages in a real Chromium, in windows of the desktop's sizes, with the bridge that the preload makes; the app behind it is the test.
describe.skipIf(chromium === undefined)('the pages with the desktop’s bridge', () => {
  let browser: Browser
  let page: Page
  let told: Told[]
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser?.close())

  /** A window with the bridge. `answers` are the app's. */
  async function open(width: number, height: number, answers: Readonly<Record<string, unknown>> = {}, dark = false): Promise<void> {
    told = []
    page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce', colorScheme: dark ? 'dark' : 'light' })
    await page.exposeFunction('askTheTest', (call: string, body: unknown) => {
      told.push({ call, body })
      const answer = answers[call]
      const value: unknown = typeof answer === 'function' ? answer(body) : (answer ?? null)
      return value instanceof Error ? { ok: false, message: value.message } : { ok: true, value }
    })
    await page.addInitScript(() => {
      const listeners = new Set<(about: unknown) => void>()
      const there = window as unknown as {
        askTheTest(call: string, body: unknown): Promise<never>
        sallyportDesktop: unknown
        tellPage(about: unknown): void
      }
      there.sallyportDesktop = {
        ask: (call: string, body: unknown) => there.askTheTest(call, body),
        onNews: (listener: (about: unknown) => void) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      }
      there.tellPage = (about) => {
        for (const listener of listeners) listener(about)
      }
    })
  }
  const shot = async (name: string): Promise<void> => {
    if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) })
  }
  afterEach(() => page?.close())

  describe('the pop-up, 420 by 560', () => {
    let host: FakeHost
    let pages: string
    beforeAll(async () => {
      pages = await buildPages()
    }, 120_000)
    afterAll(() => rmSync(pages, { recursive: true, force: true }))
    beforeEach(async () => {
      host = await startFakeHost(workingDay(), pages)
    })
    afterEach(() => host.close())
    const approve = () => page.getByRole('button', { name: /^Approve/ })
    const openCard = async (id: number, dark = false) => {
      await open(420, 560, {}, dark)
      await page.goto(`${host.url}/approvals/${id}?popup=1`)
      await page.getByRole('heading', { name: `Approval ${id}` }).waitFor()
    }

    it('shows the card alone: nothing scrolls sideways, nothing is cut, and the decision is in sight', async () => {
      for (const dark of [false, true]) {
        await openCard(220, dark)
        await approve().waitFor()
        await page.waitForTimeout(700)
        await shot(`pop-up-${dark ? 'dark' : 'light'}`)
        const { sideways, foot } = await page.evaluate(() => ({
          sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          foot: document.querySelector('.card-foot')?.getBoundingClientRect().bottom ?? 9999,
        }))
        expect(sideways).toBe(0)
        expect(await approve().evaluate((button) => button.scrollWidth - button.clientWidth)).toBeLessThanOrEqual(0)
        expect(foot).toBeLessThanOrEqual(560)
        expect(await page.getByRole('navigation').count()).toBe(0)
        if (!dark) await page.close()
      }
    })

    it('approves with the revision on screen, and says who decided when it was another', async () => {
      await openCard(220)
      await page.getByRole('button', { name: /^Approve/, disabled: false }).waitFor()
      await page.waitForTimeout(700)
      await approve().click()
      await page.getByText('You approved this').waitFor()
      expect(host.decisions).toEqual([
        { id: 220, body: expect.objectContaining({ decision: 'approve', revision: 1 }), csrf: 'token-of-the-fake' },
      ])
    })

    it('is closed by asking the app, not by the page', async () => {
      await openCard(220)
      await page.getByRole('button', { name: 'Close' }).click()
      await expect.poll(() => told.map(({ call }) => call)).toContain('closePopUp')
    })

    it('opens by a deep link’s number also what nobody has listed, and says when there is no such request', async () => {
      host.state.approvals.set(900, makeApproval(Date.now(), { id: 900, sentence: 'Deletes 3 rows of coupons.' }))
      await openCard(900)
      await page.getByText('Deletes 3 rows of coupons.').waitFor()
      await page.close()
      await open(420, 560)
      await page.goto(`${host.url}/approvals/987654?popup=1`)
      await page.getByText('There is no such request').waitFor()
    })

    it('notifies nobody a second time: where the app does, the page does not', async () => {
      await open(1280, 860)
      await page.goto(`${host.url}/approvals`)
      await page.getByRole('heading', { name: 'Approvals' }).waitFor()
      await page.getByRole('list', { name: 'Waiting' }).waitFor()
      expect(await page.getByRole('button', { name: /Notify/ }).count()).toBe(0)
    })
  })

  describe('the app’s own pages', () => {
    let folder: string
    let server: http.Server
    let origin: string
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sallyport-own-'))
      await build({
        root: resolve(import.meta.dirname, '../../../renderer/desktop'),
        configFile: false,
        logLevel: 'error',
        base: './',
        plugins: [react()],
        build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
      })
      const types: Readonly<Record<string, string>> = {
        '.html': 'text/html',
        '.js': 'text/javascript',
        '.css': 'text/css',
        '.woff2': 'font/woff2',
      }
      // The same policy as in the app.
      server = http.createServer((request, reply) => {
        const file = join(folder, new URL(request.url ?? '/', 'http://x').pathname)
        if (!existsSync(file)) {
          reply.writeHead(404).end()
          return
        }
        reply
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', 'content-security-policy': OWN_CSP })
          .end(readFileSync(file))
      })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    }, 120_000)
    afterAll(() => {
      server?.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const about = { version: '0.1.0', platform: 'linux', mode: 'unset', host: null, link: 'none', trouble: null }
    const goTo = (screen: string) => page.goto(`${origin}/index.html#/${screen}`)
    const violations: string[] = []
    const watch = () =>
      page.on('console', (message) => message.text().includes('Content Security Policy') && violations.push(message.text()))

    it('set up a desk: the address, the fingerprint to compare, and only then the mode', async () => {
      const fingerprint = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(':')
      const certificate = { fingerprint, subject: 'sallyport.corp', issuer: 'Corp authority', validTo: 'Nov 24 2027', trusted: false }
      await open(1280, 860, { about, probeHost: { address: 'https://sallyport.corp:8443', certificate } })
      watch()
      await goTo('set-up')
      await page.getByRole('button', { name: /A desk at my team’s host/ }).waitFor()
      await shot('set-up')
      await page.getByRole('button', { name: /A desk at my team’s host/ }).click()
      await page.getByLabel('Its address').fill('https://sallyport.corp:8443')
      await page.keyboard.press('Enter')
      await page.getByText('Compare the fingerprint').waitFor()
      await shot('set-up-fingerprint')
      expect(told.some(({ call }) => call === 'chooseMode')).toBe(false)
      await page.getByRole('button', { name: 'It is the same, use this host' }).click()
      await expect
        .poll(() => told.at(-1))
        .toEqual({ call: 'chooseMode', body: { mode: { kind: 'desk', address: 'https://sallyport.corp:8443', fingerprint } } })
      expect(violations).toEqual([])
    })

    it('says what went wrong in the app’s own words, and tries again when asked', async () => {
      await open(1280, 860, { about: { ...about, mode: 'host', link: 'failed', trouble: 'This desktop has no keyring.' } })
      await goTo('trouble')
      await page.getByText('This desktop has no keyring.').waitFor()
      await shot('trouble')
      await page.getByRole('button', { name: 'Try again' }).click()
      await expect.poll(() => told.at(-1)?.call).toBe('retry')
    })

    it('change a setting at a time, and show what the app made of it', async () => {
      let settings: DesktopSettings = {
        ...firstSettings,
        mode: { kind: 'desk', address: 'https://sallyport.corp:8443', fingerprint: null },
      }
      const save = (changes: object) => {
        settings = { ...settings, ...changes }
        return settings
      }
      await open(560, 640, { about, readSettings: () => settings, saveSettings: save })
      await goTo('settings')
      await page.getByLabel('Bring up its card').click()
      await expect.poll(() => settings.alerts.popUp).toBe(false)
      await page.getByLabel('Sound').selectOption('none')
      await expect.poll(() => settings.alerts.sound).toBe('none')
      await shot('settings')
    })

    it('list the licences, and show a skeleton at once', async () => {
      await open(560, 640, { about, licences: [{ name: 'zod', version: '4.6.7', licence: 'MIT', text: 'Permission is granted.' }] })
      await goTo('about')
      await page.getByText('zod').click()
      await page.getByText('Permission is granted.').waitFor()
      await goTo('starting')
      await page.getByRole('status').waitFor()
      await shot('starting')
    })
  })
})
