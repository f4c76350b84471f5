import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { CatalogTable, Masking } from '../../main/contract/index.ts'
import { catalogQuery } from '../api/queries.ts'
import { Bone, Empty, Failing } from '../ui/parts/screen-state.tsx'
import { CatalogTree, tableKey } from './catalog-tree.tsx'
import { ColumnForm } from './column-form.tsx'
import { ColumnTable, type DraftColumn } from './column-table.tsx'
import { editColumns, editUntrusted, labelsWith, type MaskForm, type MaskingDraft, namedLabel } from './draft.ts'
import { InPolicy } from './labels-view.tsx'
import { PreviewPanel } from './preview-panel.tsx'
import { type Suggestion, UnprotectedReport } from './unprotected-report.tsx'

interface Props {
  readonly masking: Masking
  readonly connection: string
  /** `schema.name`. */
  readonly chosen: string | undefined
  readonly choose: (table: string) => void
  readonly draft: MaskingDraft
  readonly setDraft: (draft: MaskingDraft) => void
  readonly mayChange: boolean
}

/** Tables, their columns, and beside them what an agent sees of what is selected. */
export function ColumnsView({ masking, connection, chosen, choose, draft, setDraft, mayChange }: Props) {
  const catalog = useQuery(catalogQuery(connection))
  const [search, setSearch] = useState('')
  const [selection, setSelection] = useState<{ readonly table: string; readonly names: ReadonlySet<string> }>()
  const input = useRef<HTMLInputElement>(null)
  if (catalog.isPending)
    return (
      <div className="mask-grid" aria-busy="true">
        <span className="unseen">Loading the tables</span>
        <Bone height={420} />
        <Bone height={420} />
        <Bone height={300} />
      </div>
    )
  if (!catalog.data) return <Failing what={`The tables of ${connection}`} error={catalog.error} retry={() => void catalog.refetch()} />
  const { tables } = catalog.data
  const table = tables.find((one) => tableKey(one) === chosen) ?? (chosen === undefined ? mostUrgent(tables) : undefined)
  const known = new Map<string, MaskForm>(masking.labels.map(({ label, mask }) => [label, mask]))
  for (const { label, mask } of draft.columns) if (label !== null && !known.has(label)) known.set(label, mask)
  const columns = table ? withDraft(table, connection, draft) : []
  const key = table ? tableKey(table) : ''
  const names = selection?.table === key ? selection.names : new Set<string>()
  const selected = columns.filter(({ name }) => names.has(name))
  const label = (suggestions: readonly Suggestion[]) =>
    setDraft(
      editColumns(
        draft,
        suggestions.map((one) => ({
          connection,
          column: one.column,
          label: one.label,
          mask: known.get(one.label) ?? 'redact',
          predicates: false,
        })),
      ),
    )
  const one = selected[0]
  const cannot = selected.filter(
    ({ name, label: now, changed }) => now !== null && !changed && namedLabel(masking.source, connection, `${key}.${name}`) === undefined,
  )
  const touched = draft.columns.some((edit) => edit.connection === connection)
  return (
    <div className="mask-grid">
      <section className="panel tree-panel" aria-label="Tables of the connection">
        <label className="field tree-search">
          <span className="unseen">Table or column</span>
          <input type="search" placeholder="Table or column" value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        </label>
        {tables.length === 0 ? <p className="panel-none">It has no tables that its role can see.</p> : null}
        <CatalogTree tables={tables} search={search} chosen={key} choose={choose} />
      </section>
      <div className="mask-middle">
        {table ? (
          <ColumnTable
            key={key}
            table={{ ...table, untrusted: untrustedIn(table, connection, draft) }}
            columns={columns}
            selected={names}
            select={(next) => setSelection({ table: key, names: next })}
            mayChange={mayChange}
            setUntrusted={(on) => setDraft(editUntrusted(draft, connection, key, on))}
            suggest={({ name, suggestedLabel }) => label([{ column: `${key}.${name}`, label: suggestedLabel ?? 'pii' }])}
            toLabel={() => input.current?.focus()}
          />
        ) : tables.length > 0 ? (
          <Empty title={chosen === undefined ? 'Choose a table' : `There is no table ${chosen}`}>
            {chosen === undefined ? '' : 'It may have been renamed or removed since the link was made.'}
          </Empty>
        ) : null}
        {mayChange ? (
          <UnprotectedReport
            connection={connection}
            done={(column) => draft.columns.some((edit) => edit.connection === connection && edit.column === column && edit.label !== null)}
            label={label}
          />
        ) : null}
      </div>
      <div className="mask-side">
        {one ? (
          <>
            <ColumnForm
              key={`${key}/${[...names].join()}/${selected.map((column) => `${column.label}${column.form}`).join()}`}
              columns={selected}
              known={known}
              mayChange={mayChange}
              input={input}
              apply={(choice) =>
                setDraft(
                  editColumns(
                    draft,
                    selected.map(({ name }) => ({ connection, column: `${key}.${name}`, ...choice })),
                  ),
                )
              }
            />
            {cannot.length > 0 ? (
              <p className="small second">
                {cannot.map(({ name }) => name).join(', ')}: the label comes from elsewhere (a pattern of names, what a view or key leads
                to, or what followed there). It stays, whatever is taken away here.
              </p>
            ) : null}
            {mayChange && selected.length === 1 ? (
              <PreviewPanel
                key={`${key}.${one.name}`}
                connection={connection}
                table={key}
                column={one.name}
                labels={touched ? labelsWith(masking.source, draft, connection) : undefined}
              />
            ) : null}
            {one.label !== null && selected.length === 1 ? (
              <section className="panel" aria-label="In policy">
                <header>
                  <h2 className="policy-name">{one.label} in policy</h2>
                </header>
                <InPolicy label={one.label} connection={connection} predicates={false} />
              </section>
            ) : null}
          </>
        ) : (
          <p className="small third side-hint">
            Select columns to see what an agent gets of them{mayChange ? ', and to label them' : ''}. <kbd>Space</kbd> selects
            {mayChange ? (
              <>
                , <kbd>L</kbd> labels
              </>
            ) : null}
            .
          </p>
        )}
      </div>
    </div>
  )
}

/** Where most is to be done. */
function mostUrgent(tables: readonly CatalogTable[]): CatalogTable | undefined {
  const openIn = ({ columns }: CatalogTable) =>
    columns.filter(({ label, suggestedLabel }) => label === null && suggestedLabel !== null).length
  return tables.reduce<CatalogTable | undefined>((best, one) => (best === undefined || openIn(one) > openIn(best) ? one : best), undefined)
}

function withDraft(table: CatalogTable, connection: string, draft: MaskingDraft): DraftColumn[] {
  return table.columns.map((column) => {
    const edit = draft.columns.find((one) => one.connection === connection && one.column === `${tableKey(table)}.${column.name}`)
    if (edit === undefined) return { ...column, changed: false }
    const form = edit.label === null ? null : edit.mask
    return { ...column, label: edit.label, form, changed: edit.label !== column.label || form !== column.form }
  })
}

function untrustedIn(table: CatalogTable, connection: string, draft: MaskingDraft): boolean {
  return draft.untrusted.find((one) => one.connection === connection && one.table === tableKey(table))?.on ?? table.untrusted
}
