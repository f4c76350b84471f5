import type { Db } from './open-database.ts'

export type ObjectKind = 'text' | 'facts' | 'verdict'

export interface StoredObject {
  readonly id: number
  readonly sha: Buffer
  readonly kind: ObjectKind
  readonly body: Buffer
}

/** Only the beginning of a very long statement is searched; all of it is kept. */
const SEARCHED_BYTES = 100_000

/** Stores a body once under its SHA-256, and makes a text findable. Returns its number. */
export function prepareObjects(db: Db): (kind: ObjectKind, sha: Buffer, body: Buffer) => number {
  const insert = db.prepare('INSERT OR IGNORE INTO objects (sha, kind, body) VALUES (?, ?, ?)')
  const find = db.prepare<[Buffer], { id: number }>('SELECT id FROM objects WHERE sha = ?')
  const index = db.prepare('INSERT INTO texts (rowid, sql) VALUES (?, ?)')
  return (kind, sha, body) => {
    const { changes, lastInsertRowid } = insert.run(sha, kind, body)
    if (changes === 0) return find.get(sha)?.id ?? 0
    if (kind === 'text') index.run(lastInsertRowid, body.toString('utf8', 0, SEARCHED_BYTES))
    return Number(lastInsertRowid)
  }
}

export function readObject(db: Db, sha: Buffer): StoredObject | undefined {
  return prepareReadObject(db)(sha)
}

/** The same for many. */
export function prepareReadObject(db: Db): (sha: Buffer) => StoredObject | undefined {
  const read = db.prepare<[Buffer], StoredObject>('SELECT id, sha, kind, body FROM objects WHERE sha = ?')
  return (sha) => read.get(sha)
}
