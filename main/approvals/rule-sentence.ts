import type { Rule } from '../../proxy/verdict/policy.ts'
import { joinWords, sayDuration } from './plain-words.ts'

const VERB_WORDS: Readonly<Record<string, string>> = {
  read: 'reads',
  write: 'writes',
  ddl: 'schema changes',
  privilege: 'privilege changes',
  session: 'session settings',
  transaction: 'transaction steps',
  admin: 'server administration',
  unknown: 'anything not known to be harmless',
}

/** A rule as one sentence for people: what it lets, asks or denies, and when. */
export function sentenceOfRule(
  rule: Pick<
    Rule,
    | 'effect'
    | 'statements'
    | 'tables'
    | 'touches'
    | 'shows'
    | 'uses'
    | 'without'
    | 'functions'
    | 'hours'
    | 'approvers'
    | 'waitMs'
    | 'maxRows'
    | 'approvals'
    | 'passkey'
    | 'afterUntrusted'
  >,
): string {
  const what = rule.statements === undefined ? 'every statement' : joinWords(rule.statements.map((verb) => VERB_WORDS[verb] ?? verb))
  const when = [
    rule.tables === undefined ? '' : `on ${joinWords(rule.tables)}`,
    rule.touches === undefined ? '' : `touching ${joinWords(rule.touches)}`,
    rule.shows === undefined ? '' : `showing ${joinWords(rule.shows)}`,
    rule.uses === undefined ? '' : `using ${joinWords(rule.uses)} outside the select list`,
    rule.without === undefined ? '' : 'changing or deleting without a WHERE',
    rule.functions === undefined ? '' : `calling ${joinWords(rule.functions)}`,
    rule.afterUntrusted === undefined ? '' : 'once the session has read text from outside',
    rule.hours === undefined ? '' : `from ${clock(rule.hours.fromMinute)} to ${clock(rule.hours.toMinute)}`,
  ].filter((part) => part !== '')
  const conditions = when.length === 0 ? '' : ` ${when.join(', ')}`
  if (rule.effect === 'allow') return `Allows ${what}${conditions}.`
  if (rule.effect === 'deny') return `Denies ${what}${conditions}.`
  const who = rule.approvers.length === 0 ? 'an approver' : joinWords(rule.approvers)
  const ceiling = rule.maxRows === undefined ? '' : `, ${rule.maxRows.toLocaleString('en-US')} rows at most`
  const several = rule.approvals === undefined ? '' : `, ${rule.approvals} people have to agree`
  const key = rule.passkey === undefined ? '' : ', each with a passkey'
  return `Asks ${who} about ${what}${conditions}; waits ${sayDuration(rule.waitMs)}${ceiling}${several}${key}.`
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
