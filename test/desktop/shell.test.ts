import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DesktopSettings } from '../../main/contract/desktop.ts'
import { DESKTOP_CHANNEL } from '../../main/contract/desktop-channels.ts'
import type { Desk } from '../../main/desktop/desk.ts'
import { firstSettings } from '../../main/desktop/first-settings.ts'
import { fingerprintOf } from '../../main/desktop/judge-certificate.ts'
import { startDesktop } from '../../main/desktop/shell/start-desktop.ts'
import { type DeskHost, startDeskHost, until } from '../helpers/desk-host.ts'
import {
  app,
  asked,
  type FakeNotification,
  type FakeWindow,
  powerMonitor,
  resetElectron,
  screen,
  sendFromPage,
  session,
  world,
} from '../helpers/electron/fake.ts'

let folder: string
let host: DeskHost
let desk: Desk | undefined
const logged: string[] = []
const log = { info: () => undefined, warn: (event: string) => void logged.push(event), error: (event: string) => void logged.push(event) }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-shell-'))
  writeFileSync(join(folder, 'licences.json'), JSON.stringify([{ name: 'zod', version: '4', licence: 'MIT', text: 'words' }]))
  resetElectron(folder)
  logged.length = 0
  host = await startDeskHost()
})
afterEach(async () => {
  await desk?.close({ ask: false })
  desk = undefined
  await host.close()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
    for (const heard of process.listeners(signal as NodeJS.Signals).slice(before[signal])) process.off(signal, heard)
  rmSync(folder, { recursive: true, force: true })
})
const before: Record<string, number> = Object.fromEntries(
  ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => [signal, process.listenerCount(signal)]),
)

interface Begin {
  readonly settings?: Partial<DesktopSettings>
  readonly args?: readonly string[]
  readonly platform?: 'linux' | 'darwin' | 'win32'
  readonly signedIn?: boolean
}

/** The app on the test's host, with somebody signed in. */
async function begin({ settings = {}, args = [], platform = 'darwin', signedIn = true }: Begin = {}): Promise<Desk> {
  const mode = { kind: 'desk' as const, address: host.origin, fingerprint: null }
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...firstSettings, mode, ...settings }))
  const started = await startDesktop({
    parts: folder,
    log,
    args,
    env: { HOME: folder },
    platform,
    loadUpdater: async () => Promise.reject(new Error('no updater here')),
  })
  if (started === undefined) throw new Error('another instance runs')
  desk = started
  if (signedIn) {
    await session.fromPartition('sallyport').cookies.set({ url: host.origin, name: 'sallyport-session', value: 'priya' })
    await until('it is live', () => started.state().link === 'live')
  }
  return started
}
const tray = () => asked.trays[0]!
const labels = () => tray().menu.map(({ label }) => label ?? '-')
const shown = (): FakeNotification[] => asked.notifications.filter(({ standing }) => standing)
const popUp = (): FakeWindow | undefined => asked.windows.find(({ options }) => options.alwaysOnTop === true)
const mainWindow = () => asked.windows.find(({ options }) => options.minWidth === 420)!
const ask = (call: string, body: unknown, from = 'sallyport-app://desktop/index.html') =>
  sendFromPage(DESKTOP_CHANNEL, from, { call, body })

