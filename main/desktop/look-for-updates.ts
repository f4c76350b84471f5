import { rmSync } from 'node:fs'
import type { Log } from '../../proxy/ports.ts'
import type { DesktopUpdates } from '../contract/desktop.ts'
import { verifyRelease } from './verify-release.ts'

/** The slice of electron-updater's `autoUpdater` that is used. */
export interface Updater {
  autoDownload: boolean
  autoInstallOnAppQuit: boolean
  allowDowngrade: boolean
  setFeedURL(options: { provider: 'generic'; url: string }): void
  checkForUpdates(): Promise<unknown>
  quitAndInstall(): void
  on(event: 'update-downloaded', listener: (event: { version: string; downloadedFile: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface UpdateOptions {
  readonly updates: DesktopUpdates
  readonly load: () => Promise<Updater>
  /** Reads a small text of the team's server. */
  readonly readText: (url: string) => Promise<string>
  /** A verified release is there; true installs it now. */
  readonly offer: (version: string) => Promise<boolean>
  readonly log: Log
}

const EVERY_MS = 6 * 60 * 60_000

/** Looks at the team's own server now and every six hours; installs what the team's key has signed and a person has agreed to. Returns what ends it. */
export function lookForUpdates({ updates, load, readText, offer, log }: UpdateOptions): () => void {
  let ended = false
  const failed = (cause: unknown): void =>
    log.warn('desktop.update-failed', { reason: cause instanceof Error ? cause.message : String(cause) })
  let check: () => Promise<unknown> = async () => undefined
  const started = load().then(async (updater) => {
    if (ended) return
    updater.autoDownload = true
    // Not before it is verified, and a person has said so.
    updater.autoInstallOnAppQuit = false
    updater.allowDowngrade = false
    updater.setFeedURL({ provider: 'generic', url: updates.from })
    updater.on('error', failed)
    updater.on('update-downloaded', ({ version, downloadedFile }) => {
      if (!ended) take(updater, version, downloadedFile).catch(failed)
    })
    check = () => updater.checkForUpdates()
    await check()
  })
  started.catch(failed)
  const timer = setInterval(() => check().catch(failed), EVERY_MS)
  timer.unref()

  async function take(updater: Updater, version: string, file: string): Promise<void> {
    const name = file.split(/[\\/]/).at(-1) ?? ''
    const signature = await readText(`${updates.from.replace(/\/$/, '')}/${encodeURIComponent(name)}.sig`)
    if (!(await verifyRelease(file, signature, updates.publicKey))) {
      rmSync(file, { force: true })
      throw new Error(`version ${version} is not signed with the team’s key; it was removed`)
    }
    log.info('desktop.update-verified', { version })
    if (await offer(version)) updater.quitAndInstall()
  }

  return () => {
    ended = true
    clearInterval(timer)
  }
}
