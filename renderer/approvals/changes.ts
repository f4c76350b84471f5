import type { Approval } from '../../main/contract/index.ts'
import { nounWords, orWords } from '../ui/words.ts'

/** What is different on a card whose facts changed while it was open, in sentences. Empty when a person would see no difference. */
export function changesBetween(before: Approval, after: Approval): string[] {
  const changes: string[] = []
  // That the count came in is what everybody waited for; a count that is another one is news.
  const counted = before.preview.state === 'pending' && after.preview.state !== 'pending'
  if (before.sentence !== after.sentence && !counted) changes.push(`It now says: ${after.sentence}`)
  if (before.sql !== after.sql) changes.push('The statement is another one.')
  if (before.maxRows !== after.maxRows)
    changes.push(after.maxRows === null ? 'It has no ceiling of rows any more.' : `At most ${nounWords(after.maxRows, 'row')} now.`)
  if (before.rule?.id !== after.rule?.id || before.rule?.sentence !== after.rule?.sentence)
    changes.push(after.rule ? `Rule ${after.rule.place} holds it now: ${after.rule.sentence}` : 'No rule holds it any more.')
  if (before.approvers.join('\n') !== after.approvers.join('\n')) changes.push(`Now someone from ${orWords(after.approvers)} decides.`)
  for (const warning of after.warnings) if (!before.warnings.includes(warning)) changes.push(warning)
  if (before.warnings.some((warning) => !after.warnings.includes(warning))) changes.push('A warning is gone.')
  const { exactRows } = after.preview
  if (!counted && before.preview.exactRows !== exactRows && exactRows !== null)
    changes.push(`It was counted again: ${nounWords(exactRows, 'row')}.`)
  if (before.needs.given.length < after.needs.given.length)
    changes.push(
      `${after.needs.given.at(-1)?.by.name ?? 'Someone'} has approved; ${after.needs.approvals - after.needs.given.length} more must.`,
    )
  if (before.waiting && !after.waiting) changes.push('The agent has stopped waiting.')
  if (!before.waiting && after.waiting) changes.push('The agent waits again.')
  if (before.mayDecide !== after.mayDecide) changes.push(after.mayDecide ? 'You may decide now.' : 'You may not decide any more.')
  return changes
}
