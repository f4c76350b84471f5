import { type RefObject, useState } from 'react'
import { Button } from '../ui/parts/button.tsx'
import { nounWords } from '../ui/words.ts'
import type { DraftColumn } from './column-table.tsx'
import type { MaskForm } from './draft.ts'
import { allForms, forms, Sample } from './form-words.tsx'

export interface LabelChoice {
  readonly label: string | null
  readonly mask: MaskForm
  readonly predicates: boolean
}

interface Props {
  readonly columns: readonly DraftColumn[]
  /** Labels that there are, with their form. */
  readonly known: ReadonlyMap<string, MaskForm>
  readonly mayChange: boolean
  readonly input: RefObject<HTMLInputElement | null>
  readonly apply: (choice: LabelChoice) => void
}

const NAME = /^[A-Za-z0-9_-]{1,63}$/

/** The label and the form of what is selected. Drawn anew for another selection, so give it a key. */
export function ColumnForm({ columns, known, mayChange, input, apply }: Props) {
  const labels = new Set(columns.map(({ label }) => label))
  const shapes = new Set(columns.map(({ form }) => form))
  const first = columns[0]
  const mixed = labels.size > 1 || shapes.size > 1
  const [label, setLabel] = useState(mixed ? '' : (first?.label ?? first?.suggestedLabel ?? ''))
  const [mask, setMask] = useState<MaskForm>(mixed ? 'redact' : (first?.form ?? known.get(first?.suggestedLabel ?? '') ?? 'redact'))
  const [predicates, setPredicates] = useState(false)
  if (!first) return null
  const poor = columns.filter((column) => !column.forms.includes(mask))
  const good = NAME.test(label)
  return (
    <section className="panel" aria-label="Label and form">
      <header>
        <h2 className="policy-name cut">{columns.length === 1 ? <code>{first.name}</code> : nounWords(columns.length, 'column')}</h2>
        {mixed ? <span className="tag">mixed</span> : null}
        <span className="fill" />
        {mayChange && columns.some((column) => column.label !== null) ? (
          <Button small look="ghost" onClick={() => apply({ label: null, mask: 'redact', predicates: false })}>
            Remove label
          </Button>
        ) : null}
      </header>
      <form
        className="column-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (good) apply({ label, mask, predicates: mask === 'token' && predicates })
        }}
      >
        <label className="field">
          Label
          <input
            ref={input}
            value={label}
            list="known-labels"
            maxLength={63}
            disabled={!mayChange}
            placeholder="pii"
            aria-describedby="label-hint"
            onChange={(event) => {
              const next = event.currentTarget.value
              setLabel(next)
              const usual = known.get(next)
              if (usual) setMask(usual)
            }}
          />
          <datalist id="known-labels">
            {[...known.keys()].map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </label>
        <p id="label-hint" className="meta third">
          {label !== '' && !good ? (
            <span className="in-deny">Letters, digits, _ and - only.</span>
          ) : known.has(label) ? (
            `${label} is ${forms[known.get(label) ?? 'redact'].word.toLowerCase()} elsewhere; a choice here is for this alone.`
          ) : (
            'Rules name labels: “pii”, “contact”, “card”.'
          )}
        </p>
        <fieldset className="form-choices" disabled={!mayChange}>
          <legend className="unseen">What agents see</legend>
          {allForms.map((one) => (
            <label key={one} className={one === mask ? 'form-choice on' : 'form-choice'}>
              <input type="radio" name="form" checked={one === mask} onChange={() => setMask(one)} />
              <span>
                <span className="medium">{forms[one].word}</span>
                <span className="meta third">{forms[one].what}</span>
              </span>
              <Sample mask={one} />
            </label>
          ))}
        </fieldset>
        {mask === 'token' ? (
          <label className="row small">
            <input
              type="checkbox"
              checked={predicates}
              disabled={!mayChange}
              onChange={(event) => setPredicates(event.currentTarget.checked)}
            />
            Who was shown a token may compare with it
          </label>
        ) : null}
        {poor.length > 0 ? (
          <p className="small in-ask" role="status">
            {poor
              .slice(0, 3)
              .map(({ name, type }) => `${name} (${type})`)
              .join(', ')}{' '}
            cannot hold {mask === 'partial' ? 'the last four' : 'a token'}: agents see *redacted*, or the null of a number or date, instead.
          </p>
        ) : null}
        {mayChange ? (
          <Button type="submit" look="soft" disabled={!good}>
            {columns.length === 1 ? 'Label it in the draft' : `Label ${nounWords(columns.length, 'column')} in the draft`}
          </Button>
        ) : (
          <p className="small third">Only an admin changes labels.</p>
        )}
      </form>
    </section>
  )
}
