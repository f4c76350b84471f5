import type { TrayIcon } from './describe-tray.ts'

/** Which picture of `icons/tray`: macOS tints its own, elsewhere it is the one for the panel's ground. GNOME's panel is dark in either scheme. */
export function trayImage(icon: TrayIcon, platform: string, dark: boolean, desktop: string): string {
  if (platform === 'darwin') return `${icon}Template.png`
  const darkPanel = dark || (platform === 'linux' && /gnome|unity/i.test(desktop))
  return `${icon}-on-${darkPanel ? 'dark' : 'light'}.png`
}
