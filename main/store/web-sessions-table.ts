import type { StoredPerson, StoredWebSession, WebSessionStore } from '../identity/web-session-store.ts'
import type { Db } from './open-database.ts'

interface SessionRow {
  readonly id: string
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly groups: string
  readonly auth_time: number | null
  readonly verified_email: string | null
  readonly sid: string | null
  readonly created_at: number
  readonly seen_at: number
}

interface PersonRow {
  readonly issuer: string
  readonly subject: string
  readonly checked_at: number
  readonly refresh: Buffer | null
  readonly access: Buffer | null
  readonly access_until: number
}

/** Signed-in browsers, kept over a restart. Only hashes of the cookies are stored. */
export function prepareWebSessions(db: Db): WebSessionStore {
  const insert = db.prepare(
    `INSERT INTO web_sessions (id, issuer, subject, name, groups, auth_time, verified_email, sid, created_at, seen_at)
     VALUES (@id, @issuer, @subject, @name, @groups, @authTime, @verifiedEmail, @sid, @createdAt, @seenAt)`,
  )
  const find = db.prepare<[string], SessionRow>('SELECT * FROM web_sessions WHERE id = ?')
  const touch = db.prepare('UPDATE web_sessions SET seen_at = ? WHERE id = ?')
  const remove = db.prepare('DELETE FROM web_sessions WHERE id = ?')
  const removeOld = db.prepare('DELETE FROM web_sessions WHERE created_at < ? OR seen_at < ?')
  const removeLonely = db.prepare(
    `DELETE FROM web_people WHERE NOT EXISTS
       (SELECT 1 FROM web_sessions s WHERE s.issuer = web_people.issuer AND s.subject = web_people.subject)`,
  )
  const ofPerson = db.prepare<[string, string], SessionRow>('SELECT * FROM web_sessions WHERE issuer = ? AND subject = ?')
  const bySid = db.prepare<[string, string], SessionRow>('SELECT * FROM web_sessions WHERE issuer = ? AND sid = ?')
  const updatePerson = db.prepare(
    `UPDATE web_sessions SET name = @name, groups = @groups, verified_email = @verifiedEmail WHERE issuer = @issuer AND subject = @subject`,
  )
  const person = db.prepare<[string, string], PersonRow>('SELECT * FROM web_people WHERE issuer = ? AND subject = ?')
  const people = db.prepare<[], PersonRow>('SELECT * FROM web_people')
  const writePerson = db.prepare(
    `INSERT INTO web_people (issuer, subject, checked_at, refresh, access, access_until)
     VALUES (@issuer, @subject, @checkedAt, @refresh, @access, @accessUntil)
     ON CONFLICT DO UPDATE SET checked_at = excluded.checked_at, refresh = excluded.refresh, access = excluded.access, access_until = excluded.access_until`,
  )
  const removePerson = db.prepare('DELETE FROM web_people WHERE issuer = ? AND subject = ?')
  return {
    insert: (session) => void insert.run({ ...session, groups: JSON.stringify(session.groups) }),
    find: (id) => find.all(id).map(sessionOf)[0],
    touch: (id, seenAt) => void touch.run(seenAt, id),
    remove: (id) => void remove.run(id),
    removeOld: (createdBefore, seenBefore) => {
      removeOld.run(createdBefore, seenBefore)
      removeLonely.run()
    },
    ofPerson: (issuer, subject) => ofPerson.all(issuer, subject).map(sessionOf),
    bySid: (issuer, sid) => bySid.all(issuer, sid).map(sessionOf),
    updatePerson: (now) => void updatePerson.run({ ...now, groups: JSON.stringify(now.groups) }),
    person: (issuer, subject) => person.all(issuer, subject).map(personOf)[0],
    people: () => people.all().map(personOf),
    writePerson: (one) => void writePerson.run(one),
    removePerson: (issuer, subject) => void removePerson.run(issuer, subject),
  }
}

function sessionOf(row: SessionRow): StoredWebSession {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: row.subject,
    name: row.name,
    groups: JSON.parse(row.groups) as string[],
    authTime: row.auth_time,
    verifiedEmail: row.verified_email,
    sid: row.sid,
    createdAt: row.created_at,
    seenAt: row.seen_at,
  }
}

function personOf({ checked_at: checkedAt, access_until: accessUntil, ...row }: PersonRow): StoredPerson {
  return { ...row, checkedAt, accessUntil }
}
