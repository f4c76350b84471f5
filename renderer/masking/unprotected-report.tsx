import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Unprotected } from '../../main/contract/index.ts'
import { unprotectedQuery } from '../api/queries.ts'
import { Check, Plus, Warn } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Bone, Failing } from '../ui/parts/screen-state.tsx'
import { ShowMore, useSome } from '../ui/parts/show-more.tsx'
import { countWords, nounWords } from '../ui/words.ts'

export interface Suggestion {
  /** `schema.table.column`. */
  readonly column: string
  readonly label: string
}

interface Props {
  readonly connection: string
  /** Labelled in the draft already. */
  readonly done: (column: string) => boolean
  readonly label: (suggestions: readonly Suggestion[]) => void
}

/** Columns that look sensitive and have no label, those with found values first. The host reads samples for it; no value is told. */
export function UnprotectedReport({ connection, done, label }: Props) {
  const report = useQuery(unprotectedQuery(connection))
  const [asked, setAsked] = useState(false)
  const rows = (report.data?.columns ?? [])
    .filter((column) => suggestionOf(column) !== undefined && !done(column.column))
    .sort((a, b) => hitsOf(b) - hitsOf(a))
  const { shown, hidden, more } = useSome(rows, 12)
  return (
    <section className="panel" aria-label="Unprotected columns" aria-busy={report.isFetching}>
      <header>
        {rows.length > 0 ? (
          <span className="in-ask">
            <Warn />
          </span>
        ) : report.data ? (
          <span className="in-allow">
            <Check />
          </span>
        ) : null}
        <h2 className="policy-name">
          {report.isPending
            ? 'Columns without a label'
            : rows.length > 0
              ? `${nounWords(rows.length, 'column')} ${rows.length === 1 ? 'looks' : 'look'} sensitive and ${rows.length === 1 ? 'has' : 'have'} no label`
              : 'Nothing looks unprotected'}
        </h2>
        <span className="fill" />
        {rows.length > 1 ? (
          <Button small onClick={() => setAsked(true)}>
            Label all as suggested…
          </Button>
        ) : null}
      </header>
      {report.isPending ? (
        <p className="panel-none">
          Samples of the tables are read. <Bone width={160} />
        </p>
      ) : null}
      {report.isError && !report.data ? <Failing what="The report" error={report.error} retry={() => void report.refetch()} /> : null}
      {shown.length > 0 ? (
        <table className="list report">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Why</th>
              <th scope="col">
                <span className="unseen">Label</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((column) => (
              <tr key={column.column}>
                <td>
                  <code>{column.column.replace(/^public\./, '')}</code>
                </td>
                <td className="second">{whyOf(column)}</td>
                <td className="end">
                  <Button
                    small
                    look="ghost"
                    className="dashed"
                    icon={<Plus />}
                    onClick={() => label([{ column: column.column, label: suggestionOf(column) ?? 'pii' }])}
                  >
                    {suggestionOf(column)}
                    <span className="unseen"> as the label of {column.column}</span>
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      <ShowMore hidden={hidden} more={more} what="columns" />
      {report.data && report.data.skipped.length > 0 ? (
        <p className="panel-foot meta">Not looked into: {report.data.skipped.map(({ table, why }) => `${table} (${why})`).join(', ')}</p>
      ) : null}
      <LabelAll key={rows.length} opened={asked} rows={rows} onClose={() => setAsked(false)} label={label} />
    </section>
  )
}

function LabelAll({
  opened,
  rows,
  onClose,
  label,
}: {
  opened: boolean
  rows: readonly Unprotected['columns'][number][]
  onClose: () => void
  label: Props['label']
}) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const chosen = rows.filter(({ column }) => !left.has(column))
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Label all as suggested"
      size={560}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="dialog-form">
        <p className="small second">They go into the draft, redacted where their label has no form yet. Leave out what is not sensitive.</p>
        <ul className="label-all">
          {rows.map((column) => (
            <li key={column.column}>
              <label className="row small">
                <input
                  type="checkbox"
                  checked={!left.has(column.column)}
                  onChange={(event) =>
                    setLeft(
                      event.currentTarget.checked
                        ? new Set([...left].filter((one) => one !== column.column))
                        : new Set([...left, column.column]),
                    )
                  }
                />
                <code className="fill cut">{column.column}</code>
                <span className="third nowrap">{suggestionOf(column)}</span>
              </label>
            </li>
          ))}
        </ul>
        <div className="acts">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            look="solid"
            disabled={chosen.length === 0}
            onClick={() => {
              label(chosen.map((column) => ({ column: column.column, label: suggestionOf(column) ?? 'pii' })))
              onClose()
            }}
          >
            Label {nounWords(chosen.length, 'column')} in the draft
          </Button>
        </div>
      </div>
    </Modal>
  )
}

type Column = Unprotected['columns'][number]

const LABEL_OF: Readonly<Record<string, string>> = {
  credit_card: 'card',
  iban: 'bank',
  email: 'contact',
  phone: 'contact',
  ssn: 'pii',
  api_key: 'secret',
  jwt: 'secret',
  private_key: 'secret',
}

const found = ({ patterns }: Column) =>
  patterns.filter(({ searchedFor, hits }) => !searchedFor && hits > 0).sort((a, b) => b.hits - a.hits)[0]

const hitsOf = (column: Column) => found(column)?.hits ?? 0

function suggestionOf(column: Column): string | undefined {
  const pattern = found(column)
  return column.suggestedLabel ?? (pattern ? (LABEL_OF[pattern.pattern] ?? 'pii') : undefined)
}

function whyOf(column: Column): string {
  const pattern = found(column)
  if (pattern) return `${countWords(pattern.hits)} of ${countWords(column.values)} hold ${pattern.pattern.replaceAll('_', ' ')}`
  return column.looksLike ? `its name says ${column.looksLike}` : ''
}
