import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, dialog, Menu, powerMonitor, screen, type WebContents } from 'electron'
import { z } from 'zod'
import type { Log } from '../../../proxy/ports.ts'
import { licenceSchema } from '../../contract/desktop.ts'
import { DEEP_LINK_SCHEME } from '../../contract/desktop-channels.ts'
import { createPageAnswers } from '../answer-pages.ts'
import { createCrashCounter } from '../count-crashes.ts'
import { Desk } from '../desk.ts'
import { doTrayAct } from '../do-tray-act.ts'
import { safeBack } from '../judge-navigation.ts'
import type { Updater } from '../look-for-updates.ts'
import { findDeepLink, readDeepLink } from '../read-deep-link.ts'
import type { Shell } from '../shell-port.ts'
import { HIDDEN_FLAG } from '../start-at-login.ts'
import { watchNetwork } from '../watch-network.ts'
import { answerIpc } from './answer-ipc.ts'
import { createElectronShell } from './electron-shell.ts'
import { guardContents } from './guard-contents.ts'
import { guardSession } from './guard-session.ts'
import { electronKeychain } from './keychain.ts'
import { Notices } from './notices.ts'
import { declareOwnPages, serveOwnPages } from './serve-own-pages.ts'
import { TrayIconInPanel } from './tray.ts'
import { Windows } from './windows.ts'

export interface DesktopStart {
  /** Where the app's built parts are: `preload.cjs`, `icons/`, `pages/` (its own), `licences.json`. */
  readonly parts: string
  readonly log: Log
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: Shell['platform']
  readonly loadUpdater: () => Promise<Updater>
  /** The host's pages, where they are not beside the program. */
  readonly pagesDirectory?: string
}

/**
 * The whole app. Undefined when another one runs already: that one is told to come up, and this process ends. Everything that has to be registered before
 * Electron is ready is registered before the first await.
 */
export async function startDesktop({
  parts,
  log,
  args,
  env,
  platform,
  loadUpdater,
  pagesDirectory,
}: DesktopStart): Promise<Desk | undefined> {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return undefined
  }
  app.enableSandbox()
  declareOwnPages()
  if (platform === 'win32') app.setAppUserModelId('io.sallyport.desktop')
  if (app.isPackaged) app.setAsDefaultProtocolClient(DEEP_LINK_SCHEME)
  let wanted = findDeepLink(args)
  let desk: Desk | undefined
  const open = (id: number | undefined): void => {
    if (desk === undefined) wanted = id ?? wanted
    else if (id === undefined) desk.shell.showMain(desk.home())
    else desk.showCard(id)
  }
  app.on('second-instance', (_event, argv) => open(findDeepLink(argv)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    open(readDeepLink(url))
  })
  // Closing the last window ends nothing: the tray stays.
  app.on('window-all-closed', () => undefined)
  app.on('activate', () => open(undefined))

  const told = (act: Promise<unknown>): void => {
    act.catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      log.warn('desktop.act-failed', { reason })
      dialog.showErrorBox('Sallyport', reason)
    })
  }
  guardContents({
    origin: () => desk?.address?.origin,
    onSignIn: ({ provider, back, fresh }) => {
      if (desk !== undefined) told(desk.signIn({ provider, fresh }, safeBack(back)))
    },
    onOpen: (path) => desk?.shell.showMain({ kind: 'host', path }),
    onGone: createReloader(log),
  })

  await app.whenReady()
  // No menu of ours has anything to offer, and the default one has developer tools in it. macOS needs its own for copy and paste.
  Menu.setApplicationMenu(
    platform === 'darwin' ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]) : null,
  )
  const folder = app.getPath('userData')
  const guarded = guardSession((present) => desk?.sessionChanged(present))
  serveOwnPages(guarded.session, join(parts, 'pages'))
  const windows = new Windows({
    folder,
    preload: join(parts, 'preload.cjs'),
    icon: join(parts, 'icons', 'app.png'),
    platform,
    session: guarded.session,
    origin: () => desk?.address?.origin,
    onMoved: () => desk?.look(),
    onError: (reason) => log.warn('desktop.window-failed', { reason }),
    developing: !app.isPackaged,
  })
  const quit = createQuit(() => desk, windows, log)
  const tray = new TrayIconInPanel({
    icons: join(parts, 'icons', 'tray'),
    platform,
    desktop: env['XDG_CURRENT_DESKTOP'] ?? '',
    onAct: (does) => {
      if (desk !== undefined) told(doTrayAct(desk, does, Date.now(), quit))
    },
  })
  const notices = new Notices(platform, {
    onOpen: (id) => {
      if (id === undefined) desk?.shell.showMain({ kind: 'host', path: '/approvals' })
      else desk?.showCard(id)
    },
    onDecide: (id, revision, decision) => {
      if (desk !== undefined) told(desk.decideFromNotice(id, revision, decision))
    },
    onClosed: (key) => desk?.noticeClosed(key),
  })
  const shell = createElectronShell({ platform, env, log, windows, tray, notices, guarded, loadUpdater })
  const made = new Desk({
    folder,
    shell,
    keychain: (plainTextKeys) => electronKeychain(platform, plainTextKeys),
    log,
    env,
    ...(pagesDirectory === undefined ? {} : { pagesDirectory }),
  })
  desk = made
  answerIpc(
    () => made.address?.origin,
    createPageAnswers(made, () => readLicences(parts)),
  )
  powerMonitor.on('resume', () => told(made.retry()))
  powerMonitor.on('unlock-screen', () => made.look())
  screen.on('display-removed', () => windows.displaysChanged())
  screen.on('display-metrics-changed', () => windows.displaysChanged())
  watchNetwork(() => told(made.retry()))

  const fault = await made.start(args.includes(HIDDEN_FLAG))
  if (fault !== undefined) dialog.showErrorBox('Sallyport’s settings', fault)
  if (wanted !== undefined) made.showCard(wanted)
  return made
}

/** A page whose process is gone is loaded again, and not for ever. */
function createReloader(log: Log): (contents: WebContents, reason: string) => void {
  const mayReload = createCrashCounter(Date.now)
  return (contents, reason) => {
    log.error('desktop.page-crashed', { reason })
    if (mayReload() && !contents.isDestroyed()) contents.reload()
  }
}

/** Quit drains as SIGTERM does to the headless host: it asks where agents would lose their connections, unless the system itself is ending. */
function createQuit(desk: () => Desk | undefined, windows: Windows, log: Log): () => void {
  let state: 'running' | 'closing' | 'closed' = 'running'
  let ask = true
  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    const closing = desk()?.close({ ask }) ?? Promise.resolve(true)
    closing
      .catch((cause: unknown) => {
        log.error('desktop.close-failed', { reason: cause instanceof Error ? cause.message : String(cause) })
        return true
      })
      .then((closed) => {
        state = closed ? 'closed' : 'running'
        if (!closed) return
        windows.end()
        app.quit()
      })
      .catch((cause: unknown) => log.error('desktop.quit-failed', { reason: String(cause) }))
  })
  const now = (): void => {
    ask = false
    app.quit()
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, now)
  powerMonitor.on('shutdown', now)
  return () => app.quit()
}

async function readLicences(parts: string): Promise<z.output<typeof licenceSchema>[]> {
  return z.array(licenceSchema).parse(JSON.parse(await readFile(join(parts, 'licences.json'), 'utf8')))
}
