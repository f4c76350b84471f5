import { useEffect } from 'react'
import type { SessionDetail } from '../../main/contract/index.ts'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { exactWords, secondsWords } from '../ui/time/words.ts'
import { nounWords } from '../ui/words.ts'

/** Who, with what, on which database, when. */
export function SessionHead({ session }: { session: SessionDetail }) {
  const title = `${session.who.name}${session.client && session.client !== session.who.name ? ` with ${session.client}` : ''} on ${session.connection}`
  useEffect(() => {
    document.title = `${title} · Sallyport`
  }, [title])
  return (
    <div className="cut">
      <h1 className="cut">{title}</h1>
      <p className="meta third cut">
        {session.live ? (
          <>
            <span className="live-dot" /> live since{' '}
          </>
        ) : null}
        {exactWords(session.startedAt)}
        {session.endedAt === null ? '' : ` to ${secondsWords(session.endedAt)}`} · {nounWords(session.statements, 'statement')} ·{' '}
        {session.application === '' ? (
          'gives no name'
        ) : (
          <>
            “<ForeignText>{session.application}</ForeignText>”
          </>
        )}{' '}
        · from {session.clientAddress}
        {session.tls ? ', TLS' : ''}
        {session.endReason ? ` · ${session.endReason}` : ''}
      </p>
    </div>
  )
}
