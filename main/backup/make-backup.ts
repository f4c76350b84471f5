import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { segmentName } from '../recordings/journal-format.ts'
import { listSegments } from '../recordings/recover-journal.ts'
import { verifyRecordings } from '../recordings/verify-recordings.ts'
import { readLastHead } from '../store/evidence-table.ts'
import { hostFile, journalDirectory, recordingsFile } from '../store/files.ts'
import { hostMigrations, recordingsMigrations } from '../store/migrations/index.ts'
import { openDatabase } from '../store/open-database.ts'
import { type Position, readPosition } from '../store/position-table.ts'
import { certificateFile } from '../tls/generate-certificate.ts'
import { vaultFile } from '../vault/open-vault.ts'
import { BackupError } from './backup-error.ts'
import { digestOf, MANIFEST, type Manifest } from './manifest.ts'

export interface BackupOptions {
  readonly dataDir: string
  /** A folder that is not there yet, or is empty. */
  readonly to: string
  readonly withKeys: boolean
  /** Of this program. */
  readonly program: string
  readonly now: number
}

export interface MadeBackup {
  readonly manifest: Manifest
  readonly bytes: number
  readonly events: number
}

const COPY_BYTES = 1024 * 1024
const TRIES = 3

/**
 * Copies a data directory while its host runs. Each database is copied by SQLite itself, as it is at one moment; the journal goes exactly as far as the copied
 * search database has taken it in, and everything up to there is proved before this returns. Throws `BackupError`, or `StoreError` when there is no
 * data directory of this version. A back-up that failed is taken away again.
 */
export async function makeBackup(options: BackupOptions): Promise<MadeBackup> {
  const { dataDir, to } = options
  if (existsSync(to) && readdirSync(to).length > 0) throw new BackupError(`${to} is not empty. Name a folder that is not there yet.`)
  mkdirSync(join(to, 'journal'), { recursive: true, mode: 0o700 })
  try {
    // Before the databases: what a SIEM has taken may then be told to it twice, and never not at all.
    copyIfThere(join(dataDir, 'siem.json'), join(to, 'siem.json'))
    const { position, signingKey } = await copyRecord(dataDir, to)
    await copyDatabase(hostFile(dataDir), hostFile(to), hostMigrations)
    if (options.withKeys) copyIfThere(vaultFile(dataDir), vaultFile(to))
    copyIfThere(certificateFile(dataDir), certificateFile(to))
    if (signingKey === '')
      throw new BackupError('This host has not signed its record yet, which it does within its first minute. Try again then.')
    const proved = verifyRecordings(to)
    const [fault] = proved.faults
    if (fault !== undefined)
      throw new BackupError(`The copy does not prove itself: ${fault.text} Run "sallyport verify --data ${dataDir}".`)
    const paths = [...readdirSync(to), ...readdirSync(join(to, 'journal')).map((name) => `journal/${name}`)].filter(
      (path) => path !== 'journal',
    )
    const files: Manifest['files'] = []
    for (const path of paths.sort()) {
      forceFile(join(to, path))
      files.push(await digestOf(to, path))
    }
    const manifest: Manifest = {
      ...{ sallyport: 'backup', version: 1, program: options.program, at: options.now, keys: existsSync(vaultFile(to)), signingKey },
      position: position === undefined ? null : { ...position, hash: position.hash.toString('hex') },
      files,
    }
    writeFileSync(join(to, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    forceFile(join(to, MANIFEST))
    return { manifest, bytes: files.reduce((sum, file) => sum + file.bytes, 0), events: proved.events }
  } catch (cause) {
    rmSync(to, { recursive: true, force: true })
    throw cause
  }
}

/** Retention may take journal files away while they are copied: then both are copied anew. */
async function copyRecord(dataDir: string, to: string): Promise<{ position: Position | undefined; signingKey: string }> {
  for (let tries = 1; ; tries += 1) {
    const target = recordingsFile(to)
    await copyDatabase(recordingsFile(dataDir), target, recordingsMigrations)
    const db = openDatabase(target, { migrations: recordingsMigrations })
    const position = readPosition(db)
    const head = readLastHead(db)
    settle(db)
    try {
      if (position !== undefined) copyJournal(journalDirectory(dataDir), join(to, 'journal'), position)
      return { position, signingKey: head === undefined ? '' : String(JSON.parse(head.body).key) }
    } catch (cause) {
      const gone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
      if (!gone || tries === TRIES) throw cause
      for (const name of readdirSync(to)) if (name.startsWith('recordings.db')) rmSync(join(to, name))
      for (const name of readdirSync(join(to, 'journal'))) rmSync(join(to, 'journal', name))
    }
  }
}

async function copyDatabase(from: string, to: string, migrations: readonly string[]): Promise<void> {
  const db = openDatabase(from, { migrations, readonly: true })
  try {
    await db.backup(to)
  } finally {
    db.close()
  }
  const copy = openDatabase(to, { migrations })
  const found = copy.pragma('quick_check(1)', { simple: true })
  settle(copy)
  if (found !== 'ok') throw new BackupError(`The copy of ${from} is damaged: ${String(found)}`)
}

/** Leaves one file: what stands in the write-ahead log goes into it. */
function settle(db: ReturnType<typeof openDatabase>): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.pragma('journal_mode = DELETE')
  db.close()
}

function copyJournal(from: string, to: string, { segment, offset }: Position): void {
  for (const number of listSegments(from)) {
    if (number > segment) continue
    const name = segmentName(number)
    if (number < segment) copyFileSync(join(from, name), join(to, name))
    else copyStart(join(from, name), join(to, name), offset)
  }
}

function copyStart(from: string, to: string, length: number): void {
  const source = openSync(from, 'r')
  const target = openSync(to, 'wx', 0o600)
  try {
    const part = Buffer.allocUnsafe(COPY_BYTES)
    for (let done = 0; done < length; ) {
      const read = readSync(source, part, 0, Math.min(part.length, length - done), done)
      if (read === 0) throw new BackupError(`${from} is shorter than what was taken in from it.`)
      for (let written = 0; written < read; ) written += writeSync(target, part, written, read - written)
      done += read
    }
  } finally {
    closeSync(source)
    closeSync(target)
  }
}

function copyIfThere(from: string, to: string): void {
  if (existsSync(from)) copyFileSync(from, to)
}

function forceFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
