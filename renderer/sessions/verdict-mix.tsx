import type { Session } from '../../main/contract/index.ts'
import { type Outcome, VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { countWords } from '../ui/words.ts'
import './verdict-mix.css'

const parts: readonly { readonly key: keyof Session['verdicts']; readonly outcome: Outcome; readonly word?: string }[] = [
  { key: 'allowed', outcome: 'allowed' },
  { key: 'approved', outcome: 'approved' },
  { key: 'held', outcome: 'held', word: 'waiting' },
  { key: 'lapsed', outcome: 'lapsed', word: 'lapsed' },
  { key: 'deniedByPerson', outcome: 'denied-by-person' },
  { key: 'denied', outcome: 'denied' },
]

/** How a session's statements ended: a bar, and the numbers. */
export function VerdictMix({ verdicts }: { verdicts: Session['verdicts'] }) {
  const there = parts.filter((part) => verdicts[part.key] > 0)
  if (there.length === 0) return <span className="third">none yet</span>
  return (
    <div className="mix">
      <div className="mix-bar" aria-hidden="true">
        {there.map((part) => (
          <i key={part.key} className={part.key} style={{ flexGrow: verdicts[part.key] }} />
        ))}
      </div>
      <div className="mix-counts">
        {there.map((part) => (
          <span key={part.key}>
            <VerdictMark outcome={part.outcome} size={12} />
            {countWords(verdicts[part.key])}
            {part.word ? ` ${part.word}` : ''}
          </span>
        ))}
      </div>
    </div>
  )
}
