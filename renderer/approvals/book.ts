import type { Approval } from '../../main/contract/index.ts'

interface Entry {
  readonly approval: Approval
  /** The tick at which it was last learned. */
  readonly learned: number
}

/**
 * All approvals that this page knows, fed by snapshots (lists) and the stream, which overtake each other. An approval is never taken
 * back to an older revision, never doubled, and one that silently left the list is asked about instead of forgotten.
 */
export interface Book {
  readonly entries: ReadonlyMap<number, Entry>
  /** Counts what came by the stream. A list asked for at one tick knows nothing of later ones. */
  readonly tick: number
}

export const emptyBook: Book = { entries: new Map(), tick: 0 }

const alike = (a: Approval, b: Approval) => JSON.stringify(a) === JSON.stringify(b)

/** One approval by the stream, which speaks in order. The same book when it says nothing new; whether a client waits changes no revision. */
export function hear(book: Book, approval: Approval): Book {
  const known = book.entries.get(approval.id)
  if (known && (known.approval.revision > approval.revision || alike(known.approval, approval))) return book
  const tick = book.tick + 1
  return { tick, entries: new Map(book.entries).set(approval.id, { approval, learned: tick }) }
}

/**
 * A whole list of pending ones, asked for when the book stood at `since`. `unsure`: known as pending and not in the list, so they were
 * decided while nobody told us; read each.
 */
export function read(book: Book, items: readonly Approval[], since: number): { readonly book: Book; readonly unsure: readonly number[] } {
  const entries = new Map(book.entries)
  const listed = new Set<number>()
  for (const approval of items) {
    listed.add(approval.id)
    const known = entries.get(approval.id)
    const newer = !known || approval.revision > known.approval.revision
    // The same revision read anew may differ in who waits, and in what this person may do.
    const fresher = known?.approval.revision === approval.revision && known.learned <= since && !alike(known.approval, approval)
    if (newer || fresher) entries.set(approval.id, { approval, learned: Math.max(since, known?.learned ?? 0) })
  }
  const unsure = [...entries.values()]
    .filter((entry) => entry.approval.state === 'pending' && entry.learned <= since && !listed.has(entry.approval.id))
    .map((entry) => entry.approval.id)
  return { book: { tick: book.tick, entries }, unsure }
}

/** Waiting for a person, in order of arrival: new ones go to the end, none moves. */
export function waitingIn(book: Book): Approval[] {
  return approvalsIn(book)
    .filter((approval) => approval.state === 'pending')
    .sort((a, b) => a.askedAt - b.askedAt || a.id - b.id)
}

/** Over, the latest first. */
export function decidedIn(book: Book): Approval[] {
  return approvalsIn(book)
    .filter((approval) => approval.state !== 'pending')
    .sort((a, b) => endedAt(b) - endedAt(a) || b.id - a.id)
}

/** When it was decided, or ran out. Milliseconds since the epoch. */
export function endedAt(approval: Approval): number {
  return approval.decision?.at ?? approval.waitUntil
}

const approvalsIn = (book: Book) => [...book.entries.values()].map((entry) => entry.approval)
