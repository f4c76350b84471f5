import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreError } from './store-error.ts'

/**
 * Takes a data directory for this process alone. The lock is SQLite's own (the operating system's file lock), so that it goes with
 * the process however that ends; the number beside it is only for the error's text. Returns what gives it back.
 * Throws `StoreError` (`in-use`) that names the holder's process id.
 */
export function lockDirectory(dataDir: string): () => void {
  const path = join(dataDir, 'host.lock')
  const pidPath = join(dataDir, 'host.pid')
  const lock = new Database(path, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    const holder = readHolder(pidPath)
    throw new StoreError(
      'in-use',
      `Another host${holder === undefined ? '' : ` (process ${holder})`} is using the data directory ${dataDir}. Stop it, or start this one with another --data directory.`,
      { cause },
    )
  }
  writeFileSync(pidPath, `${process.pid}\n`, { mode: 0o600 })
  return () => {
    lock.exec('ROLLBACK')
    lock.close()
  }
}

function readHolder(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return /^\d+$/.test(text) ? text : undefined
  } catch {
    // The other host has taken the lock and not yet written its number: the error goes without one.
    return undefined
  }
}
