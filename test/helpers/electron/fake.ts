/**
 * Electron, as far as the shell uses it, without a runtime: it records what was asked, and tests say what happens. Each part is held to the real `electron.d.ts`
 * by `implements Pick<…>` or `satisfies`, so a name, parameter or result that Electron does not have fails to compile, here as in the shell.
 */
import { EventEmitter } from 'node:events'
import type electron from 'electron'

type Electron = typeof electron

/** Everything that was asked of Electron since `resetElectron`. */
export const asked = {
  windows: [] as FakeWindow[],
  trays: [] as FakeTray[],
  notifications: [] as FakeNotification[],
  menus: [] as electron.MenuItemConstructorOptions[][],
  opened: [] as string[],
  copied: [] as string[],
  errors: [] as string[],
  questions: [] as electron.MessageBoxOptions[],
  loginItems: [] as electron.Settings[],
  protocols: [] as string[],
  privileged: [] as electron.CustomScheme[],
  quits: 0,
  exits: [] as (number | undefined)[],
}

/** What the outside is like. Tests set it. */
export const world = {
  userData: '',
  packaged: true,
  firstInstance: true,
  dark: false,
  idle: 'active' as ReturnType<electron.PowerMonitor['getSystemIdleState']>,
  answers: [] as number[],
  chosenFile: undefined as string | undefined,
  keychain: { available: true, backend: 'gnome_libsecret' as ReturnType<electron.SafeStorage['getSelectedStorageBackend']>, plain: false },
  displays: [] as { id: number; workArea: electron.Rectangle }[],
}

class FakeApp
  extends EventEmitter
  implements
    Pick<
      electron.App,
      | 'quit'
      | 'exit'
      | 'whenReady'
      | 'getPath'
      | 'requestSingleInstanceLock'
      | 'enableSandbox'
      | 'setAppUserModelId'
      | 'setAsDefaultProtocolClient'
      | 'setLoginItemSettings'
      | 'isPackaged'
    >
{
  get isPackaged(): boolean {
    return world.packaged
  }
  requestSingleInstanceLock(): boolean {
    return world.firstInstance
  }
  enableSandbox(): void {}
  setAppUserModelId(): void {}
  async whenReady(): Promise<void> {}
  getPath(name: Parameters<electron.App['getPath']>[0]): string {
    if (name !== 'userData') throw new Error(`no test has said where ${name} is`)
    return world.userData
  }
  setAsDefaultProtocolClient(protocol: string): boolean {
    asked.protocols.push(protocol)
    return true
  }
  setLoginItemSettings(settings: electron.Settings): void {
    asked.loginItems.push(settings)
  }
  /** As Electron: asks the listeners first, and ends only where nobody objects. */
  quit(): void {
    asked.quits += 1
    let stopped = false
    this.emit('before-quit', { preventDefault: () => (stopped = true) })
    if (!stopped) asked.exits.push(0)
  }
  exit(code?: number): void {
    asked.exits.push(code)
  }
}
export const app = new FakeApp()

export class FakeContents
  extends EventEmitter
  implements Pick<electron.WebContents, 'getURL' | 'send' | 'reload' | 'isDestroyed' | 'setWindowOpenHandler'>
{
  url = ''
  sent: { channel: string; args: unknown[] }[] = []
  reloads = 0
  open: ((details: electron.HandlerDetails) => electron.WindowOpenHandlerResponse) | undefined
  getURL(): string {
    return this.url
  }
  send(channel: string, ...args: unknown[]): void {
    this.sent.push({ channel, args })
  }
  reload(): void {
    this.reloads += 1
  }
  isDestroyed(): boolean {
    return false
  }
  setWindowOpenHandler(handler: (details: electron.HandlerDetails) => electron.WindowOpenHandlerResponse): void {
    this.open = handler
  }
}

type WindowSlice = Pick<
  electron.BrowserWindow,
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'focus'
  | 'destroy'
  | 'isDestroyed'
  | 'isVisible'
  | 'isFocused'
  | 'isMinimized'
  | 'isMaximized'
  | 'maximize'
  | 'restore'
  | 'loadURL'
  | 'setBounds'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setAlwaysOnTop'
  | 'setVisibleOnAllWorkspaces'
