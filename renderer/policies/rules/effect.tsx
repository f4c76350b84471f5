import type { PolicyRule } from '../../../main/contract/index.ts'
import { type Outcome, VerdictMark } from '../../ui/parts/verdict-mark.tsx'

const effects: Record<PolicyRule['effect'], { readonly word: string; readonly outcome: Outcome; readonly tone: string }> = {
  allow: { word: 'Allow', outcome: 'allowed', tone: 'in-allow' },
  ask: { word: 'Ask', outcome: 'held', tone: 'in-ask' },
  deny: { word: 'Deny', outcome: 'denied', tone: 'in-deny' },
}

export const outcomeOf = (effect: PolicyRule['effect']): Outcome => effects[effect].outcome
export const effectWord = (effect: PolicyRule['effect']): string => effects[effect].word
export const toneOf = (effect: PolicyRule['effect']): string => effects[effect].tone

/** What a rule does, as mark and word. */
export function Effect({ effect }: { effect: PolicyRule['effect'] }) {
  const { word, outcome, tone } = effects[effect]
  return (
    <span className={`rule-effect ${tone}`}>
      <VerdictMark outcome={outcome} quiet />
      {word}
    </span>
  )
}
