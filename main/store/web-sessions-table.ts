import type { StoredWebSession, WebSessionStore } from '../identity/web-sessions.ts'
import type { Db } from './open-database.ts'

interface Row {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly groups: string
  readonly auth_time: number | null
  readonly created_at: number
  readonly seen_at: number
}

/** Signed-in browsers, kept over a restart. Only hashes of the cookies are stored. */
export function prepareWebSessions(db: Db): WebSessionStore {
  const insert = db.prepare(
    `INSERT INTO web_sessions (id, issuer, subject, name, groups, auth_time, created_at, seen_at)
     VALUES (@id, @issuer, @subject, @name, @groups, @authTime, @createdAt, @seenAt)`,
  )
  const find = db.prepare<[string], Row>('SELECT * FROM web_sessions WHERE id = ?')
  const touch = db.prepare('UPDATE web_sessions SET seen_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM web_sessions WHERE id = ?')
  const removeOld = db.prepare('DELETE FROM web_sessions WHERE created_at < ? OR seen_at < ?')
  return {
    insert: (session) => {
      insert.run({ ...session, groups: JSON.stringify(session.groups) })
    },
    find: (id) => {
      const row = find.get(id)
      return row === undefined ? undefined : sessionOf(row)
    },
    touch: (id, seenAt) => {
      touch.run(seenAt, id)
    },
    remove: (id) => {
      remove.run(id)
    },
    removeOld: (createdBefore, seenBefore) => {
      removeOld.run(createdBefore, seenBefore)
    },
  }
}

function sessionOf(row: Row): StoredWebSession {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: row.subject,
    name: row.name,
    groups: JSON.parse(row.groups),
    authTime: row.auth_time,
    createdAt: row.created_at,
    seenAt: row.seen_at,
  }
}