>

export class FakeWindow extends EventEmitter implements WindowSlice {
  readonly options: electron.BrowserWindowConstructorOptions
  readonly webContents = new FakeContents()
  readonly loads: string[] = []
  bounds: electron.Rectangle
  visible = false
  focused = false
  maximized = false
  destroyed = false
  /** How it came up last. */
  shown: 'active' | 'inactive' | undefined
  onTop: string | undefined

  constructor(options: electron.BrowserWindowConstructorOptions = {}) {
    super()
    this.options = options
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.bounds = { x, y, width, height }
    asked.windows.push(this)
    app.emit('web-contents-created', {}, this.webContents)
  }
  show(): void {
    this.visible = true
    this.shown = 'active'
  }
  showInactive(): void {
    this.visible = true
    this.shown = 'inactive'
  }
  hide(): void {
    this.visible = false
    this.focused = false
  }
  focus(): void {
    this.focused = true
    this.emit('focus')
  }
  destroy(): void {
    this.destroyed = true
    this.visible = false
    this.emit('closed')
  }
  /** A person's click on the window's own close button. */
  close(): void {
    let stopped = false
    this.emit('close', { preventDefault: () => (stopped = true) })
    if (!stopped) this.destroy()
  }
  isDestroyed = (): boolean => this.destroyed
  isVisible = (): boolean => this.visible
  isFocused = (): boolean => this.focused
  isMinimized = (): boolean => false
  isMaximized = (): boolean => this.maximized
  restore(): void {}
  maximize(): void {
    this.maximized = true
  }
  async loadURL(url: string): Promise<void> {
    this.loads.push(url)
    this.webContents.url = url
  }
  setBounds(bounds: Partial<electron.Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds }
  }
  getBounds = (): electron.Rectangle => this.bounds
  getNormalBounds = (): electron.Rectangle => this.bounds
  setAlwaysOnTop(_flag: boolean, level?: Parameters<electron.BrowserWindow['setAlwaysOnTop']>[1]): void {
    this.onTop = level
  }
  setVisibleOnAllWorkspaces(): void {}
}
export { FakeWindow as BrowserWindow }

export class FakeTray
  extends EventEmitter
  implements Pick<electron.Tray, 'setImage' | 'setToolTip' | 'setTitle' | 'setContextMenu' | 'destroy'>
{
  image: string
  tooltip = ''
  title = ''
  menu: electron.MenuItemConstructorOptions[] = []
  menusSet = 0
  constructor(image: electron.NativeImage | string) {
    super()
    this.image = pathOf(image)
    asked.trays.push(this)
  }
  setImage(image: electron.NativeImage | string): void {
    this.image = pathOf(image)
  }
  setToolTip(tooltip: string): void {
    this.tooltip = tooltip
  }
  setTitle(title: string): void {
    this.title = title
  }
  setContextMenu(menu: electron.Menu | null): void {
    this.menusSet += 1
    this.menu = (menu as unknown as FakeMenu | null)?.template ?? []
  }
  destroy(): void {}
  /** A person's click on a line of the menu, looked for in sub-menus too. */
  click(label: string): void {
    const find = (items: electron.MenuItemConstructorOptions[]): electron.MenuItemConstructorOptions | undefined => {
      for (const item of items) {
        if (item.label === label) return item
        const inner = Array.isArray(item.submenu) ? find(item.submenu) : undefined
        if (inner !== undefined) return inner
      }
      return undefined
    }
    const item = find(this.menu)
    if (item?.click === undefined) throw new Error(`the menu has no line "${label}" that can be clicked`)
    item.click({} as electron.MenuItem, undefined, {} as electron.KeyboardEvent)
  }
}
export { FakeTray as Tray }

class FakeMenu {
  readonly template: electron.MenuItemConstructorOptions[]
  constructor(template: electron.MenuItemConstructorOptions[]) {
    this.template = template
  }
}
export const Menu = {
  buildFromTemplate(template: electron.MenuItemConstructorOptions[]): electron.Menu {
    asked.menus.push(template)
    return new FakeMenu(template) as unknown as electron.Menu
  },
  setApplicationMenu(): void {},
} satisfies Pick<Electron['Menu'], 'buildFromTemplate' | 'setApplicationMenu'>

