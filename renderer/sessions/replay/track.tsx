import { type PointerEvent, useCallback, useEffect, useRef } from 'react'
import { secondsWords } from '../../ui/time/words.ts'
import { drawTrack, TRACK, type View } from './draw-track.ts'
import { type Film, placeAt, timeAt } from './film.ts'
import type { Player } from './player.ts'
import { useCanvas } from './use-canvas.ts'

/** How wide the playhead's clock is, CSS pixels. */
const LABEL = 66

interface Props {
  readonly film: Film
  readonly player: Player
  readonly view: View
  /** Around a place of the film that stays where it is. */
  readonly zoom: (factor: number, around: number) => void
  readonly pan: (by: number) => void
}

/** What is in view, bar by bar, with the playhead. For the pointer: the list of statements is its twin for the keyboard and for screen readers. */
export function Track({ film, player, view, zoom, pan }: Props) {
  const draw = useCallback<Parameters<typeof useCanvas>[1]>(
    (context, width, inks) => drawTrack(context, film, view, width, inks),
    [film, view],
  )
  const { place, canvas, width } = useCanvas(TRACK.height, draw)
  const head = useRef<HTMLDivElement>(null)
  const ahead = useRef<HTMLDivElement>(null)
  const clock = useRef<HTMLSpanElement>(null)
  const scrubbing = useRef(false)

  // Moved with every frame, past React.
  useEffect(() => {
    const move = () => {
      if (!head.current || !ahead.current || !clock.current) return
      const { time } = player.moment()
      const x = ((placeAt(film, time) - view.from) / Math.max(1e-6, view.to - view.from)) * width
      const seen = x >= -1 && x <= width + 1
      head.current.style.visibility = seen ? '' : 'hidden'
      head.current.style.transform = `translateX(${x}px)`
      ahead.current.style.transform = `translateX(${Math.max(0, Math.min(width, x))}px)`
      clock.current.textContent = secondsWords(time)
      // The label stays within the track at both ends.
      clock.current.style.translate = `${Math.max(-x, Math.min(-LABEL / 2, width - x - LABEL))}px 0`
    }
    move()
    return player.watch(move)
  }, [player, film, view, width])

  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const span = view.to - view.from
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) pan(((event.deltaX || event.deltaY) / width) * span)
      else zoom(event.deltaY > 0 ? 1.25 : 0.8, view.from + (event.offsetX / width) * span)
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [canvas, view, width, zoom, pan])

  const seek = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    player.seek(timeAt(film, view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from)))
  }
  return (
    <div className="track" ref={place} aria-hidden="true">
      <canvas
        ref={canvas}
        style={{ height: TRACK.height }}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          scrubbing.current = true
          event.currentTarget.setPointerCapture(event.pointerId)
          player.play(false)
          seek(event)
        }}
        onPointerMove={(event) => {
          if (scrubbing.current) seek(event)
        }}
        onPointerUp={() => {
          scrubbing.current = false
        }}
        onPointerCancel={() => {
          scrubbing.current = false
        }}
      />
      <div className="track-ahead" ref={ahead} />
      <div className="playhead" ref={head}>
        <span ref={clock} />
      </div>
    </div>
  )
}
