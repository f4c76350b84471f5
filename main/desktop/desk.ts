import { join } from 'node:path'
import type { Log } from '../../proxy/ports.ts'
import { type DesktopAbout, type DesktopMode, type DesktopSettings, desktopSettingsSchema } from '../contract/desktop.ts'
import { VERSION } from '../version.ts'
import type { HostAddress } from './ask-host.ts'
import { describeTray } from './describe-tray.ts'
import { type DeskState, heldFor, idleDesk } from './desk-state.ts'
import { firstSettings } from './first-settings.ts'
import { hearSetUpCode } from './hear-set-up-code.ts'
import { type HostLink, type LinkNews, openHostLink } from './host-link.ts'
import { readJson, writeJson } from './keep-json.ts'
import { createSessionKeeper, type SessionKeeper } from './keep-session.ts'
import type { Keychain } from './keep-vault-key.ts'
import { keyOf, planNotices } from './plan-notices.ts'
import { planPopUp } from './plan-pop-up.ts'
import { type HostHere, runHost } from './run-host.ts'
import type { MainPage, Shell } from './shell-port.ts'
import { type BrowserSignIn, beginBrowserSignIn, type SignInRequest } from './sign-in-by-browser.ts'

export interface DeskOptions {
  /** The app's own folder (`userData`). */
  readonly folder: string
  readonly shell: Shell
  /** Made with what the settings say of `plainTextKeys`. */
  readonly keychain: (plainTextKeys: () => boolean) => Keychain
  readonly log: Log
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now?: () => number
  /** Milliseconds before each attempt to reach the host again. */
  readonly retryMs?: readonly number[]
  readonly pagesDirectory?: string
}

/** What changes with time alone (minutes left, quiet hours, a sign-in that grows old) is looked at this often. */
const TICK_MS = 20_000

