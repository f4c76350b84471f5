import { readChunks } from '../store/chunks-table.ts'
import { prepareReadObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { readEvents } from './canonical.ts'
import { type Answer, type StoredEvent, storedEventSchema } from './stored-event.ts'
import { verdictEffect } from './verdict-effect.ts'

const COLUMNS = [
  ...['time', 'session', 'seq', 'statement', 'connection', 'name', 'subject', 'issuer', 'kind', 'client'],
  ...['verdict', 'decision', 'decided_by', 'reason', 'rows', 'bytes', 'ms', 'sqlstate', 'tag', 'masked', 'sql'],
]

interface Line {
  readonly statement: StoredEvent & { kind: 'statement' }
  verdict: string
  answer: Answer | undefined
  end: (StoredEvent & { kind: 'finished' }) | undefined
}

export function csvHead(): string {
  return COLUMNS.join(',')
}

/** The audit of a session as CSV (RFC 4180), a line for each statement in the order in which they ended. */
export function* exportCsv(db: Db, session: SessionRow): Generator<string> {
  const readObject = prepareReadObject(db)
  const open = new Map<number, Line>()
  const body = (sha: string): Buffer => readObject(Buffer.from(sha, 'hex'))?.body ?? Buffer.alloc(0)
  for (const chunk of readChunks(db, session.number, 0)) {
    for (const stored of readEvents(chunk.body)) {
      const event = storedEventSchema.parse(JSON.parse(stored.head))
      if (event.kind === 'statement') open.set(event.statement, { statement: event, verdict: '', answer: undefined, end: undefined })
      if (!('statement' in event)) continue
      const line = open.get(event.statement)
      if (line === undefined) continue
      if (event.kind === 'verdict') line.verdict = verdictEffect(body(event.verdict))
      if (event.kind === 'answered') line.answer = event.answer
      if (event.kind !== 'finished') continue
      line.end = event
      open.delete(event.statement)
      yield csvLine(session, line, body(line.statement.text).toString())
    }
  }
  // Refused, or still running.
  for (const line of open.values()) yield csvLine(session, line, body(line.statement.text).toString())
}

function csvLine(session: SessionRow, { statement, verdict, answer, end }: Line, sql: string): string {
  return [
    ...[new Date(statement.at).toISOString(), session.id, statement.seq, statement.statement, session.connection],
    ...[session.name, session.subject, session.issuer, session.kind, session.client],
    ...[verdict, answer?.outcome, answer?.by, answer?.reason],
    ...[end?.rows, end?.bytes, end?.ms, end?.sqlstate, end?.tag, end?.masked.join(' '), sql],
  ]
    .map(csvField)
    .join(',')
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvField(value: string | number | null | undefined): string {
  if (typeof value === 'number') return String(value)
  const text = value ?? ''
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
