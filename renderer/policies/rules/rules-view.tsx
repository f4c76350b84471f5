import { useState } from 'react'
import { Plus, Warn } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import { Empty } from '../../ui/parts/screen-state.tsx'
import { comparePolicy } from '../draft/compare-rules.ts'
import { addPolicy, addRule, changePolicy, changeRule, moveRule, removePolicy, removeRule } from '../draft/edits.ts'
import type { RuleSource } from '../draft/read-draft.ts'
import type { Draft } from '../draft/use-draft.ts'
import type { RuleField } from '../rule-parts.ts'
import { PolicyForm } from './policy-form.tsx'
import { PolicyPanel } from './policy-panel.tsx'
import { RuleForm } from './rule-form.tsx'

interface Editing {
  readonly policy: number
  /** Undefined: a new rule. */
  readonly place: number | undefined
  readonly field: RuleField | undefined
}

const NEW_RULE: RuleSource = { effect: 'ask', statements: ['write'] }
const FIRST_RULE: RuleSource = { effect: 'ask', statements: ['read'] }

/** Rules as sentences, in the order in which they are asked. */
export function RulesView({ draft, here }: { draft: Draft; here: string }) {
  const { read, inForce, text, write, fault } = draft
  const mayEdit = draft.mayEdit && fault === undefined
  const [editing, setEditing] = useState<Editing>()
  const [ruleOpen, setRuleOpen] = useState(false)
  const [head, setHead] = useState<number>()
  const [headOpen, setHeadOpen] = useState(false)
  const [said, setSaid] = useState('')

  const editRule = (policy: number, place: number | undefined, field?: RuleField) => {
    setEditing({ policy, place, field })
    setRuleOpen(true)
  }
  const editHead = (policy: number | undefined) => {
    setHead(policy)
    setHeadOpen(true)
  }
  const move = (policy: number, from: number, to: number) => {
    const name = read.policies[policy]?.name ?? ''
    write(moveRule(text, policy, from, to))
    setSaid(`Rule ${from + 1} of ${name} is rule ${to + 1} now.`)
    // The rule takes the focus along.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-handle="${CSS.escape(`${name}/${to + 1}`)}"]`)?.focus())
  }
  const edited = editing && read.policies[editing.policy]
  const rule = editing?.place === undefined ? undefined : edited?.rules[editing.place]
  return (
    <div className={fault ? 'policy-list greyed' : 'policy-list'}>
      {fault ? (
        <div className="warning" role="status">
          <Warn />
          <span>
            <b>The YAML cannot be read as rules.</b> {fault} The rules below are the last that could.
          </span>
        </div>
      ) : null}
      {read.policies.length === 0 && !fault ? (
        <section className="panel">
          <Empty
            title="No policy: everything is denied"
            action={
              mayEdit ? (
                <Button small icon={<Plus />} onClick={() => editHead(undefined)}>
                  Add a policy
                </Button>
              ) : null
            }
          >
            Agents can connect, and nothing they send is run. A policy says what is allowed, asked about, and denied in your own words.
          </Empty>
        </section>
      ) : null}
      {read.policies.map((policy, index) => (
        <PolicyPanel
          key={policy.name}
          policy={policy}
          index={index}
          stand={comparePolicy(
            policy,
            inForce.policies.find(({ name }) => name === policy.name),
          )}
          deciders={read.deciders}
          check={draft.stale ? undefined : draft.check}
          here={here}
          mayEdit={mayEdit}
          editRule={(place, field) => editRule(index, place, field)}
          addRule={() => editRule(index, undefined)}
          editHead={() => editHead(index)}
          move={(from, to) => move(index, from, to)}
        />
      ))}
      {mayEdit && read.policies.length > 0 ? (
        <div>
          <Button small icon={<Plus />} onClick={() => editHead(undefined)}>
            Add a policy
          </Button>
        </div>
      ) : null}
      <p className="unseen" role="status">
        {said}
      </p>
      {editing && edited ? (
        <RuleForm
          key={`${edited.name}/${editing.place ?? 'new'}/${editing.field ?? ''}`}
          opened={ruleOpen}
          title={editing.place === undefined ? `Add a rule to ${edited.name}` : `Rule ${editing.place + 1} of ${edited.name}`}
          rule={rule ?? NEW_RULE}
          field={editing.field}
          known={read}
          onClose={() => setRuleOpen(false)}
          apply={(next) => {
            const { policy, place } = editing
            write(place === undefined ? addRule(text, policy, edited.rules.length, next) : changeRule(text, policy, place, next))
            setRuleOpen(false)
          }}
          remove={
            editing.place === undefined || edited.rules.length < 2
              ? undefined
              : () => {
                  write(removeRule(text, editing.policy, editing.place ?? 0))
                  setRuleOpen(false)
                }
          }
        />
      ) : null}
      <PolicyForm
        opened={headOpen}
        head={head === undefined ? undefined : read.policies[head]}
        known={read}
        onClose={() => setHeadOpen(false)}
        apply={(next) => {
          write(head === undefined ? addPolicy(text, next, FIRST_RULE) : changePolicy(text, head, next))
          setHeadOpen(false)
        }}
        remove={() => {
          if (head !== undefined) write(removePolicy(text, head))
          setHeadOpen(false)
        }}
      />
    </div>
  )
}
