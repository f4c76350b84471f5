import { zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'
import { readEvents } from '../recordings/canonical.ts'
import { storedEventSchema } from '../recordings/stored-event.ts'
import { prepareReadObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { type AuditEvent, auditEventOf } from './audit-event.ts'

/** How far the stream was delivered: the last chunk and the last signed head, and how many chunks retention removed before. */
export interface StreamPosition {
  readonly chunk: number
  readonly head: number
  readonly lost: number
}

export interface AuditBatch {
  readonly events: readonly AuditEvent[]
  /** Where the stream is once these are delivered. */
  readonly position: StreamPosition
}

interface ChunkRow {
  readonly id: number
  readonly session: number
  readonly packed: number
  readonly body: Buffer
}

const BATCH_CHUNKS = 20
const BATCH_EVENTS = 2000
const REMEMBERED = 2000

const verdictSchema = z.object({
  effect: z.string(),
  policyVersion: z.string(),
  rule: z.object({ id: z.string() }).optional(),
  because: z.array(z.object({ what: z.string() })),
  labels: z.array(z.string()),
})

/** Reads the record as a stream of audit events, in the order in which they were taken in. The record itself is what waits on the disk. */
export function createAuditReader(db: Db) {
  const chunks = db.prepare<[number, number], ChunkRow>('SELECT id, session, packed, body FROM chunks WHERE id > ? ORDER BY id LIMIT ?')
  const session = db.prepare<[number], SessionRow>('SELECT * FROM sessions WHERE number = ?')
  const heads = db.prepare<[number], { number: number; body: string; signature: string }>(
    'SELECT number, body, signature FROM heads WHERE number > ? ORDER BY number LIMIT 100',
  )
  const behind = db.prepare<[number], { events: number | null; oldest: number | null }>(
    'SELECT sum(last_seq - first_seq + 1) AS events, min(first_at) AS oldest FROM chunks WHERE id > ?',
  )
  const readObject = prepareReadObject(db)
  const remembered = new Map<string, string>()
  const body = (sha: string): string | undefined => {
    const known = remembered.get(sha)
    if (known !== undefined) return known
    const found = readObject(Buffer.from(sha, 'hex'))?.body.toString()
    if (remembered.size >= REMEMBERED) remembered.clear()
    if (found !== undefined) remembered.set(sha, found)
    return found
  }
  const sources = {
    text: body,
    verdict: (sha: string) => {
      const found = body(sha)
      if (found === undefined) return undefined
      const { effect, policyVersion, rule, because, labels } = verdictSchema.parse(JSON.parse(found))
      return { effect, policyVersion, rule: rule?.id ?? null, because: because.map((one) => one.what), labels }
    },
  }
  return {
    /** The next events; undefined when there are none. */
    next(from: StreamPosition): AuditBatch | undefined {
      const events: AuditEvent[] = []
      let { chunk, head, lost } = from
      for (const row of chunks.all(from.chunk, BATCH_CHUNKS)) {
        const owner = session.get(row.session)
        if (events.length >= BATCH_EVENTS) break
        lost += row.id - chunk - 1
        chunk = row.id
        if (owner === undefined) continue
        for (const stored of readEvents(row.packed === 1 ? zstdDecompressSync(row.body) : row.body)) {
          const event = auditEventOf(owner, storedEventSchema.parse(JSON.parse(stored.head)), stored.hash, sources)
          if (event !== undefined) events.push(event)
        }
      }
      for (const row of heads.all(from.head)) {
        head = row.number
        const at: unknown = JSON.parse(row.body).at
        events.push({ time: new Date(Number(at)).toISOString(), event: 'head', body: row.body, signature: row.signature })
      }
      return chunk === from.chunk && head === from.head ? undefined : { events, position: { chunk, head, lost } }
    },
    /** How much was not delivered yet. `oldest`: milliseconds since the epoch. */
    behind({ chunk }: StreamPosition): { readonly events: number; readonly oldest: number | undefined } {
      const row = behind.get(chunk)
      return { events: row?.events ?? 0, oldest: row?.oldest ?? undefined }
    },
  }
}
