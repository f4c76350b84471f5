import { hideAllLiterals } from '../approvals/hide-literals.ts'
import type { LabelOf } from '../approvals/mark-text.ts'
import type { Outline, OutlineEntry } from '../contract/replay.ts'
import { readChunks } from '../store/chunks-table.ts'
import { prepareReadObject } from '../store/objects-table.ts'
import type { Db } from '../store/open-database.ts'
import type { SessionRow } from '../store/sessions-table.ts'
import { readEvents } from './canonical.ts'
import type { RecordedFacts } from './describe-facts.ts'
import { type StoredEvent, storedEventSchema } from './stored-event.ts'
import { verdictEffect } from './verdict-effect.ts'

/** Events that one page looks at, so that no page keeps the host from its statements for long. */
const PAGE_EVENTS = 1000
/** Stored bytes that one page unpacks at most, if a page has read anything at all. */
const PAGE_BYTES = 8 * 1024 * 1024
const TEXT_CHARACTERS = 200

type Entry = { -readonly [Key in keyof OutlineEntry]: OutlineEntry[Key] }
interface Shared {
  readonly writes: boolean
  readonly untrusted: boolean
  /** A labelled column is compared, computed with or written: none of its literals is told. */
  readonly hides: boolean
}

/** The next events behind `after` of a session, each told in a few words; no rows are decoded. `untrusted`: patterns of `schema.table`. */
export function readOutline(
  db: Db,
  session: SessionRow,
  after: number,
  untrusted: (relation: string) => boolean,
  labelOf: LabelOf = () => undefined,
): Outline {
  const read = prepareReadObject(db)
  const bodyOf = (sha: string) => read(Buffer.from(sha, 'hex'))?.body
  const facts = new Map<string, Shared>()
  const effects = new Map<string, Entry['effect']>()
  const entries = new Map<number, Entry>()
  const notes: Outline['notes'] = []
  const entryOf = (number: number): Entry => {
    const known = entries.get(number)
    if (known !== undefined) return known
    const entry: Entry = { number }
    entries.set(number, entry)
    return entry
  }
  const factsOf = (sha: string): Shared => {
    const known = facts.get(sha)
    if (known !== undefined) return known
    const one = readFacts(bodyOf(sha), untrusted, labelOf)
    facts.set(sha, one)
    return one
  }
  const effectOf = (sha: string): Entry['effect'] => {
    if (!effects.has(sha)) {
      const body = bodyOf(sha)
      effects.set(sha, body === undefined ? undefined : verdictEffect(body))
    }
    return effects.get(sha)
  }
  const learn = (event: StoredEvent): void => {
    const at = Math.round(event.at)
    switch (event.kind) {
      case 'statement': {
        const all = event.facts.map(factsOf)
        Object.assign(entryOf(event.statement), {
          seq: event.seq,
          at,
          text: firstWords(
            bodyOf(event.text),
            all.some((one) => one.hides),
          ),
          writes: all.some((one) => one.writes),
          untrusted: all.some((one) => one.untrusted),
        } satisfies Omit<Entry, 'number'>)
        return
      }
      case 'verdict': {
        const effect = effectOf(event.verdict)
        if (effect !== undefined) entryOf(event.statement).effect = effect
        return
      }
      case 'asked':
        Object.assign(entryOf(event.statement), { approval: event.approval, askedAt: at } satisfies Omit<Entry, 'number'>)
        return
      case 'answered':
        Object.assign(entryOf(event.statement), {
          approval: event.answer.approval,
          answeredAt: at,
          outcome: event.answer.outcome,
          by: event.answer.by,
        } satisfies Omit<Entry, 'number'>)
        return
      case 'sent':
        entryOf(event.statement).sentAt = at
        return
      case 'finished':
        Object.assign(entryOf(event.statement), {
          finishedAt: at,
          rows: event.rows,
          tag: event.tag,
          sqlstate: event.sqlstate,
          masked: event.masked.length,
        } satisfies Omit<Entry, 'number'>)
        return
      case 'note':
        notes.push({ seq: event.seq, at, text: event.text })
    }
  }

  let last = after
  let seen = 0
  let bytes = 0
  pages: for (const chunk of readChunks(db, session.number, after)) {
    bytes += chunk.body.length
    if (seen > 0 && bytes > PAGE_BYTES) break
    for (const stored of readEvents(chunk.body)) {
      const event = storedEventSchema.parse(JSON.parse(stored.head))
      if (event.seq <= after) continue
      if (seen === PAGE_EVENTS || event.seq > session.events) break pages
      learn(event)
      seen += 1
      last = event.seq
    }
  }
  return { entries: [...entries.values()], notes, last, total: session.events }
}

const CHANGES: ReadonlySet<string> = new Set(['write', 'ddl', 'privilege', 'admin'])

function readFacts(body: Buffer | undefined, untrusted: (relation: string) => boolean, labelOf: LabelOf): Shared {
  if (body === undefined) return { writes: false, untrusted: false, hides: false }
  const facts: RecordedFacts = JSON.parse(body.toString())
  return {
    writes: facts.verbs.some((verb) => CHANGES.has(verb)),
    untrusted: facts.relations.some((relation) => relation.access === 'read' && untrusted(relation.name)),
    hides:
      facts.columns.some((column) => column.how === 'uses' && labelOf(column.name) !== undefined) ||
      facts.relations.some((relation) => relation.access === 'write' && labelOf(`${relation.name}.*`) !== undefined),
  }
}

function firstWords(text: Buffer | undefined, hides: boolean): string {
  // A character has four bytes at most.
  const start = text?.subarray(0, TEXT_CHARACTERS * 4).toString() ?? ''
  const shown = hides ? hideAllLiterals(start).sql : start
  return shown.slice(0, TEXT_CHARACTERS).replaceAll(/\s+/g, ' ').trim()
}
