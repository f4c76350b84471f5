import type { LabelOf } from '../approvals/mark-text.ts'
import type { RecordedEvent } from '../contract/events.ts'
import { readChunks } from '../store/chunks-table.ts'
import type { Db } from '../store/open-database.ts'
import { readEvents } from './canonical.ts'
import { toHex } from './hash.ts'
import { EventPresenter } from './present-event.ts'
import { type StoredEvent, storedEventSchema } from './stored-event.ts'
import { findChunk } from './timeline.ts'

/** So many bytes of kept rows in one page at most, so that no page of events is of unbounded size. */
const PAGE_BYTES = 4 * 1024 * 1024

/** Where a page begins: behind a sequence number, at a time (milliseconds since the epoch), or with a statement's own event. */
export type PageStart = { readonly after: number } | { readonly from: number } | { readonly statement: number }

/** The events from there on, in order: at most `limit`, and fewer where their answers are large. At least one if there is one. */
export function listEvents(db: Db, session: number, labelOf: LabelOf, start: PageStart, limit: number): RecordedEvent[] {
  const presenter = new EventPresenter(db, labelOf)
  const events: RecordedEvent[] = []
  let bytes = 0
  const after = 'after' in start ? start.after : findChunk(db, session, start)
  for (const chunk of readChunks(db, session, after)) {
    for (const stored of readEvents(chunk.body)) {
      const head = storedEventSchema.parse(JSON.parse(stored.head))
      if (events.length === 0 && !hasBegun(head, start)) {
        // Read for what follows: a verdict needs its statement's text, rows need what described them.
        presenter.learn(head, stored.attachment)
        continue
      }
      bytes += stored.attachment.length
      if (events.length >= limit || (bytes > PAGE_BYTES && events.length > 0)) return events
      if (head.kind === 'rows' && !presenter.knowsShape(head.statement)) learnShape(db, session, presenter, head.statement)
      events.push(presenter.present(head, stored.attachment, toHex(stored.hash)))
    }
  }
  return events
}

function hasBegun(event: StoredEvent, start: PageStart): boolean {
  if ('after' in start) return event.seq > start.after
  if ('from' in start) return event.at >= start.from
  return event.kind === 'statement' && event.statement >= start.statement
}

/** An answer that goes over several chunks is described only at its beginning. */
function learnShape(db: Db, session: number, presenter: EventPresenter, statement: number): void {
  for (const chunk of readChunks(db, session, findChunk(db, session, { statement }))) {
    for (const stored of readEvents(chunk.body)) {
      const head = storedEventSchema.parse(JSON.parse(stored.head))
      if (head.kind !== 'rows' || head.statement !== statement) continue
      presenter.learn(head, stored.attachment)
      return
    }
  }
}
