import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { call } from '../../api/call.ts'
import { Warn } from '../../ui/icons.tsx'
import { wordsOf } from '../../ui/parts/screen-state.tsx'
import { nounWords } from '../../ui/words.ts'
import type { Draft } from '../draft/use-draft.ts'
import { createEditor, type YamlEditor } from './create-editor.ts'

/** The whole configuration as text. It is the same draft as the rules. Who may edit is fixed for one mounting. */
export function YamlView({ draft }: { draft: Draft }) {
  const { text, write, mayEdit, check, stale } = draft
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<YamlEditor>(undefined)
  const latest = useRef({ text, write })
  useEffect(() => {
    latest.current = { text, write }
  })
  const schema = useQuery({
    queryKey: ['configuration', 'schema'],
    queryFn: ({ signal }) => call('configurationSchema', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!place.current) return
    const made = createEditor(place.current, latest.current.text, {
      readOnly: !mayEdit,
      onChange: (next) => latest.current.write(next),
    })
    editor.current = made
    return () => {
      made.destroy()
      editor.current = undefined
    }
  }, [mayEdit])
  useEffect(() => editor.current?.setText(text), [text])
  useEffect(() => {
    if (schema.data) editor.current?.setSchema(schema.data)
  }, [schema.data])
  useEffect(() => {
    if (check && !stale) editor.current?.setCheck(check)
  }, [check, stale])
  const faults = check && !stale ? check.faults : []
  return (
    <section className="panel yaml-panel" aria-label="YAML">
      <div ref={place} className="yaml-editor" />
      <footer className="yaml-foot meta">
        {draft.checkError ? (
          <span className="in-deny" role="alert">
            {wordsOf(draft.checkError)}
          </span>
        ) : faults.length > 0 ? (
          <ul aria-label="Faults">
            {faults.slice(0, 6).map((fault) => (
              <li key={`${fault.line}/${fault.column}/${fault.path}`}>
                <button type="button" className="link" onClick={() => editor.current?.goTo(fault.line, fault.column)}>
                  line {fault.line}
                </button>{' '}
                <span className="in-deny">
                  {fault.path === '' ? '' : `${fault.path}: `}
                  {fault.message}
                </span>
              </li>
            ))}
            {faults.length > 6 ? <li>and {nounWords(faults.length - 6, 'more fault')}</li> : null}
          </ul>
        ) : (
          <span className="third">
            {stale ? 'Checking' : check && check.warnings.length > 0 ? <Warned count={check.warnings.length} /> : 'No fault'}
            {mayEdit ? '. Ctrl + Space suggests; Escape, then Tab leaves the text.' : '. Read only: changing it needs the role of admin.'}
          </span>
        )}
      </footer>
    </section>
  )
}

function Warned({ count }: { count: number }) {
  return (
    <span className="in-ask">
      <Warn size={13} /> No fault, {nounWords(count, 'warning')}
    </span>
  )
}