/** The app without its screen: which host it works on, what is told of it, and what a person asked for. Every change ends in `#draw`. */
export class Desk {
  readonly #options: DeskOptions
  readonly #settingsFile: string
  readonly #now: () => number
  readonly #keychain: Keychain
  readonly #sessions: SessionKeeper
  #settings: DesktopSettings = firstSettings
  #link: HostLink | undefined
  #here: HostHere | undefined
  #address: HostAddress | undefined
  #signIn: BrowserSignIn | undefined
  #news: LinkNews | undefined
  /** Why the host could not be started or reached, in a sentence. */
  #failed: string | undefined
  /** The host has answered since it was chosen: its own pages can be shown. */
  #reached = false
  #turn = 0
  #noticed = new Set<number>()
  #offered = new Set<number>()
  #standing: string[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(options: DeskOptions) {
    this.#options = options
    this.#settingsFile = join(options.folder, 'settings.json')
    this.#now = options.now ?? Date.now
    this.#keychain = options.keychain(() => this.#settings.plainTextKeys)
    this.#sessions = createSessionKeeper(this.#keychain, join(options.folder, 'session.json'), this.#now)
  }

  get settings(): DesktopSettings {
    return this.#settings
  }

  get link(): HostLink | undefined {
    return this.#link
  }

  get address(): HostAddress | undefined {
    return this.#address
  }

  get shell(): Shell {
    return this.#options.shell
  }

  /** What was wrong with the settings file, in a sentence, is returned. The main window comes up unless `quietly`. */
  async start(quietly: boolean): Promise<string | undefined> {
    const { value, fault } = readJson(this.#settingsFile, desktopSettingsSchema, firstSettings)
    this.#settings = value
    this.shell.lookForUpdates(value.updates)
    this.#timer = setInterval(() => this.#draw(), TICK_MS)
    this.#timer.unref()
    if (!quietly || value.mode.kind === 'unset') this.shell.showMain(this.home())
    await this.#applyMode()
    return fault
  }

  /** Another mode, from now on. A host that ran here is drained first. */
  async chooseMode(mode: DesktopMode): Promise<void> {
    this.#save({ ...this.#settings, mode })
    this.shell.refreshMain({ kind: 'own', screen: 'starting' })
    await this.#applyMode()
  }

  change(changes: Partial<Omit<DesktopSettings, 'version' | 'mode'>>): DesktopSettings {
    const before = this.#settings
    this.#save({ ...before, ...changes })
    if (this.#settings.startAtLogin !== before.startAtLogin) this.shell.setStartAtLogin(this.#settings.startAtLogin)
    if (this.#settings.updates !== before.updates) this.shell.lookForUpdates(this.#settings.updates)
    this.#draw()
    return this.#settings
  }

  /** After trouble, sleep, or another network: at once, not at the next attempt. */
  async retry(): Promise<void> {
    if (this.#link !== undefined) this.#link.reconnect()
    else if (this.#failed !== undefined) await this.#applyMode()
  }

  /** In the system's browser; the main window then goes to `back`. */
  async signIn(request: SignInRequest, back: string | undefined): Promise<void> {
    const address = this.#address
    if (address === undefined) return
    this.#signIn?.cancel()
    const signIn = await beginBrowserSignIn(address, request)
    this.#signIn = signIn
    this.shell.openInBrowser(signIn.url)
    const cookie = await signIn.cookie
    if (this.#address !== address) return
    await this.#sessions.write(address.origin, cookie)
    await this.shell.setSession(address.origin, cookie)
    this.#link?.reconnect()
    if (back !== undefined) this.shell.showMain({ kind: 'host', path: back })
  }

  /** The cookie in the windows' jar is gone or another one: someone signed out on a page, or the session ended. */
  sessionChanged(present: boolean): void {
    if (!present) this.#sessions.forget()
    this.#link?.reconnect()
  }

  /** What the main window shows when nothing else was asked for. */
  home(): MainPage {
    if (this.#settings.mode.kind === 'unset') return { kind: 'own', screen: 'set-up' }
    if (this.#reached) return { kind: 'host', path: '/' }
    return { kind: 'own', screen: this.#failed === undefined && this.#news?.link !== 'lost' ? 'starting' : 'trouble' }
  }

  /** A card, in the pop-up. */
  showCard(id: number): void {
    // Nobody is signed in: the main window has the room to ask, and goes to the card afterwards.
    const page: MainPage = { kind: 'host', path: `/approvals/${id}` }
    if (!this.#reached) this.shell.showMain(this.home())
    else if (this.#news?.link !== 'live') this.shell.showMain(page)
    else {
      this.#offered.add(id)
      this.shell.showPopUp(id, true)
    }
  }

  about(): DesktopAbout {
    const { mode, link } = this.state()
    const trouble = this.#failed ?? (link === 'lost' ? (this.#news?.why ?? null) : null)
    return { version: VERSION, platform: this.shell.platform, mode, host: this.#address?.origin ?? null, link, trouble }
  }

  state(): DeskState {
    const { mode, alerts, startAtLogin } = this.#settings
    const news = this.#news
    const me = news?.me
    const here = this.#here
    const now = this.#now()
    const roles = me?.roles ?? []
    return {
      ...idleDesk,
      mode: mode.kind,
      link: this.#failed !== undefined ? 'failed' : mode.kind === 'unset' ? 'none' : (news?.link ?? 'starting'),
      host: mode.kind === 'desk' ? new URL(mode.address).host : 'this computer',
      held: me === undefined ? [] : heldFor(news?.pending.values() ?? [], me, now),
      pendingHere: here?.pendingApprovals() ?? 0,
      paused: news?.paused ?? false,
      mayPause: news?.paused === true ? roles.includes('admin') : roles.includes('admin') || roles.includes('approver'),
      trouble: here?.trouble() ?? news?.health?.trouble ?? [],
      liveSessions: here?.liveSessions() ?? news?.health?.liveSessions,
      quietUntil: alerts.quietUntil,
      startAtLogin,
    }
  }

  /** Asks first where agents would lose their connections; false: the person changed their mind. */
  async close({ ask }: { readonly ask: boolean }): Promise<boolean> {
    const live = this.#here?.liveSessions() ?? 0
    if (ask && live > 0) {
      const agents = live === 1 ? '1 agent is connected' : `${live} agents are connected`
      const detail = `${agents} through this computer. Statements under way may finish; then the connections end.`
      if (!(await this.shell.ask({ title: 'Quit Sallyport?', detail, yes: 'Quit', no: 'Stay' }))) return false
    }
    clearInterval(this.#timer)
    this.#turn += 1
    await this.#leave()
    return true
  }

  #save(settings: DesktopSettings): void {
    writeJson(this.#settingsFile, settings)
    this.#settings = settings
  }

  async #leave(): Promise<void> {
    this.#signIn?.cancel()
    this.#signIn = undefined
    this.#link?.close()
    this.#link = undefined
    this.#news = undefined
    this.#reached = false
    this.#failed = undefined
    this.#address = undefined
    this.shell.hidePopUp()
    const here = this.#here
    this.#here = undefined
    await here?.close()
  }

  async #applyMode(): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    await this.#leave()
    const { mode } = this.#settings
    this.#draw()
    if (mode.kind === 'unset') return this.shell.lockTo(undefined)
    if (mode.kind === 'desk') return this.#workOn({ origin: mode.address, fingerprint: mode.fingerprint })
    try {
      const { folder, log, env, pagesDirectory } = this.#options
      const here = await runHost({
        configFile: mode.configFile,
        folder,
        keychain: this.#keychain,
        log: hearSetUpCode(log, this.shell),
        env,
        ...(pagesDirectory === undefined ? {} : { pagesDirectory }),
      })
      if (turn !== this.#turn) return await here.close()
      this.#here = here
      await this.#workOn({ origin: here.web, fingerprint: here.fingerprint() })
    } catch (cause) {
      if (turn !== this.#turn) return
      this.#failed = cause instanceof Error ? cause.message : String(cause)
      this.#options.log.error('desktop.host-failed', { reason: this.#failed })
      this.#draw()
      this.shell.refreshMain(this.home())
    }
  }

  async #workOn(address: HostAddress): Promise<void> {
    this.#address = address
    this.shell.lockTo(address)
    await this.shell.setSession(address.origin, await this.#sessions.read(address.origin))
    const { retryMs } = this.#options
    this.#link = openHostLink({
      address,
      cookie: () => this.shell.readSession(address.origin),
      onNews: (news) => this.#learn(news),
      ...(retryMs === undefined ? {} : { retryMs }),
    })
    this.#draw()
  }

  #learn(news: LinkNews): void {
    const here = this.#here
    if (here !== undefined && news.otherCertificate !== undefined && news.otherCertificate === here.fingerprint()) {
      // Our own host has renewed its certificate.
      this.#link?.close()
      this.#workOn({ origin: here.web, fingerprint: here.fingerprint() }).catch((cause: unknown) => {
        this.#options.log.error('desktop.link-failed', { reason: cause instanceof Error ? cause.message : String(cause) })
      })
      return
    }
    const before = this.#news?.link
    this.#news = news
    const answers = news.link === 'live' || news.link === 'signed-out'
    if (answers && !this.#reached) {
      this.#reached = true
      this.shell.refreshMain(this.home())
    } else if (!this.#reached && news.link === 'lost' && before !== 'lost') this.shell.refreshMain(this.home())
    this.#draw()
  }

  #draw(): void {
    const { shell } = this
    const state = this.state()
    const now = this.#now()
    const { notifications, popUp, sound, quietUntil } = this.#settings.alerts
    const quiet = quietUntil !== null && now < quietUntil
    shell.drawTray(describeTray(state, now))
    const setting = { on: notifications, quiet, buttons: shell.noticeButtons }
    const { show, close } = planNotices(this.#standing, this.#noticed, state, setting, now)
    for (const key of close) shell.closeNotice(key)
    for (const notice of show) shell.showNotice(notice, sound)
    const gone = new Set(close)
    this.#standing = [...new Set([...this.#standing.filter((key) => !gone.has(key)), ...show.map(({ key }) => key)])]
    const step = planPopUp(shell.popUpShows(), this.#offered, state, {
      on: popUp,
      quiet,
      locked: shell.locked(),
      mainFocused: shell.mainFocused(),
    })
    if (step.step === 'show') {
      this.#offered.add(step.id)
      shell.showPopUp(step.id, false)
    }
    if (state.link === 'live') {
      const ids = new Set(state.held.map(({ id }) => id))
      this.#noticed = quiet ? new Set([...this.#noticed].filter((id) => ids.has(id))) : ids
      for (const id of this.#offered) if (!ids.has(id) && shell.popUpShows() !== id) this.#offered.delete(id)
    }
    shell.tellPages(this.about())
  }

  /** A person closed it, or clicked it away. */
  noticeClosed(key: string): void {
    this.#standing = this.#standing.filter((one) => one !== key)
  }

  /** Approve or Deny on a notification. What the host says against it opens the card. */
  async decideFromNotice(id: number, revision: number, decision: 'approve' | 'deny'): Promise<void> {
    const still = this.state().held.find((held) => held.id === id)
    if (this.#link === undefined || still === undefined || still.revision !== revision || !still.quick) return this.showCard(id)
    try {
      await this.#link.decide(id, revision, decision)
    } catch (cause) {
      this.#options.log.warn('desktop.decision-failed', { approval: id, reason: cause instanceof Error ? cause.message : String(cause) })
      this.showCard(id)
    }
    this.noticeClosed(keyOf(id))
    this.shell.closeNotice(keyOf(id))
  }

  /** Something on the outside moved that the plans look at: the screen was unlocked, a window got or lost the focus, the pop-up was closed. */
  look(): void {
    this.#draw()
  }
}
