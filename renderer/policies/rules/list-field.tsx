import { type KeyboardEvent, useId, useState } from 'react'
import { Cross } from '../../ui/icons.tsx'

interface Props {
  readonly label: string
  readonly hint?: string
  readonly values: readonly string[]
  readonly onChange: (values: string[]) => void
  /** What is known: offered while typing, never demanded. */
  readonly known?: readonly string[]
  readonly placeholder?: string
  readonly name?: string
}

/** A list of words: Enter or a comma adds one, Backspace in an empty field takes the last one back. */
export function ListField({ label, hint, values, onChange, known = [], placeholder, name }: Props) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const add = (text: string) => {
    const words = text
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '' && !values.includes(word))
    if (words.length > 0) onChange([...values, ...words])
    setTyped('')
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && typed.trim() !== '') {
      event.preventDefault()
      add(typed)
    } else if (event.key === 'Backspace' && typed === '' && values.length > 0) {
      onChange(values.slice(0, -1))
    }
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="list-field">
        {values.map((value) => (
          <span key={value} className="slot">
            {value}
            <button type="button" aria-label={`Take out ${value}`} onClick={() => onChange(values.filter((each) => each !== value))}>
              <Cross size={12} />
            </button>
          </span>
        ))}
        <input
          id={id}
          list={`${id}-known`}
          value={typed}
          data-field={name}
          placeholder={values.length === 0 ? placeholder : undefined}
          onKeyDown={onKeyDown}
          onBlur={() => add(typed)}
          onChange={(event) => {
            const next = event.currentTarget.value
            if (next.endsWith(',') || known.includes(next)) add(next)
            else setTyped(next)
          }}
        />
        <datalist id={`${id}-known`}>
          {known
            .filter((each) => !values.includes(each))
            .map((each) => (
              <option key={each} value={each} />
            ))}
        </datalist>
      </div>
      {hint ? <span className="third">{hint}</span> : null}
    </div>
  )
}
