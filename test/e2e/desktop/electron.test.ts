import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../../build/desktop/build-app.ts'
import { firstSettings } from '../../../main/desktop/first-settings.ts'
import { buildPages } from '../../helpers/browser.ts'
import { type DeskHost, startDeskHost } from '../../helpers/desk-host.ts'

/** Electron's program, without importing the package: that would try to fetch it. */
function findElectron(): string | undefined {
  const folder = resolve(import.meta.dirname, '../../../node_modules/electron')
  const note = join(folder, 'path.txt')
  const program = existsSync(note) ? join(folder, 'dist', readFileSync(note, 'utf8').trim()) : undefined
  const display = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
  return program !== undefined && existsSync(program) && display ? program : undefined
}

const electron = findElectron()
if (electron === undefined)
  process.stderr.write('Electron’s runtime or a display is missing: "the desktop app in Electron itself" is skipped\n')

// Not run where the runtime cannot be had. It is the only test of Electron's own side: windows, tray and notifications as the system gets them.
describe.skipIf(electron === undefined)('the desktop app in Electron itself', () => {
  let folder: string
  let host: DeskHost
  let app: ElectronApplication

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-electron-'))
    const pages = await buildPages()
    await buildApp({ out: join(folder, 'app'), packaging: join(folder, 'packaging'), pages })
    rmSync(pages, { recursive: true })
    host = await startDeskHost()
    const data = join(folder, 'data')
    writeFileSync(
      join(folder, 'settings.json'),
      JSON.stringify({ ...firstSettings, mode: { kind: 'desk', address: host.origin, fingerprint: null } }),
    )
    app = await _electron.launch({
      executablePath: electron ?? '',
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${folder}`, join(folder, 'app')],
      env: { ...process.env, XDG_CONFIG_HOME: data } as Record<string, string>,
    })
  }, 180_000)
  afterAll(async () => {
    await app?.close().catch(() => undefined)
    await host?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('starts with a window', async () => {
    const window = await app.firstWindow()
    await expect.poll(() => window.url(), { timeout: 20_000 }).toMatch(/^(sallyport-app:\/\/desktop\/|http:\/\/127\.0\.0\.1)/)
    expect(await window.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false)
  })

  it('hears of a held statement once somebody is signed in, and brings up its card', async () => {
    await app.evaluate(async ({ session }, url) => {
      await session.fromPartition('sallyport').cookies.set({ url, name: 'sallyport-session', value: 'priya' })
    }, host.origin)
    await expect.poll(() => host.streams, { timeout: 20_000 }).toBeGreaterThan(0)
    host.hold({ id: 7, sentence: 'Deletes 840 rows of carts.' })
    const popUp = await app.waitForEvent('window', { predicate: (window) => window.url().includes('popup=1'), timeout: 20_000 })
    expect(popUp.url()).toBe(`${host.origin}/approvals/7?popup=1`)
    const state = await app.evaluate(({ BrowserWindow }) => {
      const found = BrowserWindow.getAllWindows().find((window) => window.isAlwaysOnTop())
      return { visible: found?.isVisible(), focused: found?.isFocused(), size: found?.getSize() }
    })
    expect(state).toEqual({ visible: true, focused: false, size: [420, 560] })
  })

  it('opens a card by a link of the system', async () => {
    host.hold({ id: 42 })
    await app.evaluate(({ app: own }) => own.emit('second-instance', {}, ['sallyport', 'sallyport://approvals/42'], '', {}))
    await expect
      .poll(() => app.windows().map((window) => window.url()), { timeout: 20_000 })
      .toContain(`${host.origin}/approvals/42?popup=1`)
  })

  it('quits', async () => {
    const closed = app.waitForEvent('close')
    await app.evaluate(({ app: own }) => own.quit())
    await closed
  })
})
