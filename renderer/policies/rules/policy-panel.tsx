import { closestCenter, DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core'
import { SortableContext, verticalListSortingStrategy } from '@dnd-kit/sortable'
import type { ConfigurationCheck } from '../../../main/contract/index.ts'
import { Database, Lock, Pencil, Plus, Users } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import type { PolicyStand } from '../draft/compare-rules.ts'
import type { PolicySource } from '../draft/read-draft.ts'
import { ruleOfSource } from '../draft/rule-of-source.ts'
import { type RuleField, ruleText } from '../rule-parts.ts'
import { Effect, effectWord } from './effect.tsx'
import { RuleRow } from './rule-row.tsx'

export interface PolicyPanelProps {
  readonly policy: PolicySource
  /** Its place in the file, from 0. */
  readonly index: number
  readonly stand: PolicyStand
  readonly deciders: readonly string[]
  readonly check: ConfigurationCheck | undefined
  readonly here: string
  readonly mayEdit: boolean
  readonly editRule: (place: number, field?: RuleField) => void
  readonly addRule: () => void
  readonly editHead: () => void
  readonly move: (from: number, to: number) => void
}

/** A policy: for whom, where, and its rules in the order in which they are asked. */
export function PolicyPanel(props: PolicyPanelProps) {
  const { policy, index, stand, deciders, check, here, mayEdit, editRule, addRule, editHead, move } = props
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }))
  const rules = policy.rules.map((rule, place) => ruleOfSource(rule, policy.name, place, deciders))
  const drop = ({ active, over }: DragEndEvent) => {
    const from = rules.findIndex(({ id }) => id === active.id)
    const to = rules.findIndex(({ id }) => id === over?.id)
    if (from >= 0 && to >= 0 && from !== to) move(from, to)
  }
  return (
    <section className="panel" aria-label={policy.name}>
      <header className="policy-head">
        <h2 className="policy-name">{policy.name}</h2>
        {policy.groups.map((group) => (
          <span key={group} className="tag">
            <Users size={12} />
            {group}
          </span>
        ))}
        {policy.connections.map((connection) => (
          <span key={connection} className="tag">
            <Database size={12} />
            {connection}
          </span>
        ))}
        {mayEdit ? (
          <Button
            look="ghost"
            small
            icon={<Pencil />}
            aria-label={`Edit for whom and where ${policy.name} is`}
            title="For whom and where"
            onClick={editHead}
          />
        ) : null}
        {stand.isNew || stand.headChanged ? <span className="rule-state">{stand.isNew ? 'new' : 'changed'}</span> : null}
        <span className="fill" />
        <span className="meta third first-match">The first rule that matches decides</span>
      </header>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={drop}
        accessibility={{ screenReaderInstructions: { draggable: 'Press Alt with the up or down arrow to move this rule.' } }}
      >
        <SortableContext items={rules.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
          <ol>
            {rules.map((rule, place) => {
              const { state = 'same', before } = stand.rules[place] ?? {}
              const path = `policies[${index}].rules[${place}]`
              const isOf = (each: { readonly path: string }) => each.path === path || each.path.startsWith(`${path}.`)
              return (
                <RuleRow
                  key={rule.id}
                  rule={rule}
                  before={state === 'changed' && before ? ruleOfSource(before, policy.name, place, deciders) : undefined}
                  state={stand.isNew ? 'same' : state}
                  here={here === rule.id}
                  faults={(check?.faults ?? []).filter(isOf).map(({ message }) => message)}
                  warnings={(check?.warnings ?? []).filter(isOf)}
                  mayEdit={mayEdit}
                  rules={rules.length}
                  edit={(field) => editRule(place, field)}
                  move={(to) => move(place, to)}
                />
              )
            })}
            {stand.removed.map((rule, at) => {
              const old = ruleOfSource(rule, policy.name, at, deciders)
              return (
                <li key={JSON.stringify(rule)} className="rule editable marked gone">
                  <span />
                  <span />
                  <Effect effect={rule.effect} />
                  <div className="rule-words">
                    <del className="old-words">
                      {effectWord(rule.effect)} {ruleText(old)}
                    </del>
                  </div>
                  <span className="rule-end">
                    <span className="rule-state">removed</span>
                  </span>
                </li>
              )
            })}
            <li className="rule editable last">
              <span />
              <span className="rule-place">
                <Lock size={14} />
              </span>
              <Effect effect="deny" />
              <div className="rule-words">everything else. This line cannot be removed.</div>
            </li>
          </ol>
        </SortableContext>
      </DndContext>
      {mayEdit ? (
        <footer className="policy-foot">
          <Button look="ghost" small icon={<Plus />} onClick={addRule}>
            Add a rule
          </Button>
        </footer>
      ) : null}
    </section>
  )
}
