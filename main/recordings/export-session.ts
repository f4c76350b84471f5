import { readChunks } from '../store/chunks-table.ts'
import { readKeys, readLastHead, readPolicy } from '../store/evidence-table.ts'
import { prepareReadObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { readEvents } from './canonical.ts'
import { toHex } from './hash.ts'
import type { Signed } from './signing-key.ts'
import { storedEventSchema } from './stored-event.ts'
import { verdictPolicy } from './verdict-effect.ts'

/**
 * A session as a bundle that proves itself, in JSON Lines. First what it is, with the signature over the chain's head, the host's last signed head and
 * the public keys. Then each shared body (text, facts, verdict; base64) and each policy before the first event that names it, and each event
 * with its canonical head, attachment (base64) and hash. `sallyport verify --bundle` needs nothing else.
 * `sign` signs a running session's chain as it stands; without it the last signature is given, which covers what was there then.
 */
export function* exportSession(db: Db, session: SessionRow, sign?: (row: SessionRow) => Signed): Generator<string> {
  const stored: Signed | null = session.seal === null ? null : JSON.parse(session.seal)
  const seal = session.sealed_events < session.events && sign !== undefined ? sign(session) : stored
  const head = readLastHead(db)
  yield JSON.stringify({
    sallyport: 'bundle',
    version: 2,
    id: session.id,
    events: session.events,
    head: session.head.toString('hex'),
    seal,
    record: head === undefined ? null : { body: head.body, signature: head.signature },
    keys: readKeys(db).map((key) => ({ id: key.id, publicKey: key.public_key })),
  })
  const readObject = prepareReadObject(db)
  const given = new Set<string>()
  for (const chunk of readChunks(db, session.number, 0)) {
    for (const event of readEvents(chunk.body)) {
      const head = storedEventSchema.parse(JSON.parse(event.head))
      // It may still be running: what came after the first line was written is not part of this bundle.
      if (head.seq > session.events) return
      const names = head.kind === 'statement' ? [head.text, ...head.facts] : head.kind === 'verdict' ? [head.verdict] : []
      for (const sha of names) {
        if (given.has(sha)) continue
        given.add(sha)
        const object = readObject(Buffer.from(sha, 'hex'))
        if (object === undefined) continue
        if (object.kind === 'verdict') {
          const version = verdictPolicy(object.body)
          const policy = given.has(version) ? undefined : readPolicy(db, version)
          given.add(version)
          if (policy !== undefined) yield JSON.stringify({ policy: version, body: policy.toString() })
        }
        yield JSON.stringify({ object: sha, kind: object.kind, body: object.body.toString('base64') })
      }
      const attachment = event.attachment.length > 0 ? { attachment: event.attachment.toString('base64') } : {}
      yield JSON.stringify({ event: event.head, ...attachment, hash: toHex(event.hash) })
    }
  }
}
