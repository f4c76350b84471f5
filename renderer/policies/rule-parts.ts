import type { PolicyRule } from '../../main/contract/index.ts'
import { durationWords } from '../ui/time/words.ts'
import { nounWords } from '../ui/words.ts'

/** A stretch of a rule's sentence. `slot`: a word that the team chose. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  | { readonly kind: 'slot'; readonly text: string }
  | { readonly kind: 'label'; readonly text: string }

const verbs: Record<NonNullable<PolicyRule['statements']>[number], string> = {
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
const slot = (words: string): Part => ({ kind: 'slot', text: words })

/** A rule as people read it, after its effect: `a person from [dba] before [writes]; [1,000 rows] at most; wait [10 min]`. */
export function rulePartsOf(rule: PolicyRule): Part[] {
  const parts: Part[] = []
  if (rule.effect === 'ask') {
    parts.push(text(rule.approvers.length > 0 ? 'a person from ' : 'any approver'))
    parts.push(...listed(rule.approvers, slot, 'or'))
    parts.push(text(' for '))
  }
  const statements = (rule.statements ?? []).map((verb) => verbs[verb])
  if (rule.without === 'where') parts.push(slot('UPDATE or DELETE without WHERE'))
  else parts.push(...(rule.statements ? listed(statements, slot, 'and') : [slot('every statement')]))
  if (rule.tables) parts.push(text(' on '), ...listed(rule.tables, slot, rule.effect === 'allow' ? 'and' : 'or'))
  if (rule.functions) parts.push(text(' calling '), ...listed(rule.functions, slot, 'or'))
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
        ...listed(labels, (label) => ({ kind: 'label', text: label }), 'or'),
      )
  if (rule.afterUntrusted) parts.push(text(' '), slot('once the session has read text from outside'))
  if (rule.hours)
    parts.push(text(' between '), slot(`${clock(rule.hours.fromMinute)} and ${clock(rule.hours.toMinute)}`), ...days(rule.hours.days))
  if (rule.maxRows !== null) parts.push(text('; '), slot(`${nounWords(rule.maxRows, 'row')} at most`))
  if (rule.approvals > 1) parts.push(text('; '), slot(`${rule.approvals} people have to agree`))
  if (rule.passkey) parts.push(text('; '), slot('each with a passkey'))
  if (rule.effect === 'ask') parts.push(text('; wait '), slot(durationWords(rule.waitMs)))
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
  return which === null ? [] : [text(' on '), slot(which.map((day) => WEEK[day] ?? String(day)).join(', '))]
}
