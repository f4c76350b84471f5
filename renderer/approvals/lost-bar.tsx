import { reconnectNow, useLink } from '../api/stream.ts'
import { WifiOff } from '../ui/icons.tsx'
import { useNow } from '../ui/time/use-now.ts'
import { durationWords } from '../ui/time/words.ts'

/** Nothing can be decided on old news. */
export function LostBar({ words = 'Connection lost: deciding is off.' }: { readonly words?: string }) {
  const link = useLink()
  const now = useNow()
  if (link.state !== 'lost') return null
  const seconds = Math.max(1, Math.round((now - link.since) / 1000)) * 1000
  return (
    <div className="notice tone-ask" role="alert">
      <WifiOff />
      <span>
        <span className="medium">{words}</span>{' '}
        <span aria-hidden="true">No news for {durationWords(seconds).replace('.0', '')}; this list may be old.</span>
      </span>
      <button type="button" className="link" onClick={reconnectNow}>
        Try now
      </button>
    </div>
  )
}
