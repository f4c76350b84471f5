import { existsSync, renameSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { type KeyRow, prepareEvidence, type SegmentRow, type SignedRow } from '../store/evidence-table.ts'
import { recordingsFile } from '../store/files.ts'
import type { Db } from '../store/open-database.ts'
import { headSchema, readDocument, removalSchema, startsSchema } from './evidence-documents.ts'
import { type KeyRing, keyRing } from './key-ring.ts'
import { openRecordingsDatabase } from './open-recordings-database.ts'
import type { SigningKey } from './signing-key.ts'

/** Of the files of one SQLite database. */
const SUFFIXES = ['-wal', '-shm', '']

export interface Rebuilt {
  readonly db: Db
  /** Where the damaged database is kept. */
  readonly kept: string
  /** Signed heads and stubs that could be read from it. */
  readonly documents: number
}

/**
 * Makes a new search database for the filler to fill from the journal, and moves the damaged one aside. What the journal cannot give again is taken
 * over as far as it can be read and its signature holds: heads, the stubs of removed sessions, and the keys. A failure leaves all as it was.
 */
export function rebuildRecordings(dataDir: string, key: Pick<SigningKey, 'id' | 'publicKey'>, now: number): Rebuilt {
  const path = recordingsFile(dataDir)
  const draft = `${path}.new`
  for (const suffix of SUFFIXES) rmSync(`${draft}${suffix}`, { force: true })
  const made = openRecordingsDatabase(draft)
  let documents = 0
  try {
    made.transaction(() => {
      documents = takeOver(made, path, { id: key.id, public_key: key.publicKey, since: Math.round(now) })
    })()
  } finally {
    made.close()
  }
  const kept = `${path}.damaged-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
  for (const suffix of SUFFIXES) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${kept}${suffix}`)
  }
  renameSync(draft, path)
  return { db: openRecordingsDatabase(path), kept, documents }
}

/** For health and log. */
export function describeRebuild(why: string, kept: string, documents: number): string {
  return `The search database was damaged (${why}) and is made anew from the journal; ${documents} signed heads and stubs were taken over. The damaged one is kept as ${kept}.`
}

function takeOver(db: Db, damagedPath: string, current: KeyRow): number {
  const evidence = prepareEvidence(db)
  const damaged = openDamaged(damagedPath)
  if (damaged === undefined) {
    evidence.key(current)
    return 0
  }
  try {
    const keys = readEach<KeyRow>(damaged, 'SELECT id, public_key, since FROM keys ORDER BY rowid')
    for (const row of [...keys, current]) evidence.key(row)
    const ring = keyRing([...keys, current], undefined)
    let documents = 0
    for (const row of readEach<SignedRow>(damaged, 'SELECT number, body, signature FROM removals ORDER BY number')) {
      const removal = readDocument(removalSchema, row)
      if (removal === undefined || !holds(ring, row, removal.key)) continue
      evidence.removal(row)
      documents += 1
    }
    for (const row of readEach<SignedRow>(damaged, 'SELECT number, body, signature FROM heads ORDER BY number')) {
      const head = readDocument(headSchema, row)
      if (head === undefined || !holds(ring, row, head.key)) continue
      evidence.head(row)
      documents += 1
    }
    for (const row of readEach<SegmentRow>(damaged, 'SELECT number, at, starts FROM segments ORDER BY number')) {
      if (readDocument(startsSchema, { body: row.starts, signature: '' }) !== undefined) evidence.segment(row)
    }
    return documents
  } finally {
    damaged.close()
  }
}

function holds(ring: KeyRing, row: SignedRow, key: string): boolean {
  return ring.problem(row, key) === undefined
}

function openDamaged(path: string): Db | undefined {
  if (!existsSync(path)) return undefined
  try {
    return new Database(path, { readonly: true })
  } catch (cause) {
    if (cause instanceof Database.SqliteError) return undefined
    throw cause
  }
}

/** The rows up to the first that cannot be read. */
function readEach<T>(db: Db, sql: string): T[] {
  const rows: T[] = []
  try {
    for (const row of db.prepare<[], T>(sql).iterate()) rows.push(row)
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause
  }
  return rows
}
