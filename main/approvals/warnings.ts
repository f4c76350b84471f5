import type { UntrustedRead } from '../../proxy/ports.ts'
import type { RecordedFacts } from '../recordings/describe-facts.ts'
import { joinWords, shortName } from './plain-words.ts'
import { secondOpinion } from './second-opinion.ts'

/** Marks of direction, invisible characters and odd line ends: they make a text read other than it is. */
const HIDDEN = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u

function hidesSomething(sql: string): boolean {
  if (HIDDEN.test(sql)) return true
  for (let i = 0; i < sql.length; i++) {
    const code = sql.charCodeAt(i)
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f) return true
  }
  return false
}

/** What an approver should know first, worst first, two at most besides what `untrusted` says: outsiders' text that the session read before. Facts, never a score. */
export function warningsOf(
  sql: string,
  facts: readonly RecordedFacts[],
  labels: readonly string[],
  untrusted: readonly UntrustedRead[] = [],
): string[] {
  const all: string[] = []
  if (untrusted.length > 0) {
    const tables = joinWords(untrusted.map((read) => shortName(read.table)))
    all.push(`This session has read text that outsiders wrote (${tables}): the statement may follow from what they wrote.`)
  }
  if (hidesSomething(sql)) all.push('The text holds hidden characters: it may not do what it seems to say.')
  const bare = facts.find((one) => one.withoutWhere)
  if (bare !== undefined) {
    const table = bare.relations.find((relation) => relation.access === 'write')
    all.push(`There is no WHERE: every row of ${table === undefined ? 'the table' : shortName(table.name)} is concerned.`)
  }
  const unread = secondOpinion(sql, facts)
  if (unread.length > 0) all.push(`Another reader of SQL also sees ${joinWords(unread)} in it: read the text yourself.`)
  const unknown = [...new Set(facts.flatMap((one) => one.unknown))]
  if (unknown.length > 0) all.push(`What this does could not be told in full: ${joinWords(unknown)}.`)
  const used = facts.some((one) => one.columns.some((column) => column.how === 'uses'))
  if (labels.length > 0 && used && facts.every((one) => one.verbs.every((verb) => verb === 'read' || verb === 'transaction'))) {
    all.push(`No ${joinWords(labels)} is shown, but the answer can tell whether one matches.`)
  }
  return all.slice(0, untrusted.length > 0 ? 3 : 2)
}
