import { useRef } from 'react'
import { useKeys } from '../../ui/use-keys.ts'
import type { Wanted } from './find-next.ts'
import { type Player, SPEEDS } from './player.ts'

/** How long `N` waits for the letter that says what is wanted. Milliseconds. */
const WAIT_MS = 2000
const LETTERS: Readonly<Record<string, Wanted>> = { d: 'denied', a: 'approval', w: 'write', m: 'masked' }

interface Acts {
  readonly player: Player
  readonly step: (by: number) => void
  readonly next: (wanted: Wanted) => void
  readonly zoomBy: (factor: number) => void
  readonly zoomAll: () => void
  readonly copyLink: () => void
  readonly leave: () => void
  readonly help: () => void
}

export function useReplayKeys({ player, step, next, zoomBy, zoomAll, copyLink, leave, help }: Acts): void {
  const asked = useRef(0)
  const letter = (key: string, otherwise?: () => void) => () => {
    const wanted = LETTERS[key]
    if (wanted && Date.now() - asked.current < WAIT_MS) next(wanted)
    else otherwise?.()
    asked.current = 0
  }
  const speed = (by: number) => {
    const now = SPEEDS.indexOf(player.moment().speed)
    const then = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, now + by))]
    if (then) player.setSpeed(then)
  }
  useKeys({
    ' ': () => player.play(!player.moment().playing),
    j: () => step(1),
    k: () => step(-1),
    ArrowRight: () => player.seek(player.moment().time + 5000),
    ArrowLeft: () => player.seek(player.moment().time - 5000),
    '[': () => speed(-1),
    ']': () => speed(1),
    n: () => {
      asked.current = Date.now()
    },
    d: letter('d'),
    a: letter('a'),
    w: letter('w'),
    m: letter('m'),
    '+': () => zoomBy(0.625),
    '=': () => zoomBy(0.625),
    '-': () => zoomBy(1.6),
    '0': zoomAll,
    c: copyLink,
    '?': help,
    Escape: leave,
  })
}
