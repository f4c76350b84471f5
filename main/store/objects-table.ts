import type { Db } from './open-database.ts'

export type ObjectKind = 'text' | 'facts' | 'verdict'

export interface StoredObject {
  readonly id: number
  readonly sha: Buffer
  readonly kind: ObjectKind
  readonly body: Buffer
}

/** Stores a body once under its SHA-256. */
export function prepareObjects(db: Db): (kind: ObjectKind, sha: Buffer, body: Buffer) => void {
  const insert = db.prepare('INSERT OR IGNORE INTO objects (sha, kind, body) VALUES (?, ?, ?)')
  return (kind, sha, body) => {
    insert.run(sha, kind, body)
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
