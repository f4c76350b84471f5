import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron'
import type { TrayAct, TrayEntry, TrayView } from '../describe-tray.ts'
import { trayImage } from '../tray-image.ts'

export interface TrayOptions {
  /** The folder with the pictures. */
  readonly icons: string
  readonly platform: string
  /** `XDG_CURRENT_DESKTOP`. */
  readonly desktop: string
  readonly onAct: (does: TrayAct) => void
}

/** The icon in the panel (StatusNotifier, notification area, menu bar). Made at the first view, and changed only where a view differs. */
export class TrayIconInPanel {
  readonly #options: TrayOptions
  #tray: Tray | undefined
  #view: TrayView | undefined

  constructor(options: TrayOptions) {
    this.#options = options
    nativeTheme.on('updated', () => this.#paint())
  }

  draw(view: TrayView): void {
    const before = this.#view
    this.#view = view
    const tray = this.#tray ?? this.#make(view)
    if (before?.icon !== view.icon) this.#paint()
    if (before?.tooltip !== view.tooltip) tray.setToolTip(view.tooltip)
    if (this.#options.platform === 'darwin' && before?.title !== view.title) tray.setTitle(view.title)
    // On Linux a menu that is set anew closes under the pointer.
    if (JSON.stringify(before?.entries) !== JSON.stringify(view.entries))
      tray.setContextMenu(Menu.buildFromTemplate(view.entries.map(this.#item)))
  }

  remove(): void {
    this.#tray?.destroy()
    this.#tray = undefined
  }

  #make(view: TrayView): Tray {
    const tray = new Tray(this.#picture(view))
    // macOS opens the menu at a click by itself; elsewhere a click opens the window, and the other button the menu.
    if (this.#options.platform !== 'darwin') tray.on('click', () => this.#options.onAct({ act: 'open' }))
    this.#tray = tray
    return tray
  }

  #paint(): void {
    if (this.#view !== undefined) this.#tray?.setImage(this.#picture(this.#view))
  }

  #picture({ icon }: TrayView): Electron.NativeImage {
    const { icons, platform, desktop } = this.#options
    const image = nativeImage.createFromPath(join(icons, trayImage(icon, platform, nativeTheme.shouldUseDarkColors, desktop)))
    if (platform === 'darwin') image.setTemplateImage(true)
    return image
  }

  readonly #item = (entry: TrayEntry): MenuItemConstructorOptions => {
    switch (entry.kind) {
      case 'line':
        return { type: 'separator' }
      case 'words':
        return { label: entry.label, enabled: false }
      case 'menu':
        return { label: entry.label, submenu: entry.entries.map(this.#item) }
      case 'item':
        return {
          label: entry.label,
          ...(entry.checked === undefined ? {} : { type: 'checkbox', checked: entry.checked }),
          click: () => this.#options.onAct(entry.does),
        }
    }
  }
}
