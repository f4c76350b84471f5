import { join } from 'node:path'
import { BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, type Session, screen } from 'electron'
import type { DesktopAbout } from '../../contract/desktop.ts'
import { DESKTOP_NEWS_CHANNEL } from '../../contract/desktop-channels.ts'
import { OWN_ORIGIN } from '../judge-sender.ts'
import { readJson, writeJson } from '../keep-json.ts'
import {
  type Box,
  centre,
  clampToDisplays,
  MAIN_LEAST,
  MAIN_SIZE,
  type Places,
  POP_UP_SIZE,
  placePopUp,
  placesSchema,
} from '../place-window.ts'
import type { MainPage, OwnScreen } from '../shell-port.ts'

export interface WindowOptions {
  /** Where the places of windows are kept. */
  readonly folder: string
  readonly preload: string
  /** The app's own picture, for panels that show one. */
  readonly icon: string
  readonly platform: string
  readonly session: Session
  readonly origin: () => string | undefined
  /** Focus, visibility: the plans may have another answer now. */
  readonly onMoved: () => void
  readonly onError: (reason: string) => void
  readonly developing: boolean
}

const OWN_SIZE = { width: 560, height: 640 }
/** A move tells many times a second. */
const SAVE_AFTER_MS = 500

/** The three windows: main, the pop-up, and a small one for settings. Each is made when it is first wanted, and only hidden when it is closed. */
export class Windows {
  readonly #options: WindowOptions
  readonly #placesFile: string
  #places: Places
  #main: BrowserWindow | undefined
  #popUp: BrowserWindow | undefined
  #own: BrowserWindow | undefined
  #showing: number | undefined
  #saving: NodeJS.Timeout | undefined
  /** Windows really close from here on. */
  #ending = false

  constructor(options: WindowOptions) {
    this.#options = options
    this.#placesFile = join(options.folder, 'windows.json')
    // Where a window was is no loss: a damaged file only means that they begin in the middle.
    this.#places = readJson(this.#placesFile, placesSchema, { version: 1 }).value
  }

