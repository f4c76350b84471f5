import { type PointerEvent, useCallback, useEffect, useRef } from 'react'
import { drawStrip, type View } from './draw-track.ts'
import { type Film, placeAt } from './film.ts'
import type { Player } from './player.ts'
import { useCanvas } from './use-canvas.ts'

const HEIGHT = 28

interface Props {
  readonly film: Film
  readonly player: Player
  readonly view: View
  readonly show: (view: View) => void
}

/** The whole session, with what is in view as a window that can be moved. */
export function Strip({ film, player, view, show }: Props) {
  const draw = useCallback<Parameters<typeof useCanvas>[1]>((context, width, inks) => drawStrip(context, film, width, HEIGHT, inks), [film])
  const { place, canvas, width } = useCanvas(HEIGHT, draw)
  const head = useRef<HTMLDivElement>(null)
  const grabbed = useRef<number>(undefined)
  useEffect(() => {
    const move = () => {
      if (head.current) head.current.style.transform = `translateX(${(placeAt(film, player.moment().time) / film.length) * width}px)`
    }
    move()
    return player.watch(move)
  }, [player, film, width])
  const placeOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return ((event.clientX - box.left) / box.width) * film.length
  }
  const move = (event: PointerEvent) => {
    if (grabbed.current === undefined) return
    const span = view.to - view.from
    const from = Math.max(0, Math.min(film.length - span, placeOf(event) - grabbed.current))
    show({ from, to: from + span })
  }
  const whole = view.to - view.from >= film.length * 0.999
  return (
    <div
      className="strip"
      ref={place}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        const at = placeOf(event)
        const inside = at >= view.from && at <= view.to
        grabbed.current = inside ? at - view.from : (view.to - view.from) / 2
        if (!inside) move(event)
      }}
      onPointerMove={move}
      onPointerUp={() => {
        grabbed.current = undefined
      }}
    >
      <canvas ref={canvas} style={{ height: HEIGHT }} />
      {whole ? null : (
        <div
          className="strip-view"
          style={{ left: `${(view.from / film.length) * 100}%`, width: `${((view.to - view.from) / film.length) * 100}%` }}
        />
      )}
      <div className="strip-head" ref={head} />
    </div>
  )
}
