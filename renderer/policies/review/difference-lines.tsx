import type { Difference } from '../../../main/contract/index.ts'
import { nounWords } from '../../ui/words.ts'

const MARKS = { same: ' ', added: '+', removed: '−' } as const
const NAMES = { same: '', added: 'added: ', removed: 'removed: ' } as const

/** Changed lines, with a few around them. */
export function DifferenceLines({ difference }: { difference: Difference }) {
  if (difference.lines.length === 0) return <p className="panel-none third">Nothing differs.</p>
  return (
    <section className="difference" aria-label="Difference">
      <pre>
        {difference.lines.map((line, at) => {
          const before = difference.lines[at - 1]
          const gap =
            before !== undefined && (line.before ?? line.after ?? 0) > (before.before ?? before.after ?? 0) + 1 && line.kind === 'same'
          return (
            <span key={`${line.before}/${line.after}`} className={`difference-line ${line.kind}${gap ? ' after-gap' : ''}`}>
              <span className="difference-number" aria-hidden="true">
                {line.after ?? line.before}
              </span>
              <span className="difference-mark" aria-hidden="true">
                {MARKS[line.kind]}
              </span>
              <span className="unseen">{NAMES[line.kind]}</span>
              <span className="difference-text">{line.text}</span>
              {'\n'}
            </span>
          )
        })}
      </pre>
      {difference.cut ? (
        <p className="meta third">There is more: {nounWords(difference.added + difference.removed, 'line')} in all.</p>
      ) : null}
    </section>
  )
}
