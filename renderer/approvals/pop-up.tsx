import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { bookQuery, meQuery } from '../api/queries.ts'
import { useLink } from '../api/stream.ts'
import { desktopBridge } from '../ui/desktop-bridge.ts'
import { Cross, Down, Mark } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { clockWords } from '../ui/time/words.ts'
import { countWords } from '../ui/words.ts'
import { emptyBook, waitingIn } from './book.ts'
import { CardLoader } from './card-loader.tsx'
import { LostBar } from './lost-bar.tsx'
import './approvals.css'
import './pop-up.css'

/** One card in a small window of its own (420 × 560): `/approvals/{id}?popup=1`. It never moves on to another one by itself. */
export function ApprovalPopUp() {
  const { id } = useParams({ strict: false })
  const navigate = useNavigate()
  const book = useQuery(bookQuery)
  const me = useQuery(meQuery)
  const link = useLink()
  const now = useNow()
  const number = Number(id)
  const waiting = waitingIn(book.data ?? emptyBook)
  const place = waiting.findIndex((approval) => approval.id === number)
  const approval = book.data?.entries.get(number)?.approval
  const next = waiting[(place + 1) % Math.max(1, waiting.length)]
  const left = approval ? approval.waitUntil - now : 0
  const runs = approval?.state === 'pending' && approval.waiting && left > 0 && link.state !== 'lost'
  const share = runs && approval ? left / Math.max(1, approval.waitUntil - approval.askedAt) : 0
  const open =
    next && next.id !== number
      ? () => void navigate({ to: '/approvals/$id', params: { id: String(next.id) }, search: { popup: true }, replace: true })
      : undefined
  useEffect(() => {
    document.title = `Approval ${number} · Sallyport`
  }, [number])
  const close = () => {
    const bridge = desktopBridge()
    if (bridge) void bridge.ask('closePopUp', {})
    else window.close()
  }
  return (
    <main className="screen pop-up">
      <header className="pop-up-head">
        <Mark size={15} />
        <h1>Approval {number}</h1>
        {place >= 0 && waiting.length > 1 ? (
          <span className="meta third">
            {countWords(place + 1)} of {countWords(waiting.length)}
          </span>
        ) : null}
        <span className="fill" />
        {runs ? <span className="medium small in-ask">{clockWords(left)} left</span> : null}
        {open ? <Button small look="ghost" icon={<Down />} aria-label="The next one that waits" onClick={open} /> : null}
        <Button small look="ghost" icon={<Cross />} aria-label="Close" onClick={close} />
        <span className={share < 0.15 ? 'fuse urgent' : 'fuse'} aria-hidden="true">
          <i style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} />
        </span>
      </header>
      <LostBar />
      <div className="inbox-card">
        <CardLoader key={number} id={number} me={me.data} next={open} compact />
      </div>
    </main>
  )
}
