import type { LabelOf } from '../approvals/mark-text.ts'
import type { RecordedEvent } from '../contract/events.ts'
import { readChunks } from '../store/chunks-table.ts'
import type { Db } from '../store/open-database.ts'
import { readEvents } from './canonical.ts'
import { toHex } from './hash.ts'
import { EventPresenter } from './present-event.ts'
import { storedEventSchema } from './stored-event.ts'

/** So many bytes of kept rows in one page at most, so that no page of events is of unbounded size. */
const PAGE_BYTES = 4 * 1024 * 1024

/** The events behind `after`, in order: at most `limit`, and fewer where their answers are large. At least one if there is one. */
export function listEvents(db: Db, session: number, labelOf: LabelOf, after: number, limit: number): RecordedEvent[] {
  const presenter = new EventPresenter(db, labelOf)
  const events: RecordedEvent[] = []
  let bytes = 0
  for (const chunk of readChunks(db, session, after)) {
    for (const stored of readEvents(chunk.body)) {
      const head = storedEventSchema.parse(JSON.parse(stored.head))
      if (head.seq <= after) {
        // Read for what follows: a verdict needs its statement's text, rows need what described them.
        presenter.learn(head, stored.attachment)
        continue
      }
      bytes += stored.attachment.length
      if (events.length >= limit || (bytes > PAGE_BYTES && events.length > 0)) return events
      events.push(presenter.present(head, stored.attachment, toHex(stored.hash)))
    }
  }
  return events
}
