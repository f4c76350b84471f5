import { prepareEvidence, readLastHead, readLastRemoval } from '../store/evidence-table.ts'
import type { Db } from '../store/open-database.ts'
import type { Position } from '../store/position-table.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { type Head, hashText, NO_DOCUMENT, type Seal } from './evidence-documents.ts'
import { type SigningKey, signDocument } from './signing-key.ts'

export interface Sealer {
  /** Signs the chains of sessions that ended and are not signed to their end. */
  sealEnded(at: number): void
  /** Signs how far the journal was taken in, and the chains of all sessions that grew. Nothing if nothing did. */
  seal(position: Position, at: number): void
}

/** Signs the record's heads. Each call belongs inside the transaction that wrote what it signs. */
export function createSealer(db: Db, key: SigningKey): Sealer {
  const evidence = prepareEvidence(db)
  const columns = 'SELECT number, id, events, head, ended_at FROM sessions WHERE events > sealed_events'
  const ended = db.prepare<[], SessionRow>(`${columns} AND ended_at IS NOT NULL`)
  const grown = db.prepare<[], SessionRow>(columns)
  const store = db.prepare<[number, string, number]>('UPDATE sessions SET sealed_events = ?, seal = ? WHERE number = ?')
  let known = false

  const introduce = (at: number): void => {
    if (!known) evidence.key({ id: key.id, public_key: key.publicKey, since: at })
    known = true
  }
  const sealSessions = (rows: readonly SessionRow[], at: number): void => {
    if (rows.length > 0) introduce(at)
    for (const row of rows) store.run(row.events, JSON.stringify(sealSession(key, row, at)), row.number)
  }
  return {
    sealEnded: (at) => sealSessions(ended.all(), at),
    seal: (position, at) => {
      sealSessions(grown.all(), at)
      const last = readLastHead(db)
      const before: Head | undefined = last === undefined ? undefined : JSON.parse(last.body)
      const removals = readLastRemoval(db)?.number ?? 0
      const hash = position.hash.toString('hex')
      if (before !== undefined && before.hash === hash && before.removals === removals && before.key === key.id) return
      introduce(at)
      const number = (last?.number ?? 0) + 1
      const head: Head = {
        sallyport: 'head',
        version: 1,
        key: key.id,
        at,
        number,
        segment: position.segment,
        offset: position.offset,
        hash,
        removals,
        previous: last === undefined ? NO_DOCUMENT : hashText(last.body),
      }
      evidence.head({ number, ...signDocument(key, head) })
    },
  }
}

/** A session's chain as it stands, signed. */
export function sealSession(key: SigningKey, row: Pick<SessionRow, 'id' | 'events' | 'head' | 'ended_at'>, at: number) {
  const seal: Seal = {
    sallyport: 'session-head',
    version: 1,
    key: key.id,
    at,
    session: row.id,
    events: row.events,
    head: row.head.toString('hex'),
    ended: row.ended_at !== null,
  }
  return signDocument(key, seal)
}
