import { app, clipboard, dialog, net, powerMonitor, shell as system } from 'electron'
import type { Log } from '../../../proxy/ports.ts'
import { lookForUpdates, type Updater } from '../look-for-updates.ts'
import type { Shell } from '../shell-port.ts'
import { autostartFile, HIDDEN_FLAG, setAutostart } from '../start-at-login.ts'
import type { GuardedSession } from './guard-session.ts'
import type { Notices } from './notices.ts'
import type { TrayIconInPanel } from './tray.ts'
import type { Windows } from './windows.ts'

export interface ShellParts {
  readonly platform: Shell['platform']
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly windows: Windows
  readonly tray: TrayIconInPanel
  readonly notices: Notices
  readonly guarded: GuardedSession
  readonly loadUpdater: () => Promise<Updater>
}

const UNLOCKED_AFTER_S = 1

/** What the desk asks for, done with Electron. No decision is made here. */
export function createElectronShell({ platform, env, log, windows, tray, notices, guarded, loadUpdater }: ShellParts): Shell {
  let endUpdates: () => void = () => undefined
  const ask: Shell['ask'] = async ({ title, detail, yes, no }) => {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: title,
      detail,
      buttons: [yes, no],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
    })
    return response === 0
  }
  return {
    platform,
    // Electron draws buttons on macOS and Windows; libnotify's are not offered.
    noticeButtons: platform !== 'linux',
    drawTray: (view) => tray.draw(view),
    showNotice: (notice, sound) => notices.show(notice, sound),
    closeNotice: (key) => notices.close(key),
    showMain: (page) => windows.showMain(page),
    refreshMain: (page) => windows.refreshMain(page),
    mainFocused: () => windows.mainFocused(),
    showOwn: (screen) => windows.showOwn(screen),
    showPopUp: (id, asked) => windows.showPopUp(id, asked),
    hidePopUp: () => windows.hidePopUp(),
    popUpShows: () => windows.popUpShows(),
    locked: () => powerMonitor.getSystemIdleState(UNLOCKED_AFTER_S) === 'locked',
    openInBrowser(url) {
      // Only the host's own pages are ever opened, so nothing but http and https comes here; anything else would run a program.
      if (!/^https?:\/\//.test(url)) return
      system.openExternal(url).catch((cause: unknown) => log.warn('desktop.browser-failed', { reason: reasonOf(cause) }))
    },
    copy(text) {
      clipboard.writeText(text).catch((cause: unknown) => log.warn('desktop.copy-failed', { reason: reasonOf(cause) }))
    },
    ask,
    async chooseFile(title) {
      const filters = [{ name: 'Configuration', extensions: ['yaml', 'yml', 'json'] }]
      const { canceled, filePaths } = await dialog.showOpenDialog({ title, properties: ['openFile'], filters })
      return canceled ? null : (filePaths[0] ?? null)
    },
    lockTo: (address) => guarded.lockTo(address),
    setSession: (origin, cookie) => guarded.setCookie(origin, cookie),
    readSession: (origin) => guarded.readCookie(origin),
    setStartAtLogin(on) {
      const file = platform === 'linux' ? autostartFile(env) : undefined
      if (file !== undefined) setAutostart(file, env['APPIMAGE'] ?? process.execPath, on)
      else app.setLoginItemSettings({ openAtLogin: on, args: [HIDDEN_FLAG] })
    },
    lookForUpdates(updates) {
      endUpdates()
      endUpdates = () => undefined
      if (updates === null) return
      endUpdates = lookForUpdates({
        updates,
        log,
        load: loadUpdater,
        readText: readSmallText,
        offer: (version) =>
          ask({
            title: `Version ${version} is ready`,
            detail: 'It is signed with your team’s key. Sallyport ends and starts again.',
            yes: 'Install now',
            no: 'Later',
          }),
      })
    },
    tellPages: (about) => windows.tell(about),
    exit: () => app.exit(0),
  }
}

async function readSmallText(url: string): Promise<string> {
  const reply = await net.fetch(url, { credentials: 'omit', redirect: 'error' })
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}`)
  const text = await reply.text()
  if (text.length > 4096) throw new Error(`${url} is no signature`)
  return text
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
