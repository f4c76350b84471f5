import { useSortable } from '@dnd-kit/sortable'
import type { KeyboardEvent } from 'react'
import type { ConfigurationWarning, PolicyRule } from '../../../main/contract/index.ts'
import { Grip, Pencil, Warn } from '../../ui/icons.tsx'
import { Button } from '../../ui/parts/button.tsx'
import type { RuleStand } from '../draft/compare-rules.ts'
import type { RuleField } from '../rule-parts.ts'
import { Effect } from './effect.tsx'
import { RuleWords } from './rule-words.tsx'

interface Props {
  readonly rule: PolicyRule
  readonly before: PolicyRule | undefined
  readonly state: RuleStand['state']
  /** The address names it. */
  readonly here: boolean
  readonly faults: readonly string[]
  readonly warnings: readonly ConfigurationWarning[]
  readonly mayEdit: boolean
  readonly rules: number
  /** `field`: where the form begins. */
  readonly edit: (field?: RuleField) => void
  /** To this place, from 0. */
  readonly move: (to: number) => void
}

const STATES: Readonly<Record<RuleStand['state'], string>> = { same: '', changed: 'changed', new: 'new', moved: 'moved' }

/** One rule of a policy. It is dragged by its handle, or moved with Alt and the arrow keys from anywhere inside it. */
export function RuleRow({ rule, before, state, here, faults, warnings, mayEdit, rules, edit, move }: Props) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: rule.id,
    disabled: !mayEdit,
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (!mayEdit || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    const to = rule.place - 1 + (event.key === 'ArrowUp' ? -1 : 1)
    if (to >= 0 && to < rules) move(to)
  }
  const marked = state !== 'same'
  return (
    <li
      id={rule.id}
      ref={setNodeRef}
      className={`rule editable${here ? ' here' : ''}${marked ? ' marked' : ''}${isDragging ? ' dragged' : ''}`}
      style={{ transform: transform ? `translate3d(0, ${Math.round(transform.y)}px, 0)` : undefined, transition }}
      onKeyDown={onKeyDown}
    >
      {mayEdit ? (
        <button
          type="button"
          ref={setActivatorNodeRef}
          className="rule-handle"
          data-handle={rule.id}
          {...attributes}
          {...listeners}
          aria-label={`Move rule ${rule.place}`}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          title="Drag, or Alt + ↑ ↓"
        >
          <Grip size={15} />
        </button>
      ) : (
        <span />
      )}
      <span className="rule-place">{rule.place}</span>
      <Effect effect={rule.effect} />
      <div className="rule-words">
        <RuleWords rule={rule} before={before} onSlot={mayEdit ? edit : undefined} />
        {faults.map((fault) => (
          <p key={fault} className="rule-warning in-deny">
            <Warn size={15} />
            <span>{fault}</span>
          </p>
        ))}
        {warnings.map((warning) => (
          <Warning key={warning.message} warning={warning} rule={rule} move={mayEdit ? move : undefined} />
        ))}
      </div>
      <span className="rule-end">
        {marked ? <span className="rule-state">{STATES[state]}</span> : null}
        {mayEdit ? (
          <Button
            look="ghost"
            small
            icon={<Pencil />}
            aria-label={`Edit rule ${rule.place}`}
            title={`Edit rule ${rule.place}`}
            onClick={() => edit()}
          />
        ) : null}
      </span>
    </li>
  )
}

/** What the host says of a rule, and where it is only its place, the repair. */
function Warning({ warning, rule, move }: { warning: ConfigurationWarning; rule: PolicyRule; move: ((to: number) => void) | undefined }) {
  const [policy] = rule.id.split('/')
  const above = [...warning.message.matchAll(/"([^"]+)\/(\d+)"/g)].flatMap(([, name, place]) => (name === policy ? [Number(place)] : []))
  const target = Math.min(...above)
  const movable = move && (warning.kind === 'unreachable' || warning.kind === 'overlap') && target < rule.place
  const words = `${warning.message.charAt(0).toUpperCase()}${warning.message.slice(1)}`
  return (
    <p className="rule-warning in-ask">
      <Warn size={15} />
      <span>
        {words}{' '}
        {movable ? (
          <button type="button" className="link" onClick={() => move(target - 1)}>
            Move above {target}
          </button>
        ) : null}
      </span>
    </p>
  )
}
