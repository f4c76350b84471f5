import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { freshGuard, type GuardEvent, guardAfter, isArmed, mayDecide } from './guard.ts'

/** The guard of one card. `shown` is what is on screen: another value means that it appeared or changed. */
export function useGuard(shown: string) {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const guard = useRef(freshGuard(Date.now()))
  const [seen, setSeen] = useState(shown)
  const send = useCallback((event: GuardEvent) => {
    guard.current = guardAfter(guard.current, event, Date.now())
    redraw()
  }, [])
  if (seen !== shown) {
    setSeen(shown)
    guard.current = guardAfter(guard.current, { type: 'changed' }, Date.now())
  }
  useEffect(() => {
    const changed = () => send({ type: 'changed' })
    window.addEventListener('focus', changed)
    return () => window.removeEventListener('focus', changed)
  }, [send])
  // Draw again when the next moment comes at which a button changes.
  const { inertUntil, armedUntil } = guard.current
  useEffect(() => {
    const timers = [inertUntil, armedUntil]
      .map((at) => at - Date.now())
      .filter((left) => left > 0)
      .map((left) => setTimeout(redraw, left + 1))
    return () => timers.forEach(clearTimeout)
  }, [inertUntil, armedUntil])
  return {
    send,
    sending: guard.current.sending,
    /** To be asked at the moment of the click or key, not when the button was drawn. */
    mayDecide: () => mayDecide(guard.current, Date.now()),
    isArmed: () => isArmed(guard.current, Date.now()),
  }
}
