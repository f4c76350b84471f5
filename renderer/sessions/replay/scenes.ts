import type { Outline, OutlineEntry } from '../../../main/contract/index.ts'
import type { Outcome } from '../../ui/parts/verdict-mark.tsx'

/** One statement as the timeline and the list need it. Times are milliseconds since the epoch. */
export interface Scene {
  /** Its number in the session, from 1. */
  readonly number: number
  readonly seq: number
  readonly at: number
  /** When a person had answered; `at` where nobody was asked. */
  readonly released: number
  /** When it was over; undefined while it waits or runs. */
  readonly end: number | undefined
  readonly text: string
  readonly outcome: Outcome
  /** A person was asked. */
  readonly asked: boolean
  readonly by: string | null
  readonly writes: boolean
  readonly untrusted: boolean
  readonly masked: boolean
  /** What stands at the end of its line: `14 rows`, `denied`, `42P01`. */
  readonly ending: string
  /** Changes whenever the record says more of it. */
  readonly stage: number
}

export interface Note {
  readonly seq: number
  readonly at: number
  readonly text: string
}

type Draft = { -readonly [Key in keyof OutlineEntry]: OutlineEntry[Key] }

/** Pages of a session's outline, put together as they come. `add` says what changed by making a new `scenes`. */
export interface SceneBook {
  readonly scenes: readonly Scene[]
  readonly notes: readonly Note[]
  /** Sequence number of the last event that was read. */
  readonly last: number
  readonly total: number
  readonly drafts: Map<number, Draft>
}

export const emptyScenes = (): SceneBook => ({ scenes: [], notes: [], last: 0, total: 0, drafts: new Map() })

/** `closed`: the session has ended, so that nothing waits any more. */
export function addPage(book: SceneBook, page: Outline, closed: boolean): SceneBook {
  const scenes = [...book.scenes]
  for (const entry of page.entries) {
    const draft = book.drafts.get(entry.number)
    if (draft) Object.assign(draft, entry)
    else book.drafts.set(entry.number, { ...entry })
    const scene = sceneOf(draft ?? entry, closed)
    if (!scene) continue
    const place = placeOf(scenes, scene.number)
    if (scenes[place]?.number === scene.number) scenes[place] = scene
    else scenes.splice(place, 0, scene)
  }
  return { ...book, scenes, notes: page.notes.length > 0 ? [...book.notes, ...page.notes] : book.notes, last: page.last, total: page.total }
}

/** Where a number stands, or would: numbers come in order, so that the end is tried first. */
function placeOf(scenes: readonly Scene[], number: number): number {
  if ((scenes.at(-1)?.number ?? 0) < number) return scenes.length
  let low = 0
  let high = scenes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((scenes[middle]?.number ?? 0) < number) low = middle + 1
    else high = middle
  }
  return low
}

function sceneOf(entry: OutlineEntry, closed: boolean): Scene | undefined {
  const { number, seq, at, text } = entry
  if (seq === undefined || at === undefined) return undefined
  const asked = entry.askedAt !== undefined
  const outcome = outcomeOf(entry, closed)
  const over = entry.finishedAt ?? (outcome === 'approved' || outcome === 'allowed' ? undefined : entry.answeredAt)
  const waits = outcome === 'held' || (entry.sentAt !== undefined && entry.finishedAt === undefined && !closed)
  return {
    number,
    seq,
    at,
    released: asked ? Math.max(at, entry.answeredAt ?? at) : at,
    end: waits ? undefined : Math.max(at, over ?? entry.answeredAt ?? entry.sentAt ?? at),
    text: text ?? '',
    outcome,
    asked,
    by: entry.by ?? null,
    writes: entry.writes === true,
    untrusted: entry.untrusted === true,
    masked: (entry.masked ?? 0) > 0,
    ending: endingOf(entry, outcome),
    stage: [entry.askedAt, entry.answeredAt, entry.sentAt, entry.finishedAt].filter((time) => time !== undefined).length,
  }
}

function outcomeOf({ effect, askedAt, outcome, sqlstate }: OutlineEntry, closed: boolean): Outcome {
  if (outcome === 'denied') return 'denied-by-person'
  if (outcome === 'expired' || outcome === 'withdrawn') return 'lapsed'
  if (outcome === 'approved') return 'approved'
  if (effect === 'deny') return 'denied'
  if (effect === 'ask' || askedAt !== undefined) return closed ? 'lapsed' : 'held'
  return sqlstate ? 'failed' : 'allowed'
}

const NUMBER = new Intl.NumberFormat('en-US')
const rowsOf = (rows: number) => `${NUMBER.format(rows)} ${rows === 1 ? 'row' : 'rows'}`

function endingOf({ sqlstate, finishedAt, tag, rows, sentAt }: OutlineEntry, outcome: Outcome): string {
  if (outcome === 'denied' || outcome === 'denied-by-person') return 'denied'
  if (outcome === 'held' || outcome === 'lapsed') return outcome
  if (sqlstate) return sqlstate
  if (finishedAt === undefined) return sentAt === undefined ? 'not sent' : 'running'
  const counted = /(\d+)$/.exec(tag ?? '')?.[1]
  if (counted !== undefined) return rowsOf(Number(counted))
  return tag ? tag.toLowerCase() : rowsOf(rows ?? 0)
}
