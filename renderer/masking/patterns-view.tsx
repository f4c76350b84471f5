import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PatternHits } from '../../main/contract/index.ts'
import { call } from '../api/call.ts'
import { builtInPatternsQuery } from '../api/queries.ts'
import { Plus } from '../ui/icons.tsx'
import { Button } from '../ui/parts/button.tsx'
import { Failing, wordsOf } from '../ui/parts/screen-state.tsx'
import { nounWords } from '../ui/words.ts'
import type { MaskForm, PatternEdit } from './draft.ts'
import { allForms, forms } from './form-words.tsx'

interface Props {
  /** As in the draft. */
  readonly patterns: readonly PatternEdit[]
  readonly mayChange: boolean
  readonly change: (patterns: readonly PatternEdit[]) => void
}

/** What is looked for in any text, with how often it is wrong, and a box to try it on a text. */
export function PatternsView({ patterns, mayChange, change }: Props) {
  const library = useQuery(builtInPatternsQuery)
  const own = patterns.filter(({ regex }) => regex !== undefined)
  const set = (name: string, next: PatternEdit | undefined) => {
    const place = patterns.findIndex((one) => one.name === name)
    if (next === undefined) change(patterns.filter((one) => one.name !== name))
    else change(place < 0 ? [...patterns, next] : patterns.with(place, next))
  }
  return (
    <div className="pattern-columns">
      <section className="panel" aria-label="Patterns">
        <header>
          <h2 className="policy-name">Patterns in any text</h2>
          <span className="fill" />
          <span className="meta third wide-only">Also where no label stands</span>
        </header>
        {library.isError && !library.data ? (
          <Failing what="The patterns" error={library.error} retry={() => void library.refetch()} />
        ) : null}
        {library.data?.items.map((one) => {
          const used = patterns.find(({ name, regex }) => name === one.name && regex === undefined)
          return (
            <div key={one.name} className="pattern-row">
              <label className="row medium">
                <input
                  type="checkbox"
                  checked={used !== undefined}
                  disabled={!mayChange}
                  onChange={(event) => set(one.name, event.currentTarget.checked ? { name: one.name, mask: 'redact' } : undefined)}
                />
                {one.name.replaceAll('_', ' ')}
              </label>
              <div className="small second">
                {one.what}
                <div className="meta third">Wrong hits: {one.falsePositives}</div>
              </div>
              {used ? (
                <FormSelect of={one.name} mask={used.mask} disabled={!mayChange} change={(mask) => set(one.name, { ...used, mask })} />
              ) : null}
            </div>
          )
        })}
        {own.map((one) => (
          <div key={one.name} className="pattern-row">
            <span className="medium">{one.name.replaceAll('_', ' ')}</span>
            <div className="small second">
              <code>{one.regex}</code>
              <div className="meta third">Your own. Wrong hits: not measured; try it on everyday text</div>
            </div>
            <span className="row">
              <FormSelect of={one.name} mask={one.mask} disabled={!mayChange} change={(mask) => set(one.name, { ...one, mask })} />
              {mayChange ? (
                <Button small look="ghost" onClick={() => set(one.name, undefined)}>
                  Remove<span className="unseen"> {one.name}</span>
                </Button>
              ) : null}
            </span>
          </div>
        ))}
        {mayChange ? <AddPattern taken={new Set(patterns.map(({ name }) => name))} add={(next) => set(next.name, next)} /> : null}
      </section>
      <TestBox patterns={patterns} />
    </div>
  )
}

function FormSelect({ of, mask, disabled, change }: { of: string; mask: MaskForm; disabled: boolean; change: (mask: MaskForm) => void }) {
  return (
    <span className="field">
      <select
        aria-label={`What agents see of ${of}`}
        value={mask}
        disabled={disabled}
        onChange={(event) => change(event.currentTarget.value as MaskForm)}
      >
        {allForms.map((one) => (
          <option key={one} value={one}>
            {forms[one].word}
          </option>
        ))}
      </select>
    </span>
  )
}

function AddPattern({ taken, add }: { taken: ReadonlySet<string>; add: (pattern: PatternEdit) => void }) {
  const [name, setName] = useState('')
  const [regex, setRegex] = useState('')
  const fits = /^[A-Za-z0-9_-]{1,63}$/.test(name) && !taken.has(name)
  return (
    <form
      className="pattern-add"
      onSubmit={(event) => {
        event.preventDefault()
        add({ name, regex, mask: 'redact' })
        setName('')
        setRegex('')
      }}
    >
      <label className="field">
        A pattern of your own
        <input value={name} placeholder="staff_id" onChange={(event) => setName(event.currentTarget.value)} />
      </label>
      <label className="field fill">
        Regular expression (RE2)
        <input className="mono" value={regex} placeholder="EMP-[0-9]{6}" onChange={(event) => setRegex(event.currentTarget.value)} />
      </label>
      <Button type="submit" icon={<Plus />} disabled={!fits || regex === ''}>
        Add to the draft
      </Button>
      {taken.has(name) ? <span className="meta in-deny">There is one of that name.</span> : null}
    </form>
  )
}

function TestBox({ patterns }: { patterns: readonly PatternEdit[] }) {
  const [text, setText] = useState('')
  const testing = useMutation({
    mutationFn: (tried: string) =>
      call('testPatterns', {
        body: {
          text: tried,
          patterns: patterns.map(({ name, regex, mask }) => ({ name, mask, ...(regex === undefined ? {} : { regex }) })),
        },
      }),
  })
  const { data, variables } = testing
  return (
    <section className="panel test-box" aria-label="Try the patterns">
      <header>
        <h2 className="policy-name">Try them on a text</h2>
        <span className="fill" />
        <span className="meta third">Nothing is stored</span>
      </header>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          testing.mutate(text)
        }}
      >
        <label className="field">
          Text, as a value or an answer could be
          <textarea rows={6} value={text} maxLength={20_000} onChange={(event) => setText(event.currentTarget.value)} />
        </label>
        <Button type="submit" look="soft" disabled={text === '' || testing.isPending}>
          Try
        </Button>
      </form>
      <div aria-live="polite">
        {testing.error ? (
          <p className="panel-none in-deny" role="alert">
            {wordsOf(testing.error)}
          </p>
        ) : null}
        {data && variables !== undefined ? (
          <>
            <p className="panel-none medium">
              {data.hits.length === 0 ? 'Nothing is found: an agent gets it as it is.' : nounWords(data.hits.length, 'hit')}
            </p>
            {data.hits.length > 0 ? <Marked text={variables} hits={data.hits} /> : null}
          </>
        ) : null}
      </div>
    </section>
  )
}

/** The text with what was found, each with its pattern and what stands there instead. */
function Marked({ text, hits }: { text: string; hits: PatternHits['hits'] }) {
  return (
    <>
      <pre className="marked">
        {hits.map((hit, index) => (
          <span key={hit.start}>
            {text.slice(hits[index - 1]?.end ?? 0, hit.start)}
            <mark className="masked">{text.slice(hit.start, hit.end)}</mark>
          </span>
        ))}
        {text.slice(hits.at(-1)?.end ?? 0)}
      </pre>
      <ul className="hits small">
        {hits.map((hit) => (
          <li key={hit.start}>
            <span className="second">{hit.pattern.replaceAll('_', ' ')}</span>
            <span className="third">an agent gets</span>
            {hit.replacement === null ? <span className="null mono">null</span> : <span className="masked">{hit.replacement}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
