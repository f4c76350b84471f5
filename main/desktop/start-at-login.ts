import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Given to a start at login: the app comes up in the tray, without a window. */
export const HIDDEN_FLAG = '--hidden'

/** Where Linux desktops look for what starts at login (XDG Autostart specification). */
export function autostartFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const config = env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.config'))
  return config === undefined ? undefined : join(config, 'autostart', 'sallyport.desktop')
}

/** The entry for `program`, quoted as the Desktop Entry specification wants it (section "The Exec key"). */
export function autostartEntry(program: string): string {
  const quoted = `"${program.replace(/[\\"`$]/g, '\\$&').replace(/%/g, '%%')}"`
  // The value itself is a string of the entry, in which a backslash is written twice.
  const exec = `${quoted} ${HIDDEN_FLAG}`.replace(/\\/g, '\\\\')
  return `[Desktop Entry]\nType=Application\nName=Sallyport\nExec=${exec}\nX-GNOME-Autostart-enabled=true\n`
}

/** Linux only: Electron does it for the others. Throws what the file system says. */
export function setAutostart(file: string, program: string, on: boolean): void {
  if (!on) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, autostartEntry(program), { mode: 0o644 })
}
