import type { RecordedFacts } from '../recordings/describe-facts.ts'
import { joinWords, shortName } from './plain-words.ts'

/** Characters that make text read other than it is: directions, invisible ones, and other controls than tab and line ends. */
const HIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u

/** What an approver should know first, worst first, two at most. Facts, never a score. */
export function warningsOf(sql: string, facts: readonly RecordedFacts[], labels: readonly string[]): string[] {
  const all: string[] = []
  if (HIDDEN.test(sql)) all.push('The text holds hidden characters: it may not do what it seems to say.')
  const bare = facts.find((one) => one.withoutWhere)
  if (bare !== undefined) {
    const table = bare.relations.find((relation) => relation.access === 'write')
    all.push(`There is no WHERE: every row of ${table === undefined ? 'the table' : shortName(table.name)} is concerned.`)
  }
  const unknown = [...new Set(facts.flatMap((one) => one.unknown))]
  if (unknown.length > 0) all.push(`What this does could not be told in full: ${joinWords(unknown)}.`)
  const used = facts.some((one) => one.columns.some((column) => column.how === 'uses'))
  if (labels.length > 0 && used && facts.every((one) => one.verbs.every((verb) => verb === 'read' || verb === 'transaction'))) {
    all.push(`No ${joinWords(labels)} is shown, but the answer can tell whether one matches.`)
  }
  return all.slice(0, 2)
}
