import type { ConnectionCatalog } from '../../main/contract/index.ts'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { nounWords } from '../ui/words.ts'

interface Props {
  /** `schema.table.column` and the label that its name suggests. */
  readonly suggested: ReadonlyMap<string, string>
  readonly chosen: ReadonlyMap<string, string>
  readonly choose: (columns: ReadonlyMap<string, string>) => void
  readonly catalog: ConnectionCatalog
}

/** Columns whose names look sensitive, all ticked to begin with. */
export function LabelStep({ suggested, chosen, choose, catalog }: Props) {
  const { shown, hidden, more } = useSome([...suggested], 40)
  const labelled = catalog.tables.reduce((sum, { columns }) => sum + columns.filter(({ label }) => label !== null).length, 0)
  const columns = catalog.tables.reduce((sum, table) => sum + table.columns.length, 0)
  const set = (column: string, label: string, on: boolean) => {
    const next = new Map(chosen)
    if (on) next.set(column, label)
    else next.delete(column)
    choose(next)
  }
  return (
    <>
      <p className="small third">
        {nounWords(columns, 'column')} in {nounWords(catalog.tables.length, 'table')}; {labelled} have a label already.
      </p>
      {suggested.size === 0 ? (
        <p className="small second">No name of a column without a label looks sensitive. You can label any later.</p>
      ) : null}
      <ul className="set-up-labels">
        {shown.map(([column, label]) => (
          <li key={column}>
            <label className="row small">
              <input type="checkbox" checked={chosen.has(column)} onChange={(event) => set(column, label, event.currentTarget.checked)} />
              <code className="fill cut">{column}</code>
              <span className="third">{label}</span>
            </label>
          </li>
        ))}
      </ul>
      <ShowMore hidden={hidden} more={more} what="columns" />
    </>
  )
}
