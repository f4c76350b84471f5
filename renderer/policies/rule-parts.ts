import type { PolicyRule } from '../../main/contract/index.ts'
import { durationWords } from '../ui/time/words.ts'
import { nounWords } from '../ui/words.ts'

/** What of a rule a word of its sentence stands for: the key in the file. */
export type RuleField = Exclude<keyof PolicyRule, 'id' | 'place' | 'sentence' | 'waitMs' | 'line'> | 'wait'

/** A stretch of a rule's sentence. `slot`: a word that the team chose. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'slot' | 'label'; readonly text: string; readonly field: RuleField }

export const verbWords: Record<NonNullable<PolicyRule['statements']>[number], string> = {
  read: 'reads',
  write: 'writes',
  ddl: 'schema changes',
  privilege: 'privileges',
  session: 'session settings',
  transaction: 'transactions',
  admin: 'server access',
  unknown: 'anything unknown',
}

const text = (words: string): Part => ({ kind: 'text', text: words })
const slot =
  (field: RuleField) =>
  (words: string): Part => ({ kind: 'slot', text: words, field })

/** A rule as people read it, after its effect: `a person from [dba] before [writes]; [1,000 rows] at most; wait [10 min]`. */
export function rulePartsOf(rule: PolicyRule): Part[] {
  const parts: Part[] = []
  if (rule.effect === 'ask') {
    parts.push(rule.approvers.length > 0 ? text('a person from ') : slot('approvers')('any approver'))
    parts.push(...listed(rule.approvers, slot('approvers'), 'or'))
    parts.push(text(' for '))
  }
  const statements = (rule.statements ?? []).map((verb) => verbWords[verb])
  if (rule.without === 'where') parts.push(slot('without')('UPDATE or DELETE without WHERE'))
  else parts.push(...(rule.statements ? listed(statements, slot('statements'), 'and') : [slot('statements')('every statement')]))
  if (rule.tables) parts.push(text(' on '), ...listed(rule.tables, slot('tables'), rule.effect === 'allow' ? 'and' : 'or'))
  if (rule.functions) parts.push(text(' calling '), ...listed(rule.functions, slot('functions'), 'or'))
  for (const [words, labels] of [
    ['touches', rule.touches],
    ['shows', rule.shows],
    ['uses', rule.uses],
  ] as const)
    if (labels)
      parts.push(
        text(' when it '),
        { kind: 'strong', text: words },
        text(' '),
        ...listed(labels, (label) => ({ kind: 'label', text: label, field: words }), 'or'),
      )
  if (rule.afterUntrusted) parts.push(text(' '), slot('afterUntrusted')('once the session has read text from outside'))
  if (rule.hours)
    parts.push(
      text(' between '),
      slot('hours')(`${clock(rule.hours.fromMinute)} and ${clock(rule.hours.toMinute)}`),
      ...days(rule.hours.days),
    )
  if (rule.maxRows !== null) parts.push(text('; '), slot('maxRows')(`${nounWords(rule.maxRows, 'row')} at most`))
  if (rule.approvals > 1) parts.push(text('; '), slot('approvals')(`${rule.approvals} people have to agree`))
  if (rule.passkey) parts.push(text('; '), slot('passkey')('each with a passkey'))
  if (rule.effect === 'ask') parts.push(text('; wait '), slot('wait')(durationWords(rule.waitMs)))
  return parts
}

/** A rule's parts joined: what a screen reader or a test reads. */
export const ruleText = (rule: PolicyRule) =>
  rulePartsOf(rule)
    .map((part) => part.text)
    .join('')

function listed(words: readonly string[], draw: (word: string) => Part, last: 'and' | 'or'): Part[] {
  return words.flatMap((word, index) => {
    const joint = index === 0 ? [] : [text(index === words.length - 1 ? ` ${last} ` : ', ')]
    return [...joint, draw(word)]
  })
}

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const WEEK = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function days(which: readonly number[] | null): Part[] {
  return which === null ? [] : [text(' on '), slot('hours')(which.map((day) => WEEK[day] ?? String(day)).join(', '))]
}
