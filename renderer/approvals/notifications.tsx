import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { bookQuery } from '../api/queries.ts'
import { desktopBridge } from '../ui/desktop-bridge.ts'
import { Bell, BellOff } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { emptyBook, waitingIn } from './book.ts'
import { planNotices } from './plan-notices.ts'

const KEY = 'sallyport-notify'
const watchers = new Set<() => void>()
const possible = () => 'Notification' in window && desktopBridge() === undefined
const isOn = () => possible() && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on'
const readState = () => (isOn() ? 'on' : possible() && Notification.permission === 'denied' ? 'denied' : possible() ? 'off' : 'none')
// Asked with every drawing, so that it is read only when it can have changed.
let known: ReturnType<typeof readState> | undefined
const state = () => {
  known ??= readState()
  return known
}
const useNotifyState = () =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  }, state)

async function turn(on: boolean): Promise<void> {
  if (on && Notification.permission === 'default') await Notification.requestPermission()
  localStorage.setItem(KEY, on ? 'on' : 'off')
  known = undefined
  for (const watcher of watchers) watcher()
}

/** Asks the browser, only when pressed. Nothing where the desktop app notifies already. */
export function NotifyButton() {
  const now = useNotifyState()
  if (now === 'none') return null
  if (now === 'denied')
    return (
      <Button
        look="ghost"
        icon={<BellOff />}
        disabled
        title="This browser was told not to show notifications of this site"
        className="wide-only"
      >
        Notifications are blocked
      </Button>
    )
  return (
    <Button icon={now === 'on' ? <BellOff /> : <Bell />} className="wide-only" onClick={() => void turn(now !== 'on')}>
      {now === 'on' ? 'Stop notifying' : 'Notify this browser'}
    </Button>
  )
}

/** Says what arrives while nobody looks, and takes it back when it was decided elsewhere. Draws nothing. */
export function Notifications() {
  const on = useNotifyState() === 'on'
  const navigate = useNavigate()
  const book = useQuery(bookQuery)
  const shown = useRef(new Map<number, Notification | undefined>())
  const first = useRef(true)
  const { data } = book
  useEffect(() => {
    if (!data) return
    const told = new Set(shown.current.keys())
    // What waited before this page was opened is no news.
    const looking = first.current || !on || document.hasFocus()
    first.current = false
    const waiting = waitingIn(data ?? emptyBook)
    const plan = planNotices(told, waiting, { looking, now: Date.now() })
    for (const id of plan.close) {
      shown.current.get(id)?.close()
      shown.current.delete(id)
    }
    for (const approval of waiting) if (!shown.current.has(approval.id)) shown.current.set(approval.id, undefined)
    for (const notice of plan.say) {
      // The same tag in two tabs is one notification.
      const said = new Notification(notice.title, { body: notice.body, tag: `sallyport-${notice.id}`, icon: '/icon.svg' })
      said.onclick = () => {
        window.focus()
        said.close()
        void navigate({ to: '/approvals/$id', params: { id: String(notice.id) } })
      }
      shown.current.set(notice.id, said)
    }
  }, [data, on, navigate])
  return null
}
