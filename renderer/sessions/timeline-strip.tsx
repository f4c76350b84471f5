import { useMemo } from 'react'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { durationWords, secondsWords } from '../ui/time/words.ts'
import type { StatementRecord } from './assemble.ts'
import { layTimeline } from './timeline.ts'

interface Props {
  readonly statements: readonly StatementRecord[]
  readonly chosen: number | undefined
  readonly now: number
  readonly choose: (number: number) => void
}

/** More bars than this are not drawn one by one: the list below is the way to them. */
const MOST = 600

/** The session at a glance. The list is its accessible twin, so that the strip is left out for screen readers. */
export function TimelineStrip({ statements, chosen, now, choose }: Props) {
  const drawn = statements.length > MOST ? statements.slice(-MOST) : statements
  const pieces = useMemo(() => layTimeline(drawn, now), [drawn, now])
  const first = drawn[0]?.statement.at
  const last = drawn.at(-1)
  if (first === undefined || !last) return null
  return (
    <div className="timeline" aria-hidden="true">
      <div className="timeline-track">
        {pieces.map((piece) => {
          const place = { left: `${piece.left * 100}%`, width: `${piece.width * 100}%` }
          if (piece.kind === 'gap')
            return (
              <span key={`gap${piece.left}`} className="timeline-gap" style={place} title={`${durationWords(piece.ms)} idle`}>
                <span>{durationWords(piece.ms)}</span>
              </span>
            )
          const { number, outcome, finished, statement } = piece.statement
          const marked = outcome !== 'allowed' && outcome !== 'failed'
          return (
            // Pointer only: the list takes the keyboard.
            <button
              key={number}
              type="button"
              tabIndex={-1}
              className={`timeline-bar ${outcome}${number === chosen ? ' here' : ''}`}
              style={place}
              title={`${secondsWords(statement.at)} ${statement.sentence}`}
              onClick={() => choose(number)}
            >
              {marked ? <VerdictMark outcome={outcome} size={12} quiet /> : null}
              {piece.held > 0 ? <i style={{ width: `${piece.held * 100}%` }} /> : null}
              {(finished?.masked.length ?? 0) > 0 ? <s /> : null}
            </button>
          )
        })}
      </div>
      <div className="timeline-ends meta third">
        <span>{secondsWords(first)}</span>
        {statements.length > MOST ? <span>the last {MOST} statements</span> : null}
        <span>{secondsWords(last.finished?.at ?? last.statement.at)}</span>
      </div>
    </div>
  )
}
