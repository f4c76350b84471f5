import type { Attempt } from './attempt.ts'
import { textOf } from './send.ts'

export interface KnownLimit {
  readonly attempt: (attempt: Attempt, text: string) => boolean
  readonly why: string
}

/**
 * What still gives a canary away where everything is allowed, and why. That some statement of each entry does so is tested as well, so that nothing
 * stands here that has been mended. None of it is of use where a rule asks about `uses` of the labels, which is tested with the same statements.
 */
export const KNOWN_LIMITS: readonly KnownLimit[] = [
  {
    attempt: ({ group }, text) =>
      (group === 'writes' || group === 'the protocol') &&
      /RETURNING/.test(text) &&
      /SET name = |INTO scratch|MERGE INTO scratch/.test(text),
    why: 'A label is a column’s. A write that stores a labelled value in a column without a label uses the label; where that is allowed, the copy has none.',
  },
  {
    attempt: ({ group }, text) => group === 'carried elsewhere' && /INSERT INTO|UPDATE |MERGE INTO|DO \$\$/.test(text),
    why: 'The same, read by a later statement.',
  },
  {
    attempt: ({ group }, text) =>
      group === 'carried elsewhere' && /^(BEGIN ⏎ |PREPARE .* ⏎ )?(CREATE (TEMP )?TABLE|SELECT .* INTO )/.test(text),
    why: 'The same, into a table that the statement makes.',
  },
  {
    attempt: ({ group }, text) =>
      group === 'carried elsewhere' && /RENAME|SET SCHEMA|GENERATED|USING t|DETACH PARTITION|CREATE RULE/.test(text),
    why: 'Labels go by names, and to heirs: who may change the schema can rename a column, compute another from it, or cut off a partition.',
  },
  {
    attempt: ({ group }, text) => group === 'carried elsewhere' && /set_config|setval|pg_notify/.test(text),
    why: 'Settings, sequences and notifications have no columns. Giving one a labelled value is a use of the label.',
  },
]

export function limitOf(attempt: Attempt): KnownLimit | undefined {
  return KNOWN_LIMITS.find((limit) => limit.attempt(attempt, textOf(attempt)))
}
