import { type ReactNode, useMemo, useState } from 'react'
import type { Mark } from '../../../main/contract/index.ts'
import { MaskedValue } from '../parts/masked-value.tsx'
import { countWords } from '../words.ts'
import { foldLines } from './fold-lines.ts'
import { type Line, type Segment, type Stretch, splitLines } from './segments.ts'

interface Props {
  readonly sql: string
  readonly marks: readonly Mark[]
  /** Where the host put dots for a value. */
  readonly hidden?: readonly Stretch[]
  /** A longer text folds to its marked clauses. */
  readonly lines?: number
  /** Brick instead of amber: it was denied. */
  readonly denied?: boolean
  /** The rule in words, below. */
  readonly children?: ReactNode
}

const NOTHING: readonly Stretch[] = []

/** A statement exactly as it is sent, with the clause that met the rule marked. Long ones fold to that clause. */
export function SqlBlock({ sql, marks, hidden = NOTHING, lines: most = 24, denied = false, children }: Props) {
  const lines = useMemo(() => splitLines(sql, marks, hidden), [sql, marks, hidden])
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const folded = foldLines(lines, most, most < 24 ? 1 : 3)
  const hits = lines.filter((line) => line.hit)
  return (
    <div className={denied ? 'sql-block denied' : 'sql-block'}>
      <pre className="sql">
        {folded.map((part) =>
          part.kind === 'line' ? (
            <SqlLine key={part.line.number} line={part.line} />
          ) : open.has(part.from) ? (
            lines.slice(part.from - 1, part.to).map((line) => <SqlLine key={line.number} line={line} />)
          ) : (
            <button key={`gap${part.from}`} type="button" className="sql-gap" onClick={() => setOpen(new Set(open).add(part.from))}>
              {countWords(part.to - part.from + 1)} lines, {part.from} to {part.to}. Show
            </button>
          ),
        )}
      </pre>
      {lines.length > most && hits.length > 0 ? (
        <p className="sql-note">
          Statement of {countWords(lines.length)} lines: clauses that met the rule on line {hits.map((line) => line.number).join(', ')}
        </p>
      ) : null}
      {children}
    </div>
  )
}

function SqlLine({ line }: { line: Line }) {
  return (
    <span className={line.hit ? 'sql-line hit' : 'sql-line'} data-number={line.number}>
      {line.segments.map((segment) => (
        <SqlSegment key={segment.start} segment={segment} />
      ))}
      {'\n'}
    </span>
  )
}

function SqlSegment({ segment }: { segment: Segment }) {
  let drawn: ReactNode = segment.chip ? <span className="chip">{segment.chip}</span> : segment.text
  if (!segment.chip && segment.kind === 'keyword') drawn = <b>{drawn}</b>
  if (segment.kind === 'literal' || segment.kind === 'parameter') drawn = <span className="sql-literal">{drawn}</span>
  if (segment.kind === 'comment') drawn = <em>{drawn}</em>
  if (segment.masked)
    drawn = <MaskedValue title="A value stands here that is compared with a labelled column. It is not shown.">{segment.text}</MaskedValue>
  if (segment.label !== undefined) drawn = <u title={`labelled ${segment.label}`}>{drawn}</u>
  if (segment.rule !== undefined) drawn = <mark title={segment.rule}>{drawn}</mark>
  return drawn
}
