import type { RecordedEvent } from '../../main/contract/index.ts'
import type { Outcome } from '../ui/parts/verdict-mark.tsx'

type Of<Kind extends RecordedEvent['kind']> = Extract<RecordedEvent, { kind: Kind }>

/** One statement of a session, with all that the record says of it. */
export interface StatementRecord {
  /** From 1. */
  readonly number: number
  readonly statement: Of<'statement'>
  readonly verdict: Of<'verdict'> | undefined
  readonly asked: Of<'asked'> | undefined
  readonly answered: Of<'answered'> | undefined
  readonly sent: Of<'sent'> | undefined
  /** In the order they came; one statement can return several sets. */
  readonly rows: readonly Of<'rows'>[]
  readonly finished: Of<'finished'> | undefined
  readonly outcome: Outcome
}

export interface SessionRecord {
  readonly statements: readonly StatementRecord[]
  readonly notes: readonly Of<'note'>[]
  readonly opened: Of<'opened'> | undefined
  readonly closed: Of<'closed'> | undefined
}

interface Draft {
  number: number
  statement: Of<'statement'> | undefined
  verdict: Of<'verdict'> | undefined
  asked: Of<'asked'> | undefined
  answered: Of<'answered'> | undefined
  sent: Of<'sent'> | undefined
  rows: Of<'rows'>[]
  finished: Of<'finished'> | undefined
}

/**
 * Events in order of their numbers become statements; an event of a statement that was never opened is left out. `over`: the session has
 * ended, where these are not all of its events.
 */
export function assemble(events: readonly RecordedEvent[], over = false): SessionRecord {
  const drafts = new Map<number, Draft>()
  const notes: Of<'note'>[] = []
  let opened: Of<'opened'> | undefined
  let closed: Of<'closed'> | undefined
  const draftOf = (number: number): Draft => {
    const known = drafts.get(number)
    if (known) return known
    const draft: Draft = {
      number,
      statement: undefined,
      verdict: undefined,
      asked: undefined,
      answered: undefined,
      sent: undefined,
      rows: [],
      finished: undefined,
    }
    drafts.set(number, draft)
    return draft
  }
  for (const event of events) {
    switch (event.kind) {
      case 'opened':
        opened = event
        break
      case 'closed':
        closed = event
        break
      case 'note':
        notes.push(event)
        break
      case 'statement':
        draftOf(event.statement).statement = event
        break
      case 'verdict':
        draftOf(event.statement).verdict = event
        break
      case 'asked':
        draftOf(event.statement).asked = event
        break
      case 'answered':
        draftOf(event.statement).answered = event
        break
      case 'sent':
        draftOf(event.statement).sent = event
        break
      case 'rows':
        draftOf(event.statement).rows.push(event)
        break
      case 'finished':
        draftOf(event.statement).finished = event
        break
    }
  }
  const statements: StatementRecord[] = []
  for (const draft of [...drafts.values()].sort((a, b) => a.number - b.number)) {
    const { statement } = draft
    if (statement) statements.push({ ...draft, statement, outcome: outcomeOf(draft, over || closed !== undefined) })
  }
  return { statements, notes, opened, closed }
}

function outcomeOf({ verdict, asked, answered, finished }: Draft, closed: boolean): Outcome {
  if (answered?.outcome === 'denied') return 'denied-by-person'
  if (answered?.outcome === 'expired' || answered?.outcome === 'withdrawn') return 'lapsed'
  if (answered?.outcome === 'approved') return 'approved'
  if (verdict?.effect === 'deny') return 'denied'
  if (verdict?.effect === 'ask' || asked) return closed ? 'lapsed' : 'held'
  return finished?.sqlstate ? 'failed' : 'allowed'
}

/** What stands at the end of a statement's line: `14 rows`, `denied`, `42P01`. */
export function endOf({ outcome, finished, sent }: StatementRecord): string {
  switch (outcome) {
    case 'denied':
    case 'denied-by-person':
      return 'denied'
    case 'held':
      return 'held'
    case 'lapsed':
      return 'lapsed'
    default:
      if (finished?.sqlstate) return finished.sqlstate
      if (!finished) return sent ? 'running' : 'not sent'
      return /\d$/.test(finished.tag)
        ? rowsOf(Number(/\d+$/.exec(finished.tag)?.[0]))
        : finished.tag === ''
          ? rowsOf(finished.rows)
          : finished.tag.toLowerCase()
  }
}

const rowsOf = (rows: number) => `${new Intl.NumberFormat('en-US').format(rows)} ${rows === 1 ? 'row' : 'rows'}`
