import { useCallback, useEffect, useState } from 'react'
import type { View } from './draw-track.ts'
import { type Film, placeAt } from './film.ts'
import type { Player } from './player.ts'

/** The closest that one can look: so many milliseconds across. */
const CLOSEST_MS = 20

/** Which part of the film is drawn large. It turns the page when the playhead runs out of it. */
export function useView(film: Film, player: Player) {
  const [chosen, setChosen] = useState<View>()
  const view = within(chosen ?? { from: 0, to: film.length }, film.length)
  const zoom = useCallback(
    (factor: number, around: number) =>
      setChosen((before) => {
        const { from, to } = within(before ?? { from: 0, to: film.length }, film.length)
        const span = Math.max(Math.min(CLOSEST_MS, film.length), (to - from) * factor)
        if (span >= film.length) return undefined
        const share = (around - from) / Math.max(1e-6, to - from)
        return within({ from: around - share * span, to: around + (1 - share) * span }, film.length)
      }),
    [film],
  )
  const pan = useCallback(
    (by: number) => setChosen((before) => (before ? within({ from: before.from + by, to: before.to + by }, film.length) : before)),
    [film],
  )
  const zoomBy = useCallback((factor: number) => zoom(factor, placeAt(film, player.moment().time)), [zoom, film, player])
  const { from, to } = view
  useEffect(
    () =>
      player.watch(() => {
        const place = placeAt(film, player.moment().time)
        if (place >= from && place <= to) return
        const span = to - from
        setChosen(within({ from: place - span * 0.1, to: place + span * 0.9 }, film.length))
      }),
    [player, film, from, to],
  )
  return { view, zoom, pan, zoomBy, zoomAll: () => setChosen(undefined), show: setChosen }
}

function within({ from, to }: View, length: number): View {
  const span = Math.min(length, Math.max(1e-3, to - from))
  const first = Math.max(0, Math.min(length - span, from))
  return { from: first, to: first + span }
}
