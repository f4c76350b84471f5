import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { connectionsQuery, meQuery, unprotectedQuery } from '../api/queries.ts'
import { Check, Warn } from '../ui/icons.tsx'
import { Bone, wordsOf } from '../ui/parts/screen-state.tsx'
import { countWords, nounWords } from '../ui/words.ts'

const MOST = 5

/** Columns that look sensitive and have no label. Only admins may have the tables read for it. */
export function UnprotectedPanel() {
  const me = useQuery(meQuery)
  const connections = useQuery({ ...connectionsQuery, retry: false })
  const admin = me.data?.roles.includes('admin') === true
  const names = connections.data?.items.map((connection) => connection.name) ?? []
  const reports = useQueries({ queries: names.map((name) => ({ ...unprotectedQuery(name), enabled: admin })) })
  if (!admin || names.length === 0) return null
  const columns = reports
    .flatMap((report) => (report.data?.columns ?? []).map((column) => ({ ...column, connection: report.data?.connection ?? '' })))
    .filter((column) => column.suggestedLabel !== null || column.patterns.some((pattern) => !pattern.searchedFor))
    .sort((a, b) => hitsOf(b) - hitsOf(a))
  const pending = reports.some((report) => report.isPending)
  const failed = reports.flatMap((report, index) => (report.isError ? [{ name: names[index] ?? '', error: report.error }] : []))
  const title =
    columns.length > 0
      ? `${nounWords(columns.length, 'column')} unprotected`
      : pending
        ? 'Unprotected columns'
        : 'Nothing looks unprotected'
  return (
    <section className="panel" aria-label="Unprotected columns" aria-busy={pending}>
      <header>
        {columns.length > 0 ? (
          <span className="in-ask">
            <Warn />
          </span>
        ) : pending ? null : (
          <span className="in-allow">
            <Check />
          </span>
        )}
        <h2 className="panel-title fill">{title}</h2>
        <Link to="/masking" className="small">
          Masking
        </Link>
      </header>
      {pending && columns.length === 0 ? (
        <div className="host-line">
          <Bone width="70%" />
        </div>
      ) : null}
      <ul>
        {columns.slice(0, MOST).map((column) => (
          <li key={`${column.connection}.${column.column}`} className="host-line">
            <code className="cut fill" title={`${column.connection}: ${column.column}`}>
              {column.column.replace(/^public\./, '')}
            </code>
            <span className="meta third nowrap">{whyOf(column)}</span>
          </li>
        ))}
      </ul>
      {columns.length > MOST ? (
        <p className="panel-foot">
          <Link to="/masking">{countWords(columns.length - MOST)} more</Link>
        </p>
      ) : null}
      {failed.map(({ name, error }) => (
        <p key={name} className="host-line small second">
          {name}: {wordsOf(error)}
        </p>
      ))}
    </section>
  )
}

interface Column {
  readonly looksLike: string | null
  readonly suggestedLabel: string | null
  readonly values: number
  readonly patterns: readonly { readonly pattern: string; readonly hits: number; readonly searchedFor: boolean }[]
}

const hitsOf = ({ patterns }: Column) => patterns.reduce((sum, pattern) => sum + (pattern.searchedFor ? 0 : pattern.hits), 0)

function whyOf(column: Column): string {
  const found = column.patterns.find((pattern) => !pattern.searchedFor && pattern.hits > 0)
  if (found) return `${found.pattern.replaceAll('_', ' ')} in ${countWords(found.hits)} of ${countWords(column.values)}`
  return column.looksLike ? `looks like ${column.looksLike}` : ''
}
