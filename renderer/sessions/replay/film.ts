import type { Scene } from './scenes.ts'

/** Milliseconds of silence that fold to a gap. */
export const IDLE_MS = 30_000
/** What a folded gap takes of the film, as a share of all that is busy. */
const GAP_SHARE = 0.03

export interface Gap {
  readonly from: number
  readonly to: number
  /** Where it stands on the film, and how long it is there. */
  readonly place: number
  readonly length: number
}

/**
 * A session laid out to be played. Times are milliseconds since the epoch; places are milliseconds of film, from 0: the same, but for idle times,
 * which are folded. Typed arrays hold the places of each scene, since there can be tens of thousands.
 */
export interface Film {
  readonly scenes: readonly Scene[]
  readonly start: number
  readonly end: number
  /** In film's milliseconds, at least 1. */
  readonly length: number
  readonly gaps: readonly Gap[]
  readonly from: Float64Array
  readonly released: Float64Array
  readonly to: Float64Array
  /** The furthest end of this scene and all before it. */
  readonly reach: Float64Array
}

/** `now` ends what still runs. */
export function layFilm(scenes: readonly Scene[], now: number, fold: boolean): Film {
  const start = scenes[0]?.at ?? now
  const spans: { from: number; to: number }[] = []
  let reached = start
  for (const scene of scenes) {
    if (fold && scene.at - reached > IDLE_MS) spans.push({ from: reached, to: scene.at })
    reached = Math.max(reached, scene.end ?? now)
  }
  const idle = spans.reduce((sum, span) => sum + span.to - span.from, 0)
  const busy = Math.max(1, reached - start - idle)
  const length = Math.max(1, busy * Math.min(GAP_SHARE, 0.5 / Math.max(1, spans.length)))
  let folded = 0
  const gaps = spans.map((span): Gap => {
    const place = span.from - start - folded
    folded += span.to - span.from - length
    return { ...span, place, length }
  })
  const count = scenes.length
  const film = {
    scenes,
    start,
    end: reached,
    length: busy + length * gaps.length,
    gaps,
    from: new Float64Array(count),
    released: new Float64Array(count),
    to: new Float64Array(count),
    reach: new Float64Array(count),
  }
  let reach = 0
  for (let at = 0; at < count; at++) {
    const scene = scenes[at] as Scene
    film.from[at] = placeAt(film, scene.at)
    film.released[at] = scene.outcome === 'held' ? placeAt(film, now) : placeAt(film, scene.released)
    film.to[at] = placeAt(film, scene.end ?? now)
    reach = Math.max(reach, film.to[at] ?? 0)
    film.reach[at] = reach
  }
  return film
}

/** Where a moment stands on the film; inside a gap, its share of it. */
export function placeAt({ start, gaps }: Pick<Film, 'start' | 'gaps'>, time: number): number {
  const gap = gaps[lastNotAfter(gaps.length, (at) => gaps[at]?.from ?? 0, time)]
  if (gap === undefined) return time - start
  if (time >= gap.to) return gap.place + gap.length + (time - gap.to)
  return gap.place + (gap.length * (time - gap.from)) / Math.max(1, gap.to - gap.from)
}

/** Which moment stands at a place of the film. */
export function timeAt({ start, gaps }: Pick<Film, 'start' | 'gaps'>, place: number): number {
  const gap = gaps[lastNotAfter(gaps.length, (at) => gaps[at]?.place ?? 0, place)]
  if (gap === undefined) return start + place
  const inside = place - gap.place
  if (inside >= gap.length) return gap.to + (inside - gap.length)
  return gap.from + ((gap.to - gap.from) * inside) / gap.length
}

/** The last scene that had begun at a moment; 0 before the first, -1 when there is none. */
export function sceneAt(film: Film, time: number): number {
  const found = lastNotAfter(film.scenes.length, (at) => film.scenes[at]?.at ?? 0, time)
  return found < 0 && film.scenes.length > 0 ? 0 : found
}

/** The first scene that ends behind a place: where drawing begins. */
export function firstReaching(film: Film, place: number): number {
  return lastNotAfter(film.reach.length, (at) => film.reach[at] ?? 0, place) + 1
}

/** The last index whose value, which never falls, is not above the limit; -1 when all are. */
function lastNotAfter(count: number, valueAt: (at: number) => number, limit: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    if (valueAt(middle) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
