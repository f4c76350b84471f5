import { useMemo } from 'react'
import type { Facts, RecordedEvent } from '../../main/contract/index.ts'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { Label } from '../ui/parts/label.tsx'
import { MaskedValue } from '../ui/parts/masked-value.tsx'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { VerdictMark } from '../ui/parts/verdict-mark.tsx'
import { countWords, nounWords } from '../ui/words.ts'

interface Props {
  readonly set: Extract<RecordedEvent, { kind: 'rows' }>
  /** Names of the columns whose values were masked. */
  readonly masked: readonly string[]
  /** Rows that the agent got, of which the record may keep fewer. */
  readonly total: number
  /** The columns that the statement names, with their labels: `schema.table.column`. */
  readonly labels: Facts['columns']
}

const NUMERIC = /^(?:int|bigint|smallint|integer|numeric|decimal|real|double|float|oid|money)/
const LONG = 160
/** What the text forms of a mask look like. */
const TRACE = /\*redacted\*|\*{4}|tok_[a-z2-7]{20}/
// It scrolls sideways, so the keyboard must reach it.
const reachable = { tabIndex: 0 }

/** Rows as the agent saw them: masked ones plum on hatch, null grey. */
export function ResultGrid({ set, masked, total, labels }: Props) {
  // Names repeat and rows have none: both are known by their place.
  const columns = set.columns.map((column, at) => ({
    ...column,
    at,
    key: `${at}/${column.name}`,
    // A pattern masks single values and leaves its trace in them; a label masks the column, in forms that may be any legal value.
    traced: set.rows.some((row) => TRACE.test(row[at] ?? '')),
  }))
  const isMasked = (value: string | null, column: (typeof columns)[number]) =>
    masked.includes(column.name) && (!column.traced || TRACE.test(value ?? ''))
  const rows = useMemo(() => set.rows.map((values, at) => ({ values, key: `row${at}` })), [set])
  const some = useSome(rows, 100)
  return (
    <div>
      <p className="row meta third grid-note">
        <span>As the agent saw it</span>
        <span className="fill" />
        <span>
          {set.cut || set.rows.length < total
            ? `first ${countWords(set.rows.length)} of ${countWords(total)} rows kept`
            : `${nounWords(set.rows.length, 'row')}, all kept`}
        </span>
      </p>
      <section className="result" aria-label="Result" {...reachable}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" title={column.type} className={NUMERIC.test(column.type) ? 'right' : ''}>
                  {column.name}
                  {masked.includes(column.name) ? (
                    <>
                      {' '}
                      {labelOf(labels, column.name) ? (
                        <Label>{labelOf(labels, column.name) ?? ''}</Label>
                      ) : (
                        <VerdictMark outcome="masked" size={12} />
                      )}
                    </>
                  ) : null}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {some.shown.map((row) => (
              <tr key={row.key}>
                {columns.map((column) => (
                  <td key={column.key} className={NUMERIC.test(column.type) ? 'right' : ''}>
                    <Cell value={row.values[column.at] ?? null} masked={isMasked(row.values[column.at] ?? null, column)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {set.rows.length === 0 ? <p className="no-rows small third">No rows</p> : null}
      </section>
      <ShowMore {...some} what="rows" />
    </div>
  )
}

/** Where the column carries its own name: which label it has. */
const labelOf = (columns: Facts['columns'], name: string) =>
  columns.find((column) => column.label !== null && column.name.endsWith(`.${name}`))?.label

function Cell({ value, masked }: { value: string | null; masked: boolean }) {
  if (value === null) return <span className="null">null</span>
  const text = value.length > LONG ? `${value.slice(0, LONG)}…` : value
  if (masked) return <MaskedValue>{text}</MaskedValue>
  return <ForeignText>{text}</ForeignText>
}
