import { useEffect, useRef, useSyncExternalStore } from 'react'
import { Broadcast, Pause, Pencil, Play, SkipBack, SkipForward, ZoomIn, ZoomOut } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { VerdictMark } from '../../ui/parts/verdict-mark.tsx'
import { clockWords, secondsWords } from '../../ui/time/words.ts'
import { type Film, placeAt } from './film.ts'
import type { Wanted } from './find-next.ts'
import { type Player, SPEEDS } from './player.ts'

interface Props {
  readonly film: Film
  readonly player: Player
  readonly folds: boolean
  readonly setFolds: (folds: boolean) => void
  readonly kinds: Readonly<Record<Wanted, number>>
  readonly next: (wanted: Wanted) => void
  readonly step: (by: number) => void
  readonly zoomBy: (factor: number) => void
  readonly live: boolean
}

const wanted = [
  { key: 'denied', words: 'Denied', cap: 'D', mark: <VerdictMark outcome="denied" quiet /> },
  { key: 'approval', words: 'Approval', cap: 'A', mark: <VerdictMark outcome="approved" quiet /> },
  { key: 'write', words: 'Write', cap: 'W', mark: <Pencil /> },
  { key: 'masked', words: 'Masked', cap: 'M', mark: <VerdictMark outcome="masked" quiet /> },
] as const

/** Play, step, speed, and the way to the next thing worth seeing. */
export function Transport({ film, player, folds, setFolds, kinds, next, step, zoomBy, live }: Props) {
  const { playing, speed, following } = useSyncExternalStore(player.watch, () => steady(player))
  const clock = useRef<HTMLSpanElement>(null)
  const place = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const tell = () => {
      if (!clock.current || !place.current) return
      const { time } = player.moment()
      clock.current.textContent = secondsWords(time)
      place.current.textContent = `${clockWords(placeAt(film, time))} of ${clockWords(film.length)}`
    }
    tell()
    return player.watch(tell)
  }, [player, film])
  const empty = film.scenes.length === 0
  return (
    <div className="transport">
      <Button look="ghost" icon={<SkipBack />} aria-label="The statement before (K)" disabled={empty} onClick={() => step(-1)} />
      <button
        type="button"
        className="play"
        aria-label={playing ? 'Pause' : 'Play'}
        aria-keyshortcuts="Space"
        disabled={empty}
        onClick={() => player.play(!playing)}
      >
        {playing ? <Pause size={20} /> : <Play size={20} />}
      </button>
      <Button look="ghost" icon={<SkipForward />} aria-label="The next statement (J)" disabled={empty} onClick={() => step(1)} />
      <span className="mono transport-clock" ref={clock} />
      <span className="meta third nowrap" ref={place} />
      <fieldset className="segments speeds">
        <legend className="unseen">Speed</legend>
        {SPEEDS.map((one) => (
          <button
            key={one}
            type="button"
            className={one === speed ? 'on' : ''}
            aria-pressed={one === speed}
            onClick={() => player.setSpeed(one)}
          >
            {one}×
          </button>
        ))}
      </fieldset>
      <label className="row small second nowrap fold">
        <input type="checkbox" checked={folds} onChange={(event) => setFolds(event.currentTarget.checked)} />
        Fold idle time
      </label>
      {live ? (
        <Button small look={following ? 'soft' : 'plain'} icon={<Broadcast />} aria-pressed={following} onClick={() => player.follow()}>
          {following ? 'Following live' : 'Follow live'}
        </Button>
      ) : null}
      <span className="fill" />
      <fieldset className="row nexts">
        <legend className="unseen">To the next</legend>
        <span className="meta third" aria-hidden="true">
          Next
        </span>
        {wanted.map(({ key, words, cap, mark }) => (
          <Button
            key={key}
            small
            icon={mark}
            disabled={kinds[key] === 0}
            aria-label={`Next ${words.toLowerCase()}, ${kinds[key]} in all (N then ${cap})`}
            onClick={() => next(key)}
          >
            {words}
          </Button>
        ))}
      </fieldset>
      <span className="row">
        <Button look="ghost" icon={<ZoomOut />} aria-label="Zoom out (−)" disabled={empty} onClick={() => zoomBy(1.6)} />
        <Button look="ghost" icon={<ZoomIn />} aria-label="Zoom in (+)" disabled={empty} onClick={() => zoomBy(0.625)} />
      </span>
    </div>
  )
}

const known = new WeakMap<Player, { playing: boolean; speed: number; following: boolean }>()

/** What changes seldom, as the same object until it does. */
function steady(player: Player): { readonly playing: boolean; readonly speed: number; readonly following: boolean } {
  const { playing, speed, following } = player.moment()
  const before = known.get(player)
  if (before && before.playing === playing && before.speed === speed && before.following === following) return before
  const now = { playing, speed, following }
  known.set(player, now)
  return now
}
