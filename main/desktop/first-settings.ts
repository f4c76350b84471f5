import type { DesktopSettings } from '../contract/desktop.ts'

/** As the app is before anybody has chosen anything. */
export const firstSettings: DesktopSettings = {
  version: 1,
  mode: { kind: 'unset' },
  alerts: { notifications: true, popUp: true, sound: 'system', quietUntil: null },
  startAtLogin: false,
  updates: null,
  plainTextKeys: false,
}
