import type { RuleSource } from '../draft/read-draft.ts'
import { ListField } from './list-field.tsx'

interface Props {
  readonly rule: RuleSource
  readonly set: (changes: { readonly [Key in keyof RuleSource]?: RuleSource[Key] | undefined }) => void
  readonly deciders: readonly string[]
  readonly waitWrong: boolean
  readonly defaultWait: string
}

/** Who is asked, how many, for how long, and within which limits. */
export function AskFields({ rule, set, deciders, waitWrong, defaultWait }: Props) {
  const number = (text: string) => (text === '' ? undefined : Math.max(0, Math.round(Number(text))))
  return (
    <>
      <ListField
        label="A person from"
        name="approvers"
        known={deciders}
        placeholder="any approver"
        values={rule.approvers ?? []}
        onChange={(values) => set({ approvers: values.length > 0 ? values : undefined })}
      />
      <div className="field-pair">
        <label className="field">
          Waits
          <input
            data-field="wait"
            value={rule.wait ?? ''}
            placeholder={defaultWait}
            aria-invalid={waitWrong}
            onChange={(event) => set({ wait: event.currentTarget.value || undefined })}
          />
          {waitWrong ? <span className="in-deny">Such as 90s, 10m or 1h</span> : null}
        </label>
        <label className="field">
          Rows at most
          <input
            data-field="maxRows"
            type="number"
            min={0}
            value={rule.maxRows ?? ''}
            placeholder="no limit"
            onChange={(event) => set({ maxRows: number(event.currentTarget.value) })}
          />
        </label>
        <label className="field">
          How many must agree
          <input
            data-field="approvals"
            type="number"
            min={1}
            max={10}
            value={rule.approvals ?? ''}
            placeholder="1"
            onChange={(event) => set({ approvals: number(event.currentTarget.value) })}
          />
        </label>
      </div>
      <label className="tick">
        <input
          type="checkbox"
          data-field="passkey"
          checked={rule.passkey === true}
          onChange={(event) => set({ passkey: event.currentTarget.checked ? true : undefined })}
        />
        Each decision is signed with a passkey
      </label>
    </>
  )
}
