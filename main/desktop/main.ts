import { fileURLToPath } from 'node:url'
import { host } from '../cli/host.ts'
import { createJsonLog } from '../cli/json-log.ts'
import { endQuietlyOnBrokenPipe, processTerminal } from '../cli/process-terminal.ts'
import { runCli } from '../cli/run-cli.ts'
import { VERSION } from '../version.ts'
import { headlessCommand } from './headless-command.ts'
import type { Updater } from './look-for-updates.ts'
import { startDesktop } from './shell/start-desktop.ts'

// The entry of the packaged app. What it needs stands beside its folder: see build/desktop/build-app.ts. It runs only from there.
const { platform } = process
const args = process.argv.slice(1)

async function loadUpdater(): Promise<Updater> {
  const { default: electronUpdater } = await import('electron-updater')
  return electronUpdater.autoUpdater
}

function startApp(): void {
  const log = createJsonLog()
  startDesktop({
    parts: fileURLToPath(new URL('../desktop', import.meta.url)),
    pagesDirectory: fileURLToPath(new URL('../renderer', import.meta.url)),
    log,
    args,
    env: process.env,
    platform: platform === 'win32' || platform === 'darwin' ? platform : 'linux',
    loadUpdater,
  }).catch((cause: unknown) => {
    log.error('desktop.start-failed', { reason: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
    log.flush()
    process.exit(1)
  })
}

const headless = headlessCommand(args)
if (headless === undefined) startApp()
else {
  endQuietlyOnBrokenPipe()
  runCli(headless, { host }, VERSION, processTerminal()).then(
    (code) => process.exit(code),
    () => process.exit(1),
  )
}
