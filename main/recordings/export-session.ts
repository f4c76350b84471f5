import { readChunks } from '../store/chunks-table.ts'
import { readObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { readEvents } from './canonical.ts'
import { toHex } from './hash.ts'
import { storedEventSchema } from './stored-event.ts'

/**
 * A session as JSON Lines: each shared body (text, facts, verdict; base64) before the first event that names it, each event with its canonical
 * head, attachment (base64) and hash. Enough to compute the chain again offline.
 */
export function* exportSession(db: Db, session: SessionRow): Generator<string> {
  yield JSON.stringify({ sallyport: 'session', version: 1, id: session.id, events: session.events, head: session.head.toString('hex') })
  const given = new Set<string>()
  for (const chunk of readChunks(db, session.number, 0)) {
    for (const event of readEvents(chunk.body)) {
      const head = storedEventSchema.parse(JSON.parse(event.head))
      const names = head.kind === 'statement' ? [head.text, ...head.facts] : head.kind === 'verdict' ? [head.verdict] : []
      for (const sha of names) {
        if (given.has(sha)) continue
        given.add(sha)
        const object = readObject(db, Buffer.from(sha, 'hex'))
        if (object !== undefined) yield JSON.stringify({ object: sha, kind: object.kind, body: object.body.toString('base64') })
      }
      const attachment = event.attachment.length > 0 ? { attachment: event.attachment.toString('base64') } : {}
      yield JSON.stringify({ event: event.head, ...attachment, hash: toHex(event.hash) })
    }
  }
}
