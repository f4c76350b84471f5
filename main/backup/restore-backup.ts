import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { leaveAct } from '../audit/spool.ts'
import { verifyRecordings } from '../recordings/verify-recordings.ts'
import { hostFile } from '../store/files.ts'
import { hostMigrations } from '../store/migrations/index.ts'
import { openDatabase } from '../store/open-database.ts'
import { preparePrivateDirectory } from '../store/prepare-directory.ts'
import { BackupError } from './backup-error.ts'
import { digestOf, MANIFEST, type Manifest, manifestSchema } from './manifest.ts'

export interface RestoreOptions {
  readonly from: string
  /** A data directory that is not there yet, or is empty. */
  readonly dataDir: string
  readonly now: number
}

export interface Restored {
  readonly manifest: Manifest
  readonly events: number
  /** Approvals that were open then and are not any more. */
  readonly expired: number
}

/**
 * Makes a data directory of a back-up: every file is held against its hash, and the record proved, before it is used. What was granted then is not granted any more:
 * an approval that was used since would be good a second time, and a browser that was signed out since would be signed in. The host's first act
 * in it says that it was restored. Throws `BackupError`, or `StoreError` for a back-up of a newer version; then nothing is left behind.
 */
export async function restoreBackup({ from, dataDir, now }: RestoreOptions): Promise<Restored> {
  const manifest = readManifest(from)
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    throw new BackupError(`${dataDir} is not empty. Restore into a new folder, and keep that one until the restored host runs.`)
  }
  for (const file of manifest.files) {
    const found = existsSync(join(from, file.path)) ? await digestOf(from, file.path) : undefined
    if (found === undefined) throw new BackupError(`The back-up is not whole: ${file.path} is missing.`)
    if (found.sha256 !== file.sha256) throw new BackupError(`The back-up was changed or is damaged: ${file.path} is not what was written.`)
  }
  preparePrivateDirectory(dataDir)
  try {
    for (const { path } of manifest.files) {
      const target = join(dataDir, path)
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
      copyFileSync(join(from, path), target)
      chmodSync(target, 0o600)
    }
    const [fault, ...others] = verifyRecordings(dataDir).faults
    if (fault !== undefined)
      throw new BackupError(
        `The record in the back-up does not prove itself: ${fault.text}${others.length > 0 ? ` And ${others.length} more.` : ''}`,
      )
    const expired = endGrants(dataDir, now)
    leaveAct(dataDir, 'restored', now, { backup: new Date(manifest.at).toISOString(), keys: manifest.keys })
    return { manifest, events: verifyRecordings(dataDir).events, expired }
  } catch (cause) {
    rmSync(dataDir, { recursive: true, force: true })
    throw cause
  }
}

function readManifest(from: string): Manifest {
  const path = join(from, MANIFEST)
  if (!existsSync(path)) throw new BackupError(`${from} is no back-up: it has no ${MANIFEST}.`)
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new BackupError(`${path} is not as this program writes it. A newer Sallyport may have made it.`, { cause })
  }
}

function endGrants(dataDir: string, now: number): number {
  const db = openDatabase(hostFile(dataDir), { migrations: hostMigrations })
  try {
    return db.transaction(() => {
      db.prepare('DELETE FROM web_sessions').run()
      db.prepare("UPDATE standing_approvals SET ended_at = ?, ended_why = 'restored' WHERE ended_at IS NULL").run(now)
      return db.prepare("UPDATE approvals SET state = 'expired', revision = revision + 1 WHERE state IN ('pending', 'approved')").run()
        .changes
    })()
  } finally {
    db.close()
  }
}
