import { type Film, placeAt, sceneAt, timeAt } from './film.ts'

export const SPEEDS = [1, 2, 4, 8, 16] as const
export type Speed = (typeof SPEEDS)[number]

/** A folded gap is crossed in so many milliseconds, whatever the speed. */
const GAP_MS = 700

export interface Moment {
  /** The playhead, milliseconds since the epoch. */
  readonly time: number
  /** The scene that is looked at, by its place in the film; -1: none. */
  readonly index: number
  readonly playing: boolean
  readonly speed: Speed
  /** The playhead stays at the end of a session that runs. */
  readonly following: boolean
}

/** Where the replay stands. It changes with every frame, so that only those who asked are told, and the page is not drawn anew. */
export class Player {
  #moment: Moment
  #film: Film | undefined
  readonly #watchers = new Set<() => void>()

  constructor(following: boolean) {
    this.#moment = { time: 0, index: -1, playing: false, speed: 1, following }
  }

  readonly moment = (): Moment => this.#moment
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** Another film of the same session: it has grown, or its idle times were folded. The moment stays. */
  load(film: Film): void {
    const first = this.#film === undefined || this.#moment.index < 0
    this.#film = film
    if (film.scenes.length === 0) return
    if (this.#moment.following) this.#set({ time: film.end, index: film.scenes.length - 1 })
    else if (first) this.select(0)
  }

  /** To a moment: the scene is the last that had begun. */
  seek(time: number): void {
    const film = this.#film
    if (!film) return
    const held = Math.max(film.start, Math.min(film.end, time))
    this.#set({ time: held, index: sceneAt(film, held), following: false, playing: this.#moment.playing && held < film.end })
  }

  /** To a scene, with its answer: the playhead stands at its end. */
  select(index: number): void {
    const scene = this.#film?.scenes[index]
    if (!scene || !this.#film) return
    this.#set({ time: scene.end ?? this.#film.end, index, playing: false, following: false })
  }

  /** Only the playhead: the scene stays the one that was selected. */
  place(time: number): void {
    const film = this.#film
    if (film) this.#set({ time: Math.max(film.start, Math.min(film.end, time)) })
  }

  /** How far the scene has come at the playhead: 0 arrived, 1 released, 2 over. */
  stage(): number {
    const scene = this.#film?.scenes[this.#moment.index]
    if (!scene) return 0
    const { time } = this.#moment
    return scene.end !== undefined && time >= scene.end ? 2 : time >= scene.released ? 1 : 0
  }

  play(playing: boolean): void {
    const film = this.#film
    if (!film) return
    // From the end it begins anew.
    if (playing && this.#moment.time >= film.end) this.#set({ time: film.start, index: sceneAt(film, film.start) })
    this.#set({ playing, ...(playing ? { following: false } : {}) })
  }

  setSpeed(speed: Speed): void {
    this.#set({ speed })
  }

  follow(): void {
    this.#set({ following: true, playing: false })
    if (this.#film) this.load(this.#film)
  }

  /** A frame of `ms` milliseconds has passed. */
  step(ms: number): void {
    const film = this.#film
    const { time, speed, playing } = this.#moment
    if (!film || !playing) return
    const place = placeAt(film, time)
    const gap = film.gaps.find((one) => place >= one.place && place < one.place + one.length)
    const next = gap ? Math.min(gap.place + gap.length, place + (ms * gap.length) / GAP_MS) : place + ms * speed
    if (next >= film.length) this.#set({ time: film.end, index: film.scenes.length - 1, playing: false })
    else {
      const to = timeAt(film, next)
      this.#set({ time: to, index: sceneAt(film, to) })
    }
  }

  #set(changes: Partial<Moment>): void {
    this.#moment = { ...this.#moment, ...changes }
    for (const watcher of this.#watchers) watcher()
  }
}
