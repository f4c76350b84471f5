import { useNow } from './use-now.ts'
import { agoWords, exactWords } from './words.ts'

/** A time as people say it; the exact one on hover and for screen readers. */
export function Ago({ at }: { at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactWords(at)}>
      <span aria-hidden="true">{agoWords(at, useNow())}</span>
      <span className="unseen">{exactWords(at)}</span>
    </time>
  )
}
