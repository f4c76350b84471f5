import type { Approval } from '../../main/contract/index.ts'
import { ArrowRight } from '../ui/icons.tsx'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { Label } from '../ui/parts/label.tsx'
import { MaskedValue } from '../ui/parts/masked-value.tsx'
import { rowCountWords } from './count-words.ts'
import './affected-rows.css'

type Rows = NonNullable<Approval['preview']['rows']>
type Column = Rows['columns'][number]

// It scrolls sideways, so the keyboard must reach it.
const reachable = { tabIndex: 0 }

/** Some of the rows that it would touch, before → after, masked as the agent's answer is. */
export function AffectedRows({ approval }: { approval: Approval }) {
  const { rows, rowsNote, countNote } = approval.preview
  if (!rows || rows.items.length === 0)
    return rowsNote ? <p className="small second affected-note">No rows are shown: {lowerFirst(rowsNote)}</p> : null
  const items = rows.items.map((row, at) => ({ ...row, key: `row${at}` }))
  const columns = rows.columns.map((column, at) => ({ ...column, at, key: `${at}/${column.name}` }))
  const { rows: count, how } = rowCountWords(approval)
  return (
    <div className="affected">
      <section className="affected-scroll" aria-label="Rows before and after" {...reachable}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col">
                  {column.name} {column.label ? <Label>{column.label}</Label> : null}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((row) => (
              <tr key={row.key}>
                {columns.map((column) => (
                  <td key={column.key}>
                    <Change
                      column={column}
                      before={row.before && (row.before[column.at] ?? null)}
                      after={row.after && (row.after[column.at] ?? null)}
                      has={row}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="meta third affected-foot">
        {rows.items.length} of {lowerFirst(count)}
        {how ? `, ${how}` : ''}
        {rows.moreColumns ? ' · more columns are not shown' : ''}
        {rows.masked.length > 0 ? ' · masked for you' : ''}
        {countNote ? ` · ${countNote}` : ''}
      </p>
    </div>
  )
}

interface ChangeProps {
  readonly column: Column
  readonly before: string | null
  readonly after: string | null
  readonly has: Rows['items'][number]
}

function Change({ column, before, after, has }: ChangeProps) {
  const old = <Value value={before} label={column.label} />
  const next = <Value value={after} label={column.label} />
  if (has.after === null) return <del className="gone">{old}</del>
  if (has.before === null) return <ins className="come">{next}</ins>
  if (!column.changed) return next
  return (
    <span className="changes">
      <span className="unseen">from </span>
      <span className="third">{old}</span>
      <ArrowRight size={12} />
      <span className="unseen"> to </span>
      {next}
    </span>
  )
}

function Value({ value, label }: { value: string | null; label: string | null }) {
  if (value === null) return <span className="null">null</span>
  if (label !== null) return <MaskedValue>{value}</MaskedValue>
  return <ForeignText>{value}</ForeignText>
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
