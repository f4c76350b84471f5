import type { Db } from './open-database.ts'

/** A JSON document and the Ed25519 signature (base64) over its bytes. */
export interface SignedRow {
  readonly number: number
  readonly body: string
  readonly signature: string
}

export interface KeyRow {
  readonly id: string
  /** PEM (SPKI). */
  readonly public_key: string
  readonly since: number
}

export interface SegmentRow {
  readonly number: number
  readonly at: number
  /** JSON: where the chains of the sessions that were open stood when it began. */
  readonly starts: string
}

/** Writing; for the one who fills the record. */
export function prepareEvidence(db: Db) {
  const insertKey = db.prepare('INSERT OR IGNORE INTO keys (id, public_key, since) VALUES (?, ?, ?)')
  const insertHead = db.prepare('INSERT INTO heads (number, body, signature) VALUES (@number, @body, @signature)')
  const insertRemoval = db.prepare('INSERT INTO removals (number, body, signature) VALUES (@number, @body, @signature)')
  const insertSegment = db.prepare('INSERT OR IGNORE INTO segments (number, at, starts) VALUES (?, ?, ?)')
  const insertPolicy = db.prepare('INSERT OR IGNORE INTO policies (version, body) VALUES (?, ?)')
  return {
    key: ({ id, public_key, since }: KeyRow): void => {
      insertKey.run(id, public_key, since)
    },
    head: (row: SignedRow): void => {
      insertHead.run(row)
    },
    removal: (row: SignedRow): void => {
      insertRemoval.run(row)
    },
    segment: ({ number, at, starts }: SegmentRow): void => {
      insertSegment.run(number, at, starts)
    },
    policy: (version: string, body: Buffer): void => {
      insertPolicy.run(version, body)
    },
  }
}

export const readKeys = (db: Db): KeyRow[] => db.prepare<[], KeyRow>('SELECT id, public_key, since FROM keys ORDER BY since, id').all()

/** Oldest first. */
export function readHeads(db: Db): IterableIterator<SignedRow> {
  return db.prepare<[], SignedRow>('SELECT number, body, signature FROM heads ORDER BY number').iterate()
}

export function readLastHead(db: Db): SignedRow | undefined {
  return db.prepare<[], SignedRow>('SELECT number, body, signature FROM heads ORDER BY number DESC LIMIT 1').get()
}

export const readRemovals = (db: Db): SignedRow[] =>
  db.prepare<[], SignedRow>('SELECT number, body, signature FROM removals ORDER BY number').all()

export function readLastRemoval(db: Db): SignedRow | undefined {
  return db.prepare<[], SignedRow>('SELECT number, body, signature FROM removals ORDER BY number DESC LIMIT 1').get()
}

export function readSegmentStarts(db: Db, number: number): SegmentRow | undefined {
  return db.prepare<[number], SegmentRow>('SELECT number, at, starts FROM segments WHERE number = ?').get(number)
}

export function readPolicy(db: Db, version: string): Buffer | undefined {
  return db.prepare<[string], { body: Buffer }>('SELECT body FROM policies WHERE version = ?').get(version)?.body
}