  showMain(page: MainPage): void {
    const window = this.#main ?? this.#makeMain()
    this.#load(window, page)
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  refreshMain(page: MainPage): void {
    if (this.#main !== undefined) this.#load(this.#main, page)
  }

  mainFocused(): boolean {
    return this.#main?.isFocused() === true && this.#main.isVisible()
  }

  showOwn(screen: OwnScreen): void {
    this.#own ??= this.#make({ ...centre(OWN_SIZE, areas()), resizable: true, maximizable: false, fullscreenable: false })
    const window = this.#own
    window.once('closed', () => {
      if (this.#own === window) this.#own = undefined
    })
    this.#load(window, { kind: 'own', screen })
    window.show()
    window.focus()
  }

  showPopUp(id: number, asked: boolean): void {
    const origin = this.#options.origin()
    if (origin === undefined) return
    const window = this.#popUp ?? this.#makePopUp()
    window.setBounds(placePopUp(this.#places.popUp, areas(), this.#options.platform))
    if (this.#showing !== id) this.#open(window, `${origin}/approvals/${id}?popup=1`)
    this.#showing = id
    if (asked) {
      window.show()
      window.focus()
    } else window.showInactive()
  }

  hidePopUp(): void {
    this.#showing = undefined
    this.#popUp?.hide()
  }

  popUpShows(): number | undefined {
    return this.#popUp?.isVisible() === true ? this.#showing : undefined
  }

  tell(about: DesktopAbout): void {
    for (const window of [this.#main, this.#popUp, this.#own]) {
      if (window !== undefined && !window.isDestroyed()) window.webContents.send(DESKTOP_NEWS_CHANNEL, about)
    }
  }

  /** Windows that stood on a display which is gone now come back to one that is there. */
  displaysChanged(): void {
    if (this.#main !== undefined && !this.#main.isMaximized()) this.#main.setBounds(clampToDisplays(this.#main.getBounds(), areas()))
    if (this.popUpShows() !== undefined) this.#popUp?.setBounds(placePopUp(this.#places.popUp, areas(), this.#options.platform))
  }

  end(): void {
    this.#ending = true
    this.#save()
    for (const window of [this.#main, this.#popUp, this.#own]) if (window !== undefined && !window.isDestroyed()) window.destroy()
  }

  #makeMain(): BrowserWindow {
    const kept = this.#places.main
    const box = kept === undefined ? centre(MAIN_SIZE, areas()) : clampToDisplays(boxOf(kept), areas())
    const window = this.#make({ ...box, minWidth: MAIN_LEAST.width, minHeight: MAIN_LEAST.height })
    if (kept?.maximized === true) window.maximize()
    const remember = (): void => {
      this.#places = { ...this.#places, main: { ...boxOf(window.getNormalBounds()), maximized: window.isMaximized() } }
      this.#saveSoon()
    }
    window.on('resize', remember)
    window.on('move', remember)
    window.on('maximize', remember)
    window.on('unmaximize', remember)
    window.on('focus', () => this.#options.onMoved())
    window.on('blur', () => this.#options.onMoved())
    window.on('close', (event) => {
      // The proxy and the tray go on: a closed window is only out of sight.
      if (this.#ending) return
      event.preventDefault()
      window.hide()
    })
    this.#main = window
    return window
  }

  #makePopUp(): BrowserWindow {
    const window = this.#make({
      ...POP_UP_SIZE,
      frame: false,
      resizable: false,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      acceptFirstMouse: false,
    })
    window.setAlwaysOnTop(true, 'floating')
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true })
    window.on('move', () => {
      const { x, y } = window.getBounds()
      this.#places = { ...this.#places, popUp: { x, y } }
      this.#saveSoon()
    })
    window.on('close', (event) => {
      if (this.#ending) return
      event.preventDefault()
      this.hidePopUp()
      this.#options.onMoved()
    })
    // "The next one" on the card moves it on within the page.
    window.webContents.on('did-navigate-in-page', (_event, url) => {
      const id = /\/approvals\/(\d+)/.exec(URL.canParse(url) ? new URL(url).pathname : '')?.[1]
      if (id !== undefined && this.#showing !== undefined) this.#showing = Number(id)
    })
    this.#popUp = window
    return window
  }

  #make(options: BrowserWindowConstructorOptions): BrowserWindow {
    const { preload, session, icon, platform, developing } = this.#options
    return new BrowserWindow({
      show: false,
      title: 'Sallyport',
      autoHideMenuBar: true,
      // The pages' own ground, so that nothing flashes before they are drawn.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0F1113' : '#F5F4F1',
      ...(platform === 'linux' ? { icon } : {}),
      ...options,
      webPreferences: {
        preload,
        session,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: developing,
      },
    })
  }

  #load(window: BrowserWindow, page: MainPage): void {
    const url = this.#urlOf(window, page)
    if (url !== undefined) this.#open(window, url)
  }

  #urlOf(window: BrowserWindow, page: MainPage): string | undefined {
    if (page.kind === 'own') return `${OWN_ORIGIN}/index.html#/${page.screen}`
    const origin = this.#options.origin()
    // "Open" brings up what was open: only a page that is not there yet is loaded.
    const already = origin !== undefined && window.webContents.getURL().startsWith(`${origin}/`)
    return origin === undefined || (already && page.path === '/') ? undefined : `${origin}${page.path}`
  }

  #open(window: BrowserWindow, url: string): void {
    window.loadURL(url).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause)
      // A load that another one overtook is no fault.
      if (!reason.includes('ERR_ABORTED')) this.#options.onError(reason)
    })
  }

  #saveSoon(): void {
    clearTimeout(this.#saving)
    this.#saving = setTimeout(() => this.#save(), SAVE_AFTER_MS)
    this.#saving.unref()
  }

  #save(): void {
    clearTimeout(this.#saving)
    try {
      writeJson(this.#placesFile, this.#places)
    } catch (cause) {
      this.#options.onError(cause instanceof Error ? cause.message : String(cause))
    }
  }
}

const boxOf = ({ x, y, width, height }: Box): Box => ({ x, y, width, height })

/** Work areas, the main display's first. */
function areas(): Box[] {
  const main = screen.getPrimaryDisplay()
  return [main, ...screen.getAllDisplays().filter(({ id }) => id !== main.id)].map(({ workArea }) => workArea)
}
