import type { DesktopAbout, DesktopUpdates, Sound } from '../contract/desktop.ts'
import type { HostAddress } from './ask-host.ts'
import type { TrayView } from './describe-tray.ts'
import type { Notice } from './plan-notices.ts'
import type { SessionCookie } from './sign-in-by-browser.ts'

/** The app's own pages. */
export type OwnScreen = 'starting' | 'set-up' | 'trouble' | 'settings' | 'about'

/** What the main window shows: a page of the host, or one of the app's own. */
export type MainPage = { readonly kind: 'host'; readonly path: string } | { readonly kind: 'own'; readonly screen: OwnScreen }

export interface Question {
  readonly title: string
  readonly detail: string
  readonly yes: string
  readonly no: string
}

/** Everything the desk asks of the desktop. `shell/` answers with Electron, tests with a record of what was asked. */
export interface Shell {
  readonly platform: 'linux' | 'win32' | 'darwin'
  /** Notifications may carry Approve and Deny. */
  readonly noticeButtons: boolean
  drawTray(view: TrayView): void
  showNotice(notice: Notice, sound: Sound): void
  closeNotice(key: string): void
  /** Brings the main window up, and puts a page into it. */
  showMain(page: MainPage): void
  /** Puts a page into the main window if there is one, without bringing it up. */
  refreshMain(page: MainPage): void
  mainFocused(): boolean
  /** Settings, About: a small window of its own. */
  showOwn(screen: OwnScreen): void
  /** Shown without taking the keyboard, unless a person asked for it. */
  showPopUp(id: number, asked: boolean): void
  hidePopUp(): void
  /** The request in the pop-up; undefined while it is hidden. */
  popUpShows(): number | undefined
  locked(): boolean
  openInBrowser(url: string): void
  copy(text: string): void
  ask(question: Question): Promise<boolean>
  chooseFile(title: string): Promise<string | null>
  /** Locks windows, cookies and certificates to this host; undefined: to none. */
  lockTo(address: HostAddress | undefined): void
  /** The session for pages and calls; undefined signs out here. */
  setSession(origin: string, cookie: SessionCookie | undefined): Promise<void>
  /** `name=value`, as it stands in the windows' own cookie jar. */
  readSession(origin: string): Promise<string | undefined>
  setStartAtLogin(on: boolean): void
  /** Looks for releases there from now on; null never. */
  lookForUpdates(updates: DesktopUpdates | null): void
  /** Tells every open page how the app stands. */
  tellPages(about: DesktopAbout): void
  /** Ends the process. */
  exit(): void
}
