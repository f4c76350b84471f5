/**
 * Pictures of every screen and state, light and dark, at four widths, into `screenshots/` (which git ignores), with axe on each.
 * `node test/e2e/screens/take-screens.ts [part of a name]`; build the pages first. Exits 1 when axe finds something serious.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { chromium, type Page } from 'playwright'
import { type FakeHost, startFakeHost } from '../../renderer/fake-host/start-fake-host.ts'
import { workingDay } from '../../renderer/fake-host/state.ts'
import { shots } from './shots.ts'

const sizes = [
  { name: '1600', width: 1600, height: 1000 },
  { name: '1440', width: 1440, height: 900 },
  { name: '1024', width: 1024, height: 768 },
  { name: '420', width: 420, height: 800 },
  { name: 'pop-up', width: 420, height: 560 },
] as const
const folder = process.env['SCREENS'] ?? 'screenshots'
const wanted = process.argv[2] ?? ''
const onlySize = process.argv[3]

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
let findings = 0
for (const shot of shots.filter((each) => each.name.includes(wanted))) {
  for (const size of sizes.filter((each) => onlySize === undefined || each.name === onlySize)) {
    if (shot.only ? !shot.only.includes(size.name) : size.name === 'pop-up') continue
    const host = await startFakeHost(workingDay(), process.env['PAGES'])
    shot.prepare?.(host)
    for (const scheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport: size,
        colorScheme: scheme,
        deviceScaleFactor: 1,
        bypassCSP: false,
        reducedMotion: 'reduce',
      })
      const page = await context.newPage()
      const name = `${shot.name}-${size.name}-${scheme}`
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of (401|403|404|409|5\d\d)|ERR_|net::/.test(message.text()))
          console.log(`${name}: ${JSON.stringify(message.text())}`)
      })
      page.on('pageerror', (error) => console.log(`${name}: ${error.message}`))
      await page.goto(host.url + shot.path)
      await settle(page)
      await shot.act?.(page, host as FakeHost)
      await settle(page)
      await page.screenshot({ path: `${folder}/${name}.png` })
      findings += await checkWithAxe(page, name)
      await context.close()
      if (shot.act) Object.assign(host.state, workingDay())
      if (shot.act) shot.prepare?.(host)
      host.silence(false)
    }
    await host.close()
  }
}
await browser.close()
console.log(findings === 0 ? 'axe: nothing serious' : `axe: ${findings} findings`)
process.exitCode = findings === 0 ? 0 : 1

async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(350)
}

async function checkWithAxe(page: Page, name: string): Promise<number> {
  // Evaluated by the debugger, which the page's policy does not bind.
  await page.evaluate(axeSource)
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> }
    }
    const result = await axe.run()
    return result.violations.map(
      (each) =>
        `${each.id} (${each.impact}): ${each.nodes.map((node) => `${node.html.slice(0, 160)} ${node.failureSummary.replace(/\s+/g, ' ').slice(0, 200)}`).join(' | ')}`,
    )
  })
  for (const violation of violations) console.log(`${name}: ${violation}`)
  return violations.length
}
