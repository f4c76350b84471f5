import type { Activity, Outline, OutlineEntry, RecordedEvent, Unprotected } from '../../../main/contract/index.ts'

const PAGE = 1000
const CHANGES = new Set(['write', 'ddl', 'privilege', 'admin'])
type Entry = { -readonly [Key in keyof OutlineEntry]: OutlineEntry[Key] }

/** What the real host says of these events. */
export function outlineOf(events: readonly RecordedEvent[], after: number): Outline {
  const page = events.slice(after, after + PAGE)
  const entries = new Map<number, Entry>()
  const notes: Outline['notes'] = []
  for (const event of page) {
    if (event.kind === 'note') notes.push({ seq: event.seq, at: event.at, text: event.text })
    if (!('statement' in event)) continue
    const entry = entries.get(event.statement) ?? { number: event.statement }
    entries.set(event.statement, entry)
    switch (event.kind) {
      case 'statement':
        Object.assign(entry, {
          seq: event.seq,
          at: event.at,
          text: event.sql.replaceAll(/\s+/g, ' ').slice(0, 200),
          writes: event.facts.verbs.some((verb) => CHANGES.has(verb)) || /^(UPDATE|DELETE|INSERT|ALTER)/.test(event.sql),
          untrusted: event.sql.includes('support_tickets'),
        } satisfies Omit<OutlineEntry, 'number'>)
        break
      case 'verdict':
        entry.effect = event.effect
        break
      case 'asked':
        Object.assign(entry, { approval: event.approval, askedAt: event.at })
        break
      case 'answered':
        Object.assign(entry, { approval: event.approval, answeredAt: event.at, outcome: event.outcome, by: event.by })
        break
      case 'sent':
        entry.sentAt = event.at
        break
      case 'finished':
        Object.assign(entry, {
          finishedAt: event.at,
          rows: event.rows,
          tag: event.tag,
          sqlstate: event.sqlstate,
          masked: event.masked.length,
        })
        break
    }
  }
  return { entries: [...entries.values()], notes, last: page.at(-1)?.seq ?? after, total: events.length }
}

const day = [3, 1, 0, 36, 0, 1, 4, 28, 116, 204, 262, 240, 96, 180, 58, 120, 75, 40, 22, 12, 9, 4, 2, 1]

/** A day as agents work. */
export function activityOf(from: number, step: number): Activity {
  const count = Math.max(1, Math.min(24, Math.ceil((Date.now() - from) / step)))
  const buckets = day.slice(0, count).map((statements, hour) => ({
    statements,
    held: hour > 7 ? (hour % 3) + 1 : 0,
    denied: statements > 150 ? Math.round(statements / 70) : 0,
  }))
  return { from, step, buckets, masked: 611 }
}

export function makeUnprotected(connection: string): Unprotected {
  const column = (name: string, looksLike: string | null, pattern?: readonly [name: string, hits: number]) => ({
    column: name,
    type: 'text',
    looksLike,
    suggestedLabel: looksLike === null ? null : 'pii',
    values: 200,
    patterns: pattern ? [{ pattern: pattern[0], hits: pattern[1], searchedFor: false }] : [],
  })
  const columns =
    connection === 'shop'
      ? [
          column('billing.payout_accounts.iban', 'a bank account', ['iban', 198]),
          column('public.customers.full_name', 'a name'),
          column('public.addresses.street', 'an address'),
        ]
      : []
  return { connection, columns, skipped: [], tables: 14, unlabelled: 96, sampleRows: 200 }
}
