import { useEffect, useRef } from 'react'
import type { RecordedEvent } from '../../main/contract/index.ts'
import { Bone } from '../ui/parts/screen-state.tsx'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { durationWords, secondsWords } from '../ui/time/words.ts'
import { countWords } from '../ui/words.ts'
import { endOf, type StatementRecord } from './assemble.ts'
import { IDLE_MS } from './timeline.ts'

interface Props {
  readonly statements: readonly StatementRecord[]
  readonly notes: readonly Extract<RecordedEvent, { kind: 'note' }>[]
  readonly loading: boolean
  readonly chosen: number | undefined
  readonly choose: (number: number) => void
  /** Events that were not read, since there are too many. */
  readonly more: number
}

const LINE = 200

export function StatementList({ statements, notes, loading, chosen, choose, more }: Props) {
  const here = useRef<HTMLButtonElement>(null)
  const place = statements.findIndex((statement) => statement.number === chosen)
  const some = useSome(statements, Math.max(200, place + 50))
  useEffect(() => {
    if (chosen !== undefined) here.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <section className="statements" aria-label="Statements">
      <ol>
        {loading
          ? [0, 1, 2, 3, 4, 5].map((each) => (
              <li key={each} className="statement">
                <Bone width={54} height={12} />
                <Bone width={16} height={16} round />
                <Bone height={12} />
                <Bone width={40} height={12} />
              </li>
            ))
          : null}
        {some.shown.map((record, index) => {
          const before = statements[index - 1]
          const idle = before ? record.statement.at - (before.finished?.at ?? before.answered?.at ?? before.statement.at) : 0
          return (
            <li key={record.number}>
              {idle > IDLE_MS ? <div className="idle">{durationWords(idle)} idle</div> : null}
              <button
                ref={record.number === chosen ? here : null}
                type="button"
                className="statement"
                aria-current={record.number === chosen}
                onClick={() => choose(record.number)}
              >
                <span className="mono third">{secondsWords(record.statement.at)}</span>
                <VerdictMark outcome={record.outcome} />
                <code className="cut">{record.statement.sql.slice(0, LINE).replace(/\s+/g, ' ')}</code>
                <span className="row third statement-end">
                  {endOf(record)}
                  {(record.finished?.masked.length ?? 0) > 0 ? <VerdictMark outcome="masked" size={13} /> : null}
                </span>
              </button>
            </li>
          )
        })}
      </ol>
      <ShowMore {...some} what="statements" />
      {more > 0 ? <p className="idle">{countWords(more)} later events are not shown. Export the session to see them.</p> : null}
      {notes.map((note) => (
        <p key={note.seq} className="note small second">
          <span className="mono third">{secondsWords(note.at)}</span> {note.text}
        </p>
      ))}
    </section>
  )
}
