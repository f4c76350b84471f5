import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { Eye } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { ForeignText } from '../ui/parts/foreign-text.tsx'
import { MaskedValue } from '../ui/parts/masked-value.tsx'
import { Bone, wordsOf } from '../ui/parts/screen-state.tsx'
import { SignInAgain, wantsSignIn } from '../ui/parts/sign-in-again.tsx'
import type { labelsWith } from './draft.ts'

interface Props {
  readonly connection: string
  readonly table: string
  readonly column: string
  /** The draft's labels of the connection; undefined: as in force. */
  readonly labels: ReturnType<typeof labelsWith> | undefined
}

/** Some values as an agent gets them. What is stored is only asked for by a button, and that look is recorded. */
export function PreviewPanel({ connection, table, column, labels }: Props) {
  const [stored, setStored] = useState(false)
  const preview = useQuery({
    queryKey: ['mask-preview', connection, table, stored, labels ?? null],
    queryFn: ({ signal }) =>
      call('previewMasking', { body: { connection, table, limit: 6, before: stored, ...(labels ? { labels } : {}) }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const place = preview.data?.columns.findIndex(({ name }) => name === column) ?? -1
  const shown = preview.data?.columns[place]
  const before = stored ? (preview.data?.before ?? null) : null
  return (
    <section className="panel" aria-label="Preview" aria-busy={preview.isFetching}>
      <header>
        <h2 className="policy-name">Preview</h2>
        <span className="meta third nowrap">{labels ? 'of the draft' : 'as in force'}</span>
        <span className="fill" />
        {before === null ? (
          <Button small look="ghost" icon={<Eye />} onClick={() => setStored(true)} title="This look is recorded">
            Show stored
          </Button>
        ) : (
          <span className="meta third">originals; this look is recorded</span>
        )}
      </header>
      {preview.isPending ? (
        <div className="panel-none">
          <Bone height={60} />
        </div>
      ) : null}
      {preview.error ? (
        <div className="panel-none" role="alert">
          {wordsOf(preview.error)} {wantsSignIn(preview.error) ? <SignInAgain then="look again" /> : null}
          <div className="row preview-acts">
            <Button small onClick={() => void preview.refetch()}>
              Try again
            </Button>
            {stored ? (
              <Button small look="ghost" onClick={() => setStored(false)}>
                Without what is stored
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
      {preview.data && !preview.error && place >= 0 ? (
        <>
          {preview.data.after.length === 0 ? <p className="panel-none">The table is empty.</p> : null}
          <table className="preview">
            <thead>
              <tr>
                {before ? <th scope="col">Stored</th> : null}
                <th scope="col">An agent gets</th>
              </tr>
            </thead>
            <tbody>
              {preview.data.after.map((row, index) => (
                <tr key={`row ${String(index)}`}>
                  {before ? (
                    <td>
                      <Value value={before[index]?.[place] ?? null} masked={false} />
                    </td>
                  ) : null}
                  <td>
                    <Value value={row[place] ?? null} masked={shown?.label !== null && shown?.label !== undefined} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown?.note ? <p className="panel-foot in-ask">{shown.note}</p> : null}
          {shown?.label === null && preview.data.patterns.length > 0 ? (
            <p className="panel-foot meta">Patterns are looked for in it: {preview.data.patterns.join(', ').replaceAll('_', ' ')}</p>
          ) : null}
        </>
      ) : null}
    </section>
  )
}

function Value({ value, masked }: { value: string | null; masked: boolean }) {
  if (value === null) return <span className="null mono">null</span>
  const text = value.length > 80 ? `${value.slice(0, 80)}…` : value
  if (masked || text.includes('*redacted*')) return <MaskedValue>{text}</MaskedValue>
  return (
    <span className="mono">
      <ForeignText>{text}</ForeignText>
    </span>
  )
}
