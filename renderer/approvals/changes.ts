import type { Approval } from '../../main/contract/index.ts'
import { nounWords, orWords } from '../ui/words.ts'

/** What is different on a card whose facts changed while it was open, in sentences. Empty when a person would see no difference. */
export function changesBetween(before: Approval, after: Approval): string[] {
  const changes: string[] = []
  if (before.sentence !== after.sentence) changes.push(`It now says: ${after.sentence}`)
  if (before.sql !== after.sql) changes.push('The statement is another one.')
  if (before.maxRows !== after.maxRows)
    changes.push(after.maxRows === null ? 'It has no ceiling of rows any more.' : `At most ${nounWords(after.maxRows, 'row')} now.`)
  if (before.rule?.id !== after.rule?.id || before.rule?.sentence !== after.rule?.sentence)
    changes.push(after.rule ? `Rule ${after.rule.place} holds it now: ${after.rule.sentence}` : 'No rule holds it any more.')
  if (before.approvers.join('\n') !== after.approvers.join('\n')) changes.push(`Now someone from ${orWords(after.approvers)} decides.`)
  for (const warning of after.warnings) if (!before.warnings.includes(warning)) changes.push(warning)
  if (before.warnings.some((warning) => !after.warnings.includes(warning))) changes.push('A warning is gone.')
  if (before.waiting && !after.waiting) changes.push('The agent has stopped waiting.')
  if (!before.waiting && after.waiting) changes.push('The agent waits again.')
  if (before.mayDecide !== after.mayDecide) changes.push(after.mayDecide ? 'You may decide now.' : 'You may not decide any more.')
  return changes
}
