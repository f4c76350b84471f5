import { Drawer } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Trash } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import type { ReadDraft, RuleSource } from '../draft/read-draft.ts'
import { DEFAULT_WAIT, durationOf, hoursOf } from '../draft/rule-of-source.ts'
import { type RuleField, verbWords } from '../rule-parts.ts'
import { AskFields } from './ask-fields.tsx'
import { Effect } from './effect.tsx'
import { ListField } from './list-field.tsx'

interface Props {
  readonly opened: boolean
  readonly title: string
  /** Where it begins; a new form for each opening. */
  readonly rule: RuleSource
  readonly field: RuleField | undefined
  readonly known: ReadDraft
  readonly onClose: () => void
  readonly apply: (rule: RuleSource) => void
  /** Undefined: a new rule, or the only one of its policy. */
  readonly remove: (() => void) | undefined
}

/** One rule as a form, beside the page. It goes into the draft as a whole or not at all. */
export function RuleForm({ opened, title, onClose, ...rest }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={440}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ content: 'policy-drawer' }}
    >
      <Form {...rest} onClose={onClose} />
    </Drawer>
  )
}

const LISTS = [
  ['touches', 'Touches a label', 'It names a column of it in any way'],
  ['shows', 'Shows a label', 'A column of it comes out, masked'],
  ['uses', 'Uses a label', 'A condition, join or order looks at it'],
] as const

function Form({ rule: first, field, known, onClose, apply, remove }: Omit<Props, 'opened' | 'title'>) {
  const [rule, setRule] = useState<RuleSource>(first)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const found = form.current?.querySelector<HTMLElement>(`[data-field="${field ?? 'effect'}"]`)
    // After the drawer has moved the focus into itself.
    const timer = setTimeout(() => found?.focus(), 60)
    return () => clearTimeout(timer)
  }, [field])
  const set = (changes: { readonly [Key in keyof RuleSource]?: RuleSource[Key] | undefined }) => {
    setRule((before) => clean({ ...before, ...changes }))
  }
  const list = (values: string[]) => (values.length > 0 ? values : undefined)
  const waitWrong = rule.wait !== undefined && durationOf(rule.wait) === undefined
  const hoursWrong = rule.hours !== undefined && hoursOf(rule.hours) === undefined
  return (
    <form
      ref={form}
      className="dialog-form rule-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!waitWrong && !hoursWrong) apply(rule)
      }}
    >
      <fieldset className="effect-choice">
        <legend>What it does</legend>
        {(['allow', 'ask', 'deny'] as const).map((effect) => (
          <label key={effect} className={rule.effect === effect ? 'on' : ''}>
            <input
              type="radio"
              name="effect"
              data-field={rule.effect === effect ? 'effect' : undefined}
              checked={rule.effect === effect}
              onChange={() => set(effect === 'ask' ? { effect } : { effect, ...NOT_ASKED })}
            />
            <Effect effect={effect} />
          </label>
        ))}
      </fieldset>
      <fieldset className="verbs" data-field="statements" tabIndex={-1}>
        <legend>Which statements (none: every one)</legend>
        {(Object.keys(verbWords) as (keyof typeof verbWords)[]).map((verb) => (
          <label key={verb}>
            <input
              type="checkbox"
              checked={rule.statements?.includes(verb) === true}
              onChange={(event) => {
                const chosen = new Set(rule.statements)
                if (event.currentTarget.checked) chosen.add(verb)
                else chosen.delete(verb)
                set({ statements: chosen.size > 0 ? [...chosen] : undefined })
              }}
            />
            {verbWords[verb]}
          </label>
        ))}
      </fieldset>
      <ListField
        label="On tables"
        name="tables"
        hint="schema.table, with * for any characters"
        placeholder="public.*"
        values={rule.tables ?? []}
        onChange={(values) => set({ tables: list(values) })}
      />
      {LISTS.map(([key, label, hint]) => (
        <ListField
          key={key}
          label={label}
          name={key}
          hint={hint}
          known={known.labels}
          values={rule[key] ?? []}
          onChange={(values) => set({ [key]: list(values) })}
        />
      ))}
      <ListField
        label="Calls functions"
        name="functions"
        placeholder="public.refund_*"
        values={rule.functions ?? []}
        onChange={(values) => set({ functions: list(values) })}
      />
      <label className="tick">
        <input
          type="checkbox"
          data-field="without"
          checked={rule.without === 'where'}
          onChange={(event) => set({ without: event.currentTarget.checked ? 'where' : undefined })}
        />
        Only UPDATE and DELETE without WHERE
      </label>
      <label className="tick">
        <input
          type="checkbox"
          data-field="afterUntrusted"
          checked={rule.afterUntrusted === true}
          onChange={(event) => set({ afterUntrusted: event.currentTarget.checked ? true : undefined })}
        />
        Only once the session has read text from outside
      </label>
      <label className="field">
        Only at these hours
        <input
          data-field="hours"
          value={rule.hours ?? ''}
          placeholder="mon-fri 09:00-17:30"
          aria-invalid={hoursWrong}
          onChange={(event) => set({ hours: event.currentTarget.value || undefined })}
        />
        {hoursWrong ? <span className="in-deny">Such as 09:00-17:30, mon-fri 09:00-17:30 or sat,sun 00:00-24:00</span> : null}
      </label>
      {rule.effect === 'ask' ? (
        <AskFields rule={rule} set={set} deciders={known.deciders} waitWrong={waitWrong} defaultWait={DEFAULT_WAIT} />
      ) : null}
      <label className="field">
        What the agent is told
        <input
          data-field="message"
          maxLength={1000}
          value={rule.message ?? ''}
          placeholder="Schema changes go through migrations."
          onChange={(event) => set({ message: event.currentTarget.value || undefined })}
        />
      </label>
      <label className="field">
        Why this rule is here, for people
        <input
          data-field="reason"
          maxLength={1000}
          value={rule.reason ?? ''}
          onChange={(event) => set({ reason: event.currentTarget.value || undefined })}
        />
      </label>
      <div className="acts drawer-acts">
        {remove ? (
          <Button look="deny" icon={<Trash />} onClick={remove}>
            Remove
          </Button>
        ) : null}
        <span className="fill" />
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" look="solid">
          Put into the draft
        </Button>
      </div>
    </form>
  )
}

/** Only `ask` has them. */
const NOT_ASKED = { approvers: undefined, wait: undefined, maxRows: undefined, passkey: undefined, approvals: undefined } as const

/** Without the keys that say nothing, and typed as the file is. */
function clean(rule: { readonly [Key in keyof RuleSource]?: RuleSource[Key] | undefined }): RuleSource {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as RuleSource
}
