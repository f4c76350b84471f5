import { fileURLToPath } from 'node:url'
import { createJsonLog } from '../cli/json-log.ts'
import type { Updater } from './look-for-updates.ts'
import { startDesktop } from './shell/start-desktop.ts'

// The entry of the desktop app. What it needs beside the program stands in `desktop/` there: see build/desktop/build-app.ts.
const { platform } = process
const log = createJsonLog()

async function loadUpdater(): Promise<Updater> {
  const { default: electronUpdater } = await import('electron-updater')
  return electronUpdater.autoUpdater
}

startDesktop({
  parts: fileURLToPath(new URL('../../desktop', import.meta.url)),
  pagesDirectory: fileURLToPath(new URL('../../renderer', import.meta.url)),
  log,
  args: process.argv.slice(1),
  env: process.env,
  platform: platform === 'win32' || platform === 'darwin' ? platform : 'linux',
  loadUpdater,
}).catch((cause: unknown) => {
  log.error('desktop.start-failed', { reason: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
  log.flush()
  process.exit(1)
})
