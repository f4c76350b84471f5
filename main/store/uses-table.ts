import type { Db } from './open-database.ts'

/** A text as it was first used in a session with one verdict. */
export interface NewUse {
  readonly session: number
  readonly object: number
  readonly statement: number
  readonly seq: number
  readonly at: number
  readonly effect: 'allow' | 'ask' | 'deny'
}

export interface UseRow extends NewUse {
  readonly id: number
}

/** Words of the full text. */
export interface UseWords {
  readonly sql: string
  readonly names: string
  readonly facets: string
}

export function prepareUses(db: Db) {
  const insert = db.prepare(
    'INSERT INTO uses (session, object, statement, seq, at, effect) VALUES (@session, @object, @statement, @seq, @at, @effect)',
  )
  const index = db.prepare('INSERT INTO found (rowid, sql, names, facets) VALUES (?, ?, ?, ?)')
  const need = db.prepare('INSERT OR IGNORE INTO session_objects (session, object) VALUES (?, ?)')
  const person = db.prepare(
    `INSERT INTO people (issuer, subject, name, kind) VALUES (?, ?, ?, ?)
     ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, kind = excluded.kind WHERE name <> excluded.name OR kind <> excluded.kind`,
  )
  return {
    use: (use: NewUse, words: UseWords): void => {
      const { lastInsertRowid } = insert.run(use)
      index.run(lastInsertRowid, words.sql, words.names, words.facets)
    },
    /** The session cannot be shown without this body. */
    need: (session: number, object: number): void => {
      need.run(session, object)
    },
    person: ({ issuer, subject, name, kind }: { issuer: string; subject: string; name: string; kind: string }): void => {
      person.run(issuer, subject, name, kind)
    },
  }
}
