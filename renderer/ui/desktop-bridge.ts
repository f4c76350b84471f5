import type { DesktopBridge } from '../../main/contract/desktop-channels.ts'

/** The desktop app, when these pages stand in one of its windows. */
export function desktopBridge(): DesktopBridge | undefined {
  const { sallyportDesktop } = window as { readonly sallyportDesktop?: DesktopBridge }
  return sallyportDesktop
}
