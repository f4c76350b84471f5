import type { StoredPerson, StoredWebSession, WebSessionStore } from '../../main/identity/web-session-store.ts'

/** Sessions that end with the process. */
export function createMemoryWebSessionStore(): WebSessionStore {
  const sessions = new Map<string, StoredWebSession>()
  const people = new Map<string, StoredPerson>()
  const keyOf = (issuer: string, subject: string): string => JSON.stringify([issuer, subject])
  const ofPerson = (issuer: string, subject: string) =>
    [...sessions.values()].filter((session) => session.issuer === issuer && session.subject === subject)
  const put = (session: StoredWebSession): void => void sessions.set(session.id, session)
  return {
    insert: put,
    find: (id) => sessions.get(id),
    touch: (id, seenAt) => {
      const session = sessions.get(id)
      if (session !== undefined) put({ ...session, seenAt })
    },
    remove: (id) => void sessions.delete(id),
    removeOld: (createdBefore, seenBefore) => {
      for (const [id, session] of sessions) {
        if (session.createdAt < createdBefore || session.seenAt < seenBefore) sessions.delete(id)
      }
      for (const [key, { issuer, subject }] of people) if (ofPerson(issuer, subject).length === 0) people.delete(key)
    },
    ofPerson,
    bySid: (issuer, sid) => [...sessions.values()].filter((session) => session.issuer === issuer && session.sid === sid),
    updatePerson: ({ issuer, subject, ...now }) => {
      for (const session of ofPerson(issuer, subject)) put({ ...session, ...now })
    },
    person: (issuer, subject) => people.get(keyOf(issuer, subject)),
    people: () => [...people.values()],
    writePerson: (person) => void people.set(keyOf(person.issuer, person.subject), person),
    removePerson: (issuer, subject) => void people.delete(keyOf(issuer, subject)),
  }
}