export class FakeNotification extends EventEmitter implements Pick<electron.Notification, 'show' | 'close'> {
  static isSupported: Electron['Notification']['isSupported'] = () => true
  readonly options: electron.NotificationConstructorOptions
  standing = false
  constructor(options: electron.NotificationConstructorOptions = {}) {
    super()
    this.options = options
    asked.notifications.push(this)
  }
  show(): void {
    this.standing = true
  }
  close(): void {
    this.standing = false
    this.emit('close', {})
  }
}
export { FakeNotification as Notification }

const picture = (path: string): electron.NativeImage => ({ path, setTemplateImage: () => undefined }) as unknown as electron.NativeImage
const pathOf = (image: electron.NativeImage | string): string =>
  typeof image === 'string' ? image : (image as unknown as { path: string }).path
export const nativeImage = { createFromPath: picture } satisfies Pick<Electron['nativeImage'], 'createFromPath'>

class FakeTheme extends EventEmitter implements Pick<electron.NativeTheme, 'shouldUseDarkColors'> {
  get shouldUseDarkColors(): boolean {
    return world.dark
  }
}
export const nativeTheme = new FakeTheme()

type Handler = (event: { senderFrame: { url: string; parent: unknown } | null }, message: unknown) => unknown
const handlers = new Map<string, Handler>()
export const ipcMain = {
  handle(channel: string, listener: Parameters<electron.IpcMain['handle']>[1]): void {
    handlers.set(channel, listener as unknown as Handler)
  },
} satisfies Pick<electron.IpcMain, 'handle'>
/** A message of a page, as the preload sends it. `url` null: the frame is gone. */
export async function sendFromPage(channel: string, url: string | null, message: unknown, parent: unknown = null): Promise<unknown> {
  return handlers.get(channel)?.({ senderFrame: url === null ? null : { url, parent } }, message)
}

export class FakeSession extends EventEmitter {
  readonly partition: string
  jar: electron.Cookie[] = []
  verify: Parameters<electron.Session['setCertificateVerifyProc']>[0] = null
  permission: Parameters<electron.Session['setPermissionRequestHandler']>[0] = null
  permissionCheck: Parameters<electron.Session['setPermissionCheckHandler']>[0] = null
  device: Parameters<electron.Session['setDevicePermissionHandler']>[0] = null
  beforeRequest: ((details: { url: string }, callback: (response: electron.CallbackResponse) => void) => void) | undefined
  readonly served = new Map<string, (request: Request) => Response | Promise<Response>>()
  constructor(partition: string) {
    super()
    this.partition = partition
  }
  readonly cookies = Object.assign(new EventEmitter(), {
    get: async (filter: electron.CookiesGetFilter) => this.jar.filter(({ domain }) => domain === new URL(filter.url ?? '').hostname),
    set: async (details: electron.CookiesSetDetails) => {
      const { url, name = '', value = '', secure = false, httpOnly = false, path = '/', sameSite = 'lax' } = details
      const cookie: electron.Cookie = { name, value, secure, httpOnly, path, sameSite, domain: new URL(url).hostname }
      this.jar = [...this.jar.filter((one) => one.name !== name), cookie]
      this.cookies.emit('changed', {}, cookie, 'inserted', false)
    },
    remove: async (_url: string, name: string) => {
      const gone = this.jar.find((one) => one.name === name)
      this.jar = this.jar.filter((one) => one !== gone)
      if (gone !== undefined) this.cookies.emit('changed', {}, gone, 'explicit', true)
    },
  }) satisfies Pick<electron.Cookies, 'get' | 'set' | 'remove'>
  readonly webRequest = {
    onBeforeRequest: (listener: FakeSession['beforeRequest']) => {
      this.beforeRequest = listener
    },
  }
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => void this.served.set(scheme, handler),
  } satisfies Pick<electron.Protocol, 'handle'>
  setCertificateVerifyProc(proc: Parameters<electron.Session['setCertificateVerifyProc']>[0]): void {
    this.verify = proc
  }
  setPermissionRequestHandler(handler: Parameters<electron.Session['setPermissionRequestHandler']>[0]): void {
    this.permission = handler
  }
  setPermissionCheckHandler(handler: Parameters<electron.Session['setPermissionCheckHandler']>[0]): void {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler: Parameters<electron.Session['setDevicePermissionHandler']>[0]): void {
    this.device = handler
  }
}
const sessions = new Map<string, FakeSession>()
export const session = {
  fromPartition(partition: string): FakeSession {
    const found = sessions.get(partition) ?? new FakeSession(partition)
    sessions.set(partition, found)
    return found
  },
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: electron.CustomScheme[]) => void asked.privileged.push(...schemes),
} satisfies Pick<electron.Protocol, 'registerSchemesAsPrivileged'>