describe('the desktop app', () => {
  it('comes up with a skeleton at once, then with the host’s pages, and counts what waits in the tray', async () => {
    host.hold({ id: 4, sentence: 'Changes 12 rows of carts.' })
    await begin()
    expect(mainWindow().loads).toEqual(['sallyport-app://desktop/index.html#/starting', `${host.origin}/`])
    expect(mainWindow().shown).toBe('active')
    expect(tray().image).toContain('pendingTemplate.png')
    expect([tray().title, tray().tooltip]).toEqual(['1', 'Sallyport: 1 statement waits for you'])
    expect(labels()).toContain('Changes 12 rows of carts.')
  })

  it('tells a held statement by notification and by a pop-up that takes no focus; a click opens its card', async () => {
    await begin({ args: ['--hidden'] })
    expect(asked.windows).toHaveLength(0)
    host.hold({ id: 7, sentence: 'Deletes 840 rows of carts.' })
    await until('it is told', () => shown().length === 1)
    expect(shown()[0]?.options).toMatchObject({
      title: 'Deletes 840 rows of carts.',
      silent: false,
      actions: [{ text: 'Approve' }, { text: 'Deny' }],
    })
    expect(popUp()).toMatchObject({ shown: 'inactive', focused: false, onTop: 'floating', bounds: { width: 420, height: 560 } })
    expect(popUp()?.loads).toEqual([`${host.origin}/approvals/7?popup=1`])
    shown()[0]?.emit('click', {})
    expect(popUp()).toMatchObject({ shown: 'active', focused: true })
  })

  it('approves from a notification what was on it, and takes it away', async () => {
    await begin({ args: ['--hidden'] })
    host.hold({ id: 7, revision: 3 })
    await until('it is told', () => shown().length === 1)
    shown()[0]?.emit('action', { actionIndex: 0 })
    await until('it is decided', () => host.approvals.get(7)?.state === 'approved')
    await until('it goes', () => shown().length === 0)
    expect(host.requests.find(({ line }) => line.endsWith('/decision'))?.body).toBe('{"decision":"approve","revision":3}')
  })

  it('opens the card instead, where the request has moved on since the notification', async () => {
    await begin({ args: ['--hidden'], settings: { alerts: { ...firstSettings.alerts, popUp: false } } })
    host.hold({ id: 7, revision: 1 })
    await until('it is told', () => shown().length === 1)
    const [first] = shown()
    host.hold({ id: 7, revision: 2, warnings: ['Untrusted text was read.'] })
    await until('the change is heard', () => desk?.state().held[0]?.revision === 2)
    first?.emit('action', { actionIndex: 0 })
    await until('the card is there', () => popUp()?.shown === 'active')
    expect(host.approvals.get(7)?.state).toBe('pending')
  })

  it('draws no buttons where a passkey is demanded or a warning stands, nor on Linux', async () => {
    await begin({ args: ['--hidden'], platform: 'linux' })
    host.hold({ id: 1 })
    await until('it is told', () => shown().length === 1)
    expect(shown()[0]?.options.actions).toBeUndefined()
    await desk?.close({ ask: false })
    resetElectron(folder)
    host.approvals.clear()
    await begin({ args: ['--hidden'] })
    host.hold({ id: 2, passkey: true })
    host.hold({ id: 3, warnings: ['Untrusted text was read.'] })
    await until('both are told', () => shown().length === 2)
    expect(shown().map(({ options }) => options.actions)).toEqual([undefined, undefined])
  })

  it('takes a notification and the count away when somebody else decides', async () => {
    await begin({ args: ['--hidden'] })
    host.hold({ id: 7 })
    await until('it is told', () => shown().length === 1)
    host.hold({ id: 7, state: 'denied' })
    await until('it goes', () => shown().length === 0)
    expect(tray().image).toContain('idleTemplate.png')
  })

  it('groups many, and is silent as long as somebody has asked for quiet', async () => {
    await begin({ args: ['--hidden'] })
    for (const id of [1, 2, 3, 4]) host.hold({ id })
    await until('they are one', () => shown().length === 1 && shown()[0]?.options.id === 'several')
    tray().click('For 30 minutes')
    await until('quiet', () => shown().length === 0)
    host.hold({ id: 9 })
    await until('it is counted', () => tray().title === '5')
    expect(shown()).toEqual([])
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')).alerts.quietUntil).toBeGreaterThan(Date.now())
  })

  it('pauses all agents once a person has said yes, and shows it', async () => {
    await begin()
    tray().click('Pause all agents…')
    await until('it is asked', () => asked.questions.length === 1)
    expect(host.paused).toBe(false)
    world.answers = [0]
    tray().click('Pause all agents…')
    await until('it is paused', () => host.paused && tray().image.includes('pausedTemplate'))
    expect(labels()).toContain('Let agents go on')
  })

  it('copies a command that connects an agent', async () => {
    await begin()
    tray().click('Copy a command for psql')
    await until('it is copied', () => asked.copied.length === 1)
    expect(asked.copied[0]).toContain('host=127.0.0.1 port=6432 dbname=shop')
  })

  it('says by its icon that the host is silent, and comes back', async () => {
    await begin()
    await host.down()
    await until('trouble', () => tray().image.includes('troubleTemplate'))
    await host.up()
    powerMonitor.emit('resume')
    await until('it is well again', () => tray().image.includes('idleTemplate'))
  })

  it('goes on when its windows are closed, and comes up again from the tray', async () => {
    await begin()
    mainWindow().close()
    expect(mainWindow()).toMatchObject({ destroyed: false, visible: false })
    app.emit('window-all-closed')
    expect(asked.exits).toEqual([])
    tray().emit('click')
    tray().click('Open Sallyport')
    expect(mainWindow().visible).toBe(true)
  })

  it('is one: a second start hands its link over to the first and ends', async () => {
    await begin()
    host.hold({ id: 42 })
    app.emit('second-instance', {}, ['/opt/sallyport', 'sallyport://approvals/42'])
    await until('the card is there', () => popUp()?.shown === 'active')
    expect(popUp()?.loads.at(-1)).toBe(`${host.origin}/approvals/42?popup=1`)
    app.emit('open-url', { preventDefault: () => undefined }, 'sallyport://approvals/43')
    expect(popUp()?.loads.at(-1)).toBe(`${host.origin}/approvals/43?popup=1`)
    world.firstInstance = false
    const second = await startDesktop({
      parts: folder,
      log,
      args: [],
      env: {},
      platform: 'linux',
      loadUpdater: async () => Promise.reject(new Error()),
    })
    expect([second, asked.quits]).toEqual([undefined, 1])
  })

  it('signs in with the system’s browser when a page wants to', async () => {
    await begin({ signedIn: false })
    await until('it is signed out', () => desk?.state().link === 'signed-out')
    expect(labels()).toContain('Sign in…')
    let stopped = false
    const url = `${host.origin}/auth/sign-in?provider=corp&return=%2Fapprovals%2F4&fresh=1`
    mainWindow().webContents.emit('will-navigate', { url, isMainFrame: true, preventDefault: () => (stopped = true) })
    await until('the browser opens', () => asked.opened.length === 1)
    expect(stopped).toBe(true)
    const opened = new URL(asked.opened[0] ?? '')
    expect([opened.origin, opened.pathname, opened.searchParams.get('provider'), opened.searchParams.get('fresh')]).toEqual([
      host.origin,
      '/desktop/sign-in',
      'corp',
      '1',
    ])
  })

  it('keeps where its window stood, on a display that is still there', async () => {
    await begin()
    mainWindow().bounds = { x: 2000, y: 100, width: 900, height: 700 }
    mainWindow().emit('move')
    world.displays = [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }]
    screen.emit('display-removed')
    expect(mainWindow().bounds).toEqual({ x: 1020, y: 100, width: 900, height: 700 })
    mainWindow().emit('move')
    app.quit()
    await until('it has ended', () => asked.exits.length === 1)
    expect(JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')).main).toEqual({
      x: 1020,
      y: 100,
      width: 900,
      height: 700,
      maximized: false,
    })
  })

  it('reloads a page whose process is gone, and tries again after a silent death only so often', async () => {
    await begin()
    const { webContents } = mainWindow()
    for (let i = 0; i < 5; i++) webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    expect(webContents.reloads).toBe(3)
    webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 })
    expect(webContents.reloads).toBe(3)
  })

  it('starts at login where the system’s own way is', async () => {
    await begin()
    tray().click('Start at login')
    expect(asked.loginItems).toEqual([{ openAtLogin: true, args: ['--hidden'] }])
    await desk?.close({ ask: false })
    resetElectron(folder)
    await begin({ platform: 'linux' })
    tray().click('Start at login')
    expect(readFileSync(join(folder, '.config/autostart/sallyport.desktop'), 'utf8')).toContain('--hidden')
  })

  it('puts damaged settings aside, says so, and begins anew', async () => {
    writeFileSync(join(folder, 'settings.json'), '{"version":1,')
    desk = await startDesktop({
      parts: folder,
      log,
      args: [],
      env: {},
      platform: 'linux',
      loadUpdater: async () => Promise.reject(new Error()),
    })
    expect(asked.errors[0]).toContain('was damaged')
    expect(mainWindow().loads).toEqual(['sallyport-app://desktop/index.html#/set-up'])
  })
})

