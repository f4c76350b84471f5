import { Fragment } from 'react'
import type { PolicyRule } from '../../../main/contract/index.ts'
import { MaskGlyph } from '../../ui/icons.tsx'
import { type Part, type RuleField, rulePartsOf } from '../rule-parts.ts'

interface Props {
  readonly rule: PolicyRule
  /** As it is in force: what differs is marked. Undefined: nothing is marked. */
  readonly before: PolicyRule | undefined
  /** Opens a slot's own field; undefined: it is read only. */
  readonly onSlot: ((field: RuleField) => void) | undefined
}

/** A rule's sentence. Every word that the team chose is a slot; changed ones are marked, with the old words struck through. */
export function RuleWords({ rule, before, onSlot }: Props) {
  const parts = rulePartsOf(rule)
  const old = before ? rulePartsOf(before) : undefined
  const changed = new Set(old ? fieldsOf([...parts, ...old]).filter((field) => wordsFor(parts, field) !== wordsFor(old, field)) : [])
  const gone = [...changed].filter((field) => !fieldsOf(parts).includes(field))
  return (
    <>
      {before && before.effect !== rule.effect ? <del className="old-words">{before.effect}</del> : null}
      {parts.map((part, index) => {
        const key = `${index}/${part.text}`
        if (part.kind === 'strong') return <b key={key}>{part.text}</b>
        if (part.kind === 'text')
          return (
            <Fragment key={key}>
              {part.text === ', ' ? (
                <>
                  <span className="unseen">,</span>{' '}
                </>
              ) : (
                part.text
              )}
            </Fragment>
          )
        const { field } = part
        const isLast = !parts.slice(index + 1).some((each) => 'field' in each && each.field === field)
        const was = changed.has(field) && isLast && old ? wordsOnly(old, parts, field).join(', ') : ''
        const isNew = changed.has(field) && !(old ?? []).some((each) => 'field' in each && each.field === field && each.text === part.text)
        return (
          <Fragment key={key}>
            <Slot part={part} changed={isNew} onSlot={onSlot} />
            {was === '' ? null : (
              <>
                {' '}
                <del className="old-words">{was}</del>
              </>
            )}
          </Fragment>
        )
      })}
      {old
        ? gone.map((field) => (
            <Fragment key={field}>
              {' '}
              <del className="old-words">{wordsFor(old, field)}</del>
            </Fragment>
          ))
        : null}
      <Said lead="Reason" field="reason" text={rule.reason} before={before?.reason} marks={before !== undefined} />
      <Said lead="The agent is told" field="message" text={rule.message} before={before?.message} marks={before !== undefined} />
    </>
  )
}

type Chosen = Extract<Part, { readonly field: RuleField }>

const fieldsOf = (parts: readonly Part[]): RuleField[] => [...new Set(parts.flatMap((part) => ('field' in part ? [part.field] : [])))]

const wordsFor = (parts: readonly Part[], field: RuleField): string =>
  parts.flatMap((part) => ('field' in part && part.field === field ? [part.text] : [])).join(', ')

/** Those of the first that the second does not have. */
const wordsOnly = (these: readonly Part[], those: readonly Part[], field: RuleField): string[] =>
  these.flatMap((part) =>
    'field' in part && part.field === field && !those.some((each) => 'field' in each && each.field === field && each.text === part.text)
      ? [part.text]
      : [],
  )

function Slot({ part, changed, onSlot }: { part: Chosen; changed: boolean; onSlot: Props['onSlot'] }) {
  const look = `${part.kind}${changed ? ' changed' : ''}`
  const words = (
    <>
      {part.kind === 'label' ? <MaskGlyph size={11} /> : null}
      {part.text}
    </>
  )
  if (!onSlot) return <span className={look}>{words}</span>
  return (
    <button type="button" className={`${look} slot-button`} onClick={() => onSlot(part.field)}>
      {words}
    </button>
  )
}

interface SaidProps {
  readonly lead: string
  readonly field: 'reason' | 'message'
  readonly text: string | null
  readonly before: string | null | undefined
  readonly marks: boolean
}

function Said({ lead, text, before, marks }: SaidProps) {
  const changed = marks && text !== before
  if (text === null && !changed) return null
  return (
    <div className={changed ? 'rule-note changed' : 'rule-note'}>
      {lead}: {text === null ? 'nothing' : `“${text}”`} {changed && before ? <del className="old-words">“{before}”</del> : null}
    </div>
  )
}
