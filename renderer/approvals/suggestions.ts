import type { Approval } from '../../main/contract/index.ts'

/** Ready answers to “What should the agent do instead?”, the fitting ones first; at most four. */
export function suggestionsFor({ facts, labels }: Pick<Approval, 'facts' | 'labels'>): string[] {
  const writes = facts.verbs.includes('write')
  const usesLabel = facts.columns.some((column) => column.label !== null && column.how === 'uses')
  const changesSchema = facts.verbs.some((verb) => verb === 'ddl' || verb === 'privilege' || verb === 'admin')
  const fitting = [
    ...(changesSchema ? ['Make this change in a migration.'] : []),
    ...(writes
      ? ['Narrow it to the rows the task is about.', 'Show me the rows with a SELECT first.', 'Make this change in a migration.']
      : []),
    ...(usesLabel ? ['Choose the rows by id, not by a sensitive column.'] : []),
    ...(labels.length > 0 ? ['You do not need personal data for this.'] : []),
    'Say what you need this for, then send it again.',
    'Use a read instead.',
  ]
  return [...new Set(fitting)].slice(0, 4)
}
