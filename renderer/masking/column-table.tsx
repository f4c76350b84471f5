import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef } from 'react'
import type { CatalogColumn, CatalogTable } from '../../main/contract/index.ts'
import { Plus, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Label } from '../ui/parts/label.tsx'
import { useKeys } from '../ui/use-keys.ts'
import { nounWords } from '../ui/words.ts'
import type { MaskForm } from './draft.ts'
import { Sample } from './form-words.tsx'

/** A column as it stands in the draft. */
export interface DraftColumn extends CatalogColumn {
  /** It differs from what is in force. */
  readonly changed: boolean
}

const ROW = 40

interface Props {
  readonly table: CatalogTable
  readonly columns: readonly DraftColumn[]
  readonly selected: ReadonlySet<string>
  readonly select: (names: ReadonlySet<string>) => void
  readonly mayChange: boolean
  readonly setUntrusted: (on: boolean) => void
  readonly suggest: (column: DraftColumn) => void
  readonly toLabel: () => void
}

/** A table's columns, several of which can be selected to be labelled at once. Those in view are drawn. */
export function ColumnTable({ table, columns, selected, select, mayChange, setUntrusted, suggest, toLabel }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialRect: { width: 500, height: 480 },
  })
  useKeys({ l: toLabel }, mayChange)
  const all = columns.length > 0 && columns.every(({ name }) => selected.has(name))
  const toggle = (name: string) =>
    select(selected.has(name) ? new Set([...selected].filter((one) => one !== name)) : new Set([...selected, name]))
  const move = (event: KeyboardEvent, from: number) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const to = Math.max(0, Math.min(columns.length - 1, from + step))
    virtual.scrollToIndex(to)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLInputElement>(`input[data-row="${to}"]`)?.focus())
  }
  return (
    <section className="panel columns" aria-label="Columns">
      <header>
        <h2 className="policy-name cut">
          <code>
            {table.schema}.{table.name}
          </code>
        </h2>
        <span className="small third nowrap">
          {table.kind === 'table' ? '' : `${table.kind}, `}
          {nounWords(columns.length, 'column')}
        </span>
        <span className="fill" />
        {mayChange ? (
          <label
            className="row meta second nowrap"
            title="What outsiders wrote can carry orders to an agent: reading it is warned of on the next card"
          >
            <input type="checkbox" checked={table.untrusted} onChange={(event) => setUntrusted(event.currentTarget.checked)} />
            outsiders write here
          </label>
        ) : table.untrusted ? (
          <span className="tag">outsiders write here</span>
        ) : null}
      </header>
      <div className="column-row heading">
        <input
          type="checkbox"
          aria-label="Select all columns"
          checked={all}
          disabled={!mayChange}
          onChange={() => select(all ? new Set() : new Set(columns.map(({ name }) => name)))}
        />
        <span>Column</span>
        <span className="column-type">Type</span>
        <span>Label</span>
        <span>Agents see</span>
      </div>
      <div ref={scroller} className="column-scroll">
        <ul className="column-inner" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const column = columns[item.index]
            if (!column) return null
            const { name, type, label, form, forms, looksLike, suggestedLabel } = column
            return (
              <li
                key={name}
                className={`column-row${selected.has(name) ? ' chosen' : ''}${column.changed ? ' changed' : ''}`}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <input
                  type="checkbox"
                  data-row={item.index}
                  aria-label={`Select ${name}`}
                  checked={selected.has(name)}
                  onChange={() => toggle(name)}
                  onKeyDown={(event) => move(event, item.index)}
                />
                <button type="button" className="column-name" onClick={() => select(new Set([name]))}>
                  <code className="cut">{name}</code>
                </button>
                <span className="column-type small second cut">{type}</span>
                <span className="cut">
                  {label !== null ? (
                    <Label>{label}</Label>
                  ) : looksLike !== null ? (
                    <span className="small in-ask row">
                      <Warn size={14} />
                      <span className="cut">{looksLike}</span>
                    </span>
                  ) : null}
                  {column.changed ? <span className="unseen"> changed in the draft</span> : null}
                </span>
                <span className="cut">
                  {form !== null ? (
                    <Sample mask={shown(form, forms)} />
                  ) : mayChange && suggestedLabel !== null ? (
                    <Button small look="ghost" className="dashed" icon={<Plus />} onClick={() => suggest(column)}>
                      {suggestedLabel}
                      <span className="unseen"> as the label of {name}</span>
                    </Button>
                  ) : (
                    <span className="small third">as it is</span>
                  )}
                </span>
              </li>
            )
          })}
        </ul>
      </div>
    </section>
  )
}

/** What the gateway makes of a form that the type cannot have. */
const shown = (form: MaskForm, forms: readonly MaskForm[]): MaskForm => (forms.includes(form) ? form : 'redact')