describe('Electron’s security checklist', () => {
  it('holds for every window: sandbox, isolation, no Node, web security, no webview', async () => {
    await begin()
    host.hold({ id: 1 })
    tray().click('Settings…')
    desk?.showCard(1)
    expect(asked.windows).toHaveLength(3)
    for (const { options } of asked.windows)
      expect(options.webPreferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        devTools: false,
      })
    expect(new Set(asked.windows.map(({ options }) => options.webPreferences?.session))).toEqual(
      new Set([session.fromPartition('sallyport')]),
    )
  })

  it('locks navigation, windows, frames and webviews to the host', async () => {
    await begin()
    const { webContents } = mainWindow()
    const stops = (event: string, url: string, isMainFrame = true): boolean => {
      let stopped = false
      webContents.emit(event, { url, isMainFrame, preventDefault: () => (stopped = true) })
      return stopped
    }
    expect(stops('will-navigate', `${host.origin}/sessions`)).toBe(false)
    for (const url of ['https://evil.example/', 'file:///etc/passwd', 'sallyport-app://desktop/index.html']) {
      expect(stops('will-navigate', url), url).toBe(true)
      expect(stops('will-redirect', url), url).toBe(true)
      expect(stops('will-frame-navigate', url, false), url).toBe(true)
    }
    expect(stops('will-frame-navigate', `${host.origin}/`, false)).toBe(true)
    expect(stops('will-attach-webview', '')).toBe(true)
    const details = { url: 'https://evil.example/' } as Parameters<NonNullable<typeof webContents.open>>[0]
    expect(webContents.open?.(details)).toEqual({ action: 'deny' })
    expect(webContents.open?.({ ...details, url: `${host.origin}/sessions/S-1` })).toEqual({ action: 'deny' })
    expect(mainWindow().loads.at(-1)).toBe(`${host.origin}/sessions/S-1`)
    expect(asked.opened).toEqual([])
  })

  it('loads nothing but the host and the app’s own pages, and gives no permission but the clipboard’s', async () => {
    await begin()
    const guarded = session.fromPartition('sallyport')
    const cancelled = (url: string): boolean | undefined => {
      let answer: boolean | undefined
      guarded.beforeRequest?.({ url }, ({ cancel }) => (answer = cancel))
      return answer
    }
    expect([`${host.origin}/api/me`, 'sallyport-app://desktop/index.html', `blob:${host.origin}/1`].map(cancelled)).toEqual([
      false,
      false,
      false,
    ])
    const foreign = [
      'https://evil.example/x.js',
      'http://127.0.0.1:1/',
      'file:///etc/passwd',
      'ws://evil.example/',
      'blob:https://evil.example/1',
      'sallyport-app://evil/',
    ]
    expect(foreign.map(cancelled)).toEqual(foreign.map(() => true))
    type Permission = Parameters<NonNullable<typeof guarded.permission>>[1]
    const permitted = (permission: Permission, requestingUrl: string): boolean | undefined => {
      let answer: boolean | undefined
      guarded.permission?.(null as never, permission, (granted) => (answer = granted), { requestingUrl, isMainFrame: true } as never)
      return answer
    }
    expect(permitted('clipboard-sanitized-write', `${host.origin}/connect`)).toBe(true)
    expect(permitted('clipboard-sanitized-write', 'https://evil.example/')).toBe(false)
    for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'fullscreen'] as const)
      expect(permitted(permission, `${host.origin}/`), permission).toBe(false)
    expect(guarded.permissionCheck?.(null, 'media', host.origin, {} as never)).toBe(false)
    expect(guarded.device?.({ deviceType: 'usb', origin: host.origin, device: {} as never })).toBe(false)
  })

  it('trusts only the pinned certificate of the host', async () => {
    const pem = (name: string) => readFileSync(join(import.meta.dirname, '../helpers/tls', name), 'utf8')
    await host.close()
    host = await startDeskHost({ cert: pem('server.pem'), key: pem('server.key') })
    await begin({ settings: { mode: { kind: 'desk', address: host.origin, fingerprint: fingerprintOf(pem('server.pem')) ?? '' } } })
    const verdict = (hostname: string, data: string): number | undefined => {
      let code: number | undefined
      session.fromPartition('sallyport').verify?.({ hostname, certificate: { data } } as never, (answer) => (code = answer))
      return code
    }
    expect(verdict('127.0.0.1', pem('server.pem'))).toBe(0)
    expect(verdict('127.0.0.1', pem('other.pem'))).toBe(-2)
    expect(verdict('evil.example', pem('server.pem'))).toBe(-2)
  })

  it('answers a message by its sender and its schema, and refuses every other', async () => {
    await begin()
    const page = `${host.origin}/approvals/4`
    expect(await ask('about', {}, page)).toMatchObject({ ok: true, value: { mode: 'desk', host: host.origin, link: 'live' } })
    expect(await ask('showApproval', { id: 4 }, page)).toEqual({ ok: true, value: null })
    expect(mainWindow().loads.at(-1)).toBe(`${host.origin}/approvals/4`)
    expect(await ask('openInBrowser', { path: '//evil.example' }, page)).toEqual({ ok: true, value: null })
    expect(asked.opened).toEqual([`${host.origin}/`])
    const refused: [string, unknown, string][] = [
      ['readSettings', {}, page],
      ['chooseMode', { mode: { kind: 'unset' } }, page],
      ['saveSettings', { startAtLogin: true }, page],
      ['showApproval', { id: 4 }, 'sallyport-app://desktop/index.html'],
      ['about', {}, 'https://evil.example/'],
      ['about', { extra: 1 }, page],
      ['showApproval', { id: '4' }, page],
      ['showApproval', {}, page],
      ['constructor', {}, page],
      ['toString', {}, 'sallyport-app://desktop/'],
    ]
    for (const [call, body, from] of refused) expect(await ask(call, body, from), `${call} from ${from}`).toMatchObject({ ok: false })
    for (const message of [undefined, null, 'about', [], { call: 'about' }, { call: 'about', body: {}, more: 1 }, { call: 5, body: {} }])
      expect(await sendFromPage(DESKTOP_CHANNEL, page, message), JSON.stringify(message)).toMatchObject({ ok: false })
    expect(await sendFromPage(DESKTOP_CHANNEL, page, { call: 'about', body: {} }, { url: 'https://evil.example' })).toMatchObject({
      ok: false,
    })
    expect(await sendFromPage(DESKTOP_CHANNEL, null, { call: 'about', body: {} })).toMatchObject({ ok: false })
    expect(desk?.settings.startAtLogin).toBe(false)
  })

  it('changes settings and mode only for the app’s own pages, with every value checked', async () => {
    await begin()
    expect(await ask('saveSettings', { startAtLogin: true })).toMatchObject({ ok: true, value: { startAtLogin: true } })
    expect(await ask('saveSettings', { mode: { kind: 'unset' } })).toMatchObject({ ok: false })
    expect(await ask('saveSettings', { updates: { from: 'http://releases.corp', publicKey: 'x' } })).toMatchObject({
      ok: false,
      message: 'Releases come over https://.',
    })
    expect(await ask('probeHost', { address: 'http://sallyport.corp' })).toEqual({
      ok: false,
      message: 'Off this machine the address has to begin with https://.',
    })
    expect(await ask('licences', {})).toMatchObject({ ok: true, value: [{ name: 'zod' }] })
    expect(await ask('chooseMode', { mode: { kind: 'host', configFile: join(folder, 'missing.yaml') } })).toEqual({ ok: true, value: null })
    expect(await ask('about', {})).toMatchObject({
      value: { mode: 'host', link: 'failed', trouble: expect.stringContaining('missing.yaml') },
    })
    expect(mainWindow().loads.at(-1)).toBe('sallyport-app://desktop/index.html#/trouble')
  })

  it('serves its own pages with a policy, out of their folder and no other', async () => {
    await begin()
    const serve = session.fromPartition('sallyport').served.get('sallyport-app')!
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(folder, 'pages'))
    writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html>')
    const get = (url: string) => serve(new Request(url))
    const page = await get('sallyport-app://desktop/index.html')
    expect([page.status, page.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining("default-src 'none'; script-src 'self'"),
    ])
    for (const url of [
      'sallyport-app://desktop/../settings.json',
      'sallyport-app://desktop/%2e%2e/settings.json',
      'sallyport-app://other/index.html',
      'sallyport-app://desktop/none.html',
    ])
      expect((await get(url)).status, url).toBe(404)
  })
})

describe('the app’s end', () => {
  it('does not ask in front of a team’s host, and closes the link', async () => {
    await begin()
    tray().click('Quit')
    await until('it has ended', () => asked.exits.length === 1)
    expect(asked.questions).toEqual([])
    expect(asked.windows.every(({ destroyed }) => destroyed)).toBe(true)
  })

  it('ends at a signal and at the system’s shutdown, once', async () => {
    await begin()
    process.emit('SIGTERM', 'SIGTERM')
    powerMonitor.emit('shutdown')
    await until('it has ended', () => asked.exits.length > 0)
    expect(asked.exits).toEqual([0])
  })
})
