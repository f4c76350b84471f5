import type { DeskState, Held } from './desk-state.ts'

/** A notification that should stand. `key` is the same as long as it tells of the same thing. */
export interface Notice {
  readonly key: string
  readonly title: string
  readonly body: string
  /** The card to open at a click; undefined opens the list. */
  readonly approval: number | undefined
  /** Approve and Deny stand on it, for this revision of the request. */
  readonly decides: { readonly id: number; readonly revision: number } | undefined
}

export interface NoticePlan {
  readonly show: readonly Notice[]
  /** Keys of those that go. */
  readonly close: readonly string[]
}

export interface NoticeSetting {
  readonly on: boolean
  readonly quiet: boolean
  /** The platform draws buttons on a notification. */
  readonly buttons: boolean
}

/** As many stand one by one; more are told in one notification. */
const SINGLE = 3
const GROUP = 'several'

/**
 * From what stands and what is so now: which notifications come and which go. `known` are the requests that were told of already: each is told once, and
 * nothing is told again because a group grew smaller. Titles are the host's sentences; no SQL, no value, nothing an agent wrote.
 */
export function planNotices(
  standing: readonly string[],
  known: ReadonlySet<number>,
  state: DeskState,
  setting: NoticeSetting,
  now: number,
): NoticePlan {
  const held = state.link === 'live' ? state.held : []
  const waiting = new Set(held.map(({ id }) => keyOf(id)))
  if (!setting.on || setting.quiet) return { show: [], close: standing }
  const fresh = held.filter(({ id }) => !known.has(id))
  const kept = standing.filter((key) => waiting.has(key))
  const grouped = standing.includes(GROUP)
  const close = standing.filter((key) => key !== GROUP && !waiting.has(key))
  if (grouped) {
    if (held.length === 0) return { show: [], close: standing }
    // A group's number is set right without a sound when it only shrinks: it is shown again only for something new.
    if (fresh.length === 0) return { show: [], close }
    return { show: [groupOf(held)], close }
  }
  if (fresh.length === 0) return { show: [], close }
  if (kept.length + fresh.length > SINGLE) return { show: [groupOf(held)], close: [...close, ...kept] }
  return { show: fresh.map((one) => noticeOf(one, setting, now)), close }
}

export const keyOf = (id: number): string => `approval ${id}`

function noticeOf(held: Held, { buttons }: NoticeSetting, now: number): Notice {
  return {
    key: keyOf(held.id),
    title: held.sentence,
    body: `${held.asks}, ${minutesLeft(held.waitUntil, now)}`,
    approval: held.id,
    decides: held.quick && buttons ? { id: held.id, revision: held.revision } : undefined,
  }
}

function groupOf(held: readonly Held[]): Notice {
  const asks = [...new Set(held.map(({ asks }) => asks))]
  const rest = asks.length - 2
  return {
    key: GROUP,
    title: `${held.length} ${held.length === 1 ? 'statement waits' : 'statements wait'} for you`,
    body: `${asks.slice(0, 2).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
    approval: undefined,
    decides: undefined,
  }
}

function minutesLeft(until: number, now: number): string {
  const minutes = Math.ceil((until - now) / 60_000)
  return minutes < 1 ? 'the agent has stopped waiting' : `${minutes} min`
}
