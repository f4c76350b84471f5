/** The few pictures that README and docs show, compressed, into `docs/screens/`. Build the pages first: `node test/e2e/screens/take-doc-screens.ts`. */
import { mkdir } from 'node:fs/promises'
import { chromium } from 'playwright'
import { startFakeHost } from '../../renderer/fake-host/start-fake-host.ts'
import { workingDay } from '../../renderer/fake-host/state.ts'
import { shots } from './shots.ts'

const wanted = [
  { shot: 'approvals', scheme: 'light' },
  { shot: 'approvals-deny', scheme: 'dark' },
  { shot: 'sessions', scheme: 'light' },
  { shot: 'session', scheme: 'light' },
  { shot: 'policies', scheme: 'light' },
] as const

await mkdir('docs/screens', { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
for (const { shot: name, scheme } of wanted) {
  const shot = shots.find((each) => each.name === name)
  if (!shot) throw new Error(`there is no shot “${name}”`)
  const host = await startFakeHost(workingDay(), process.env['PAGES'])
  shot.prepare?.(host)
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: scheme,
    deviceScaleFactor: 1.25,
    reducedMotion: 'reduce',
  })
  await page.goto(host.url + shot.path.replace(/#.*/, ''))
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(900)
  await shot.act?.(page, host)
  await page.waitForTimeout(500)
  await page.screenshot({ path: `docs/screens/${name}.jpg`, type: 'jpeg', quality: 74 })
  await page.close()
  await host.close()
}
await browser.close()
