import { useEffect, useRef } from 'react'

/** Keys by what `KeyboardEvent.key` says, letters in lower case. */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>

const TYPING = 'input, textarea, select, [contenteditable="true"]'

/** Shortcuts of a screen. Off while someone types, while a modifier is down, and while a dialog or menu is open (`Escape` apart from typing). */
export function useKeys(keys: Keys, active = true): void {
  const current = useRef(keys)
  useEffect(() => {
    current.current = keys
  })
  useEffect(() => {
    if (!active) return
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      const target = event.target instanceof Element ? event.target : undefined
      if (target?.closest(TYPING)) {
        if (event.key === 'Escape' && target instanceof HTMLElement) target.blur()
        return
      }
      if (document.querySelector('[role="dialog"], [role="menu"]')) return
      // A focused button or link keeps its own Enter and Space.
      if ((event.key === 'Enter' || event.key === ' ') && target?.closest('a, button')) return
      const act = current.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!act) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [active])
}
