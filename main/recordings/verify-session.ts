import { readChunks } from '../store/chunks-table.ts'
import { readObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { firstHash, hashEvent, readEvents } from './canonical.ts'
import { sha256, toHex } from './hash.ts'
import { type StoredEvent, storedEventSchema } from './stored-event.ts'
import type { RecordingFault } from './verify-recordings.ts'

/** Computes a session's chain again from what is stored. Returns the first thing that does not fit. */
export function verifySession(db: Db, session: SessionRow): RecordingFault | undefined {
  const fault = (seq: number, text: string): RecordingFault => ({
    where: 'session',
    session: session.id,
    seq,
    text: `Session ${session.id}, event ${seq}: ${text}`,
  })
  let seq = 0
  let head = firstHash(session.id)
  const proved = new Set<string>()
  try {
    for (const chunk of readChunks(db, session.number, 0)) {
      if (chunk.firstSeq !== seq + 1) return fault(seq + 1, `it is missing; the next that is stored says it is number ${chunk.firstSeq}.`)
      for (const stored of readEvents(chunk.body)) {
        seq += 1
        const event = storedEventSchema.safeParse(JSON.parse(stored.head))
        if (!event.success) return fault(seq, 'it is not an event as this program writes them.')
        if (event.data.seq !== seq) return fault(seq, `another stands in its place, which says it is number ${event.data.seq}.`)
        if (hashEvent(head, stored.encoded) !== stored.hash) return fault(seq, 'it was changed: its hash does not fit what it says.')
        const shared = verifyObjects(db, event.data, proved) ?? (seq === 1 ? verifyOpening(session, event.data) : undefined)
        if (shared !== undefined) return fault(seq, shared)
        head = stored.hash
      }
      if (chunk.lastSeq !== seq) return fault(seq + 1, 'it is missing from the end of its chunk.')
    }
  } catch (cause) {
    return fault(seq + 1, `it cannot be read (${cause instanceof Error ? cause.message : String(cause)}).`)
  }
  if (seq !== session.events) return fault(seq + 1, `it is missing: ${session.events} events were recorded, ${seq} are there.`)
  if (head !== session.head.toString('latin1')) return fault(seq, 'it is not the one that was recorded last.')
  return undefined
}

/** Bodies that events name by their SHA-256. */
function verifyObjects(db: Db, event: StoredEvent, proved: Set<string>): string | undefined {
  const names = event.kind === 'statement' ? [event.text, ...event.facts] : event.kind === 'verdict' ? [event.verdict] : []
  for (const sha of names) {
    if (proved.has(sha)) continue
    const object = readObject(db, Buffer.from(sha, 'hex'))
    if (object === undefined) return `the ${event.kind === 'verdict' ? 'verdict' : 'text or facts'} that it names (${sha}) is missing.`
    if (toHex(sha256(object.body)) !== sha) return `the ${object.kind} that it names was changed.`
    proved.add(sha)
  }
  return undefined
}

/** The list of sessions is for finding them; what it says of who and when has to be what the first event says. */
function verifyOpening(row: SessionRow, event: StoredEvent): string | undefined {
  if (event.kind !== 'opened') return 'the first event of a session has to be its opening.'
  const { opening } = event
  const same =
    opening.id === row.id &&
    opening.connection === row.connection &&
    opening.who.issuer === row.issuer &&
    opening.who.subject === row.subject &&
    opening.who.name === row.name &&
    opening.who.kind === row.kind &&
    Math.round(opening.at) === row.started_at
  return same ? undefined : 'the list of sessions tells another opening than the record does.'
}