const SEAL = 'sealed:'
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => world.keychain.available,
  getSelectedStorageBackend: () => world.keychain.backend,
  setUsePlainTextEncryption: (plain: boolean) => {
    world.keychain.plain = plain
  },
  encryptStringAsync: async (text: string) => Buffer.from(SEAL + Buffer.from(text).toString('base64')),
  decryptStringAsync: async (bytes: Buffer) => {
    const text = bytes.toString()
    if (!text.startsWith(SEAL)) throw new Error('it was encrypted by another account')
    return { shouldReEncrypt: false, result: Buffer.from(text.slice(SEAL.length), 'base64').toString() }
  },
} satisfies Partial<electron.SafeStorage>

class FakeScreen extends EventEmitter {
  getPrimaryDisplay = (): electron.Display => (world.displays[0] ?? DISPLAY) as electron.Display
  getAllDisplays = (): electron.Display[] => (world.displays.length > 0 ? world.displays : [DISPLAY]) as electron.Display[]
}
const DISPLAY = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } }
export const screen = new FakeScreen()

export const shell = {
  openExternal: async (url: string) => void asked.opened.push(url),
} satisfies Pick<electron.Shell, 'openExternal'>
export const clipboard = { writeText: async (text: string) => void asked.copied.push(text) } satisfies Pick<electron.Clipboard, 'writeText'>

export const dialog = {
  showErrorBox: (_title: string, content: string) => void asked.errors.push(content),
  async showMessageBox(options: electron.MessageBoxOptions): Promise<electron.MessageBoxReturnValue> {
    asked.questions.push(options)
    return { response: world.answers.shift() ?? 1, checkboxChecked: false }
  },
  async showOpenDialog(): Promise<electron.OpenDialogReturnValue> {
    return world.chosenFile === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [world.chosenFile] }
  },
}
export const net = { fetch: async () => new Response('', { status: 404 }) } satisfies Pick<electron.Net, 'fetch'>

class FakePowerMonitor extends EventEmitter implements Pick<electron.PowerMonitor, 'getSystemIdleState'> {
  getSystemIdleState = () => world.idle
}
export const powerMonitor = new FakePowerMonitor()

/** As on a machine where nothing has happened yet. `userData` is the app's own folder. */
export function resetElectron(userData: string): void {
  for (const list of [asked.windows, asked.trays, asked.notifications, asked.menus, asked.opened, asked.copied, asked.errors])
    list.length = 0
  for (const list of [asked.questions, asked.loginItems, asked.protocols, asked.privileged, asked.exits]) list.length = 0
  asked.quits = 0
  Object.assign(world, {
    userData,
    packaged: true,
    firstInstance: true,
    dark: false,
    idle: 'active',
    answers: [],
    chosenFile: undefined,
    displays: [],
  })
  world.keychain = { available: true, backend: 'gnome_libsecret', plain: false }
  for (const emitter of [app, nativeTheme, screen, powerMonitor]) emitter.removeAllListeners()
  handlers.clear()
  sessions.clear()
}

// Every name that stands in for one of Electron's is one of Electron's.
const names = {
  app,
  BrowserWindow: FakeWindow,
  Tray: FakeTray,
  Menu,
  Notification: FakeNotification,
  nativeImage,
  nativeTheme,
  ipcMain,
  session,
  protocol,
}
const more = { safeStorage, screen, shell, clipboard, dialog, net, powerMonitor }
export default { ...names, ...more } satisfies Partial<Record<keyof Electron, unknown>>
